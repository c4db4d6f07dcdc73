import type { Cloud } from '../model/cloud.ts';
import type { Profile } from '../model/profile.ts';
import type { CpuTable } from '../nova/cpu-compare.ts';
import type { Disruption, RuleContext } from './context.ts';
import { deriveDemands } from './derive-demands.ts';

/** What rules read, for one cloud, release and set of allowances. */
export function createContext(
  cloud: Cloud,
  profile: Profile,
  cpuTable: CpuTable,
  { allow, unknown }: { readonly allow: readonly Disruption[]; readonly unknown: 'assume' | 'refuse' },
): RuleContext {
  return { cloud, profile, demands: deriveDemands(cloud), cpuTable, allow: new Set(allow), unknown };
}
