import type { Cloud } from '../model/cloud.ts';
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
}

/** What rules read, for one cloud, release and set of allowances. */
export function createContext(
  cloud: Cloud,
  profile: Profile,
  cpuTable: CpuTable,
  options: Words & NetworkLimits,
): RuleContext {
  const { allow, unknown } = options;
  const limited = withNetworkLimits(cloud, options);
  return { cloud: limited, profile, demands: deriveDemands(cloud), cpuTable, allow: new Set(allow), unknown };
}
