import { withDown } from '../model/assumed-down.ts';
import type { Cloud } from '../model/cloud.ts';
import type { HostId } from '../model/ids.ts';
import { withNetworkLimits } from '../model/network-limits.ts';
import type { NetworkLimits } from '../model/network.ts';
import type { Profile } from '../model/profile.ts';
import type { CpuTable } from '../nova/cpu-compare.ts';
import type { Disruption, RuleContext } from './context.ts';
import { deriveDemands } from './derive-demands.ts';

/** What the operator has a word in, as far as rules read it. */
interface Words {
  readonly allow: readonly Disruption[];
  readonly unknown: 'assume' | 'refuse';
  /** Hosts that are evacuated. */
  readonly evacuate?: readonly HostId[];
  /** Hosts that count as down, whatever the inventory says. */
  readonly assumeDown?: readonly HostId[];
}

/** What rules read, for one cloud, release and set of allowances. */
export function createContext(
  cloud: Cloud,
  profile: Profile,
  cpuTable: CpuTable,
  options: Words & NetworkLimits,
): RuleContext {
  const { allow, unknown, evacuate, assumeDown = [] } = options;
  return {
    cloud: withDown(withNetworkLimits(cloud, options), assumeDown),
    profile,
    demands: deriveDemands(cloud),
    cpuTable,
    allow: new Set(allow),
    unknown,
    ...(evacuate !== undefined && { evacuated: new Set(evacuate) }),
  };
}
