import type { Cloud } from '../model/cloud.ts';
import type { Goal, UsageLoads } from '../objective/goal.ts';
import type { FlagReader } from './flag-reader.ts';

/** The goal with what its loads count (`--by`); what stands against it is noted. */
export function bindLoads(
  { loads: own, ...goal }: Goal,
  by: UsageLoads | 'allocation' | undefined,
  cloud: Cloud,
  read: FlagReader,
): Goal {
  const loads = by === 'allocation' ? undefined : (by ?? own);
  if (loads === undefined) return goal;
  if (goal.terms.some(({ kind }) => kind === 'free-slots'))
    read.refuse(
      '--by',
      loads.by,
      `goal ${goal.name} has free slots, which are what Placement would allocate`,
      '--by allocation',
    );
  const isMeasured = [...cloud.servers.values()].some(
    ({ usage }) => usage?.cpuPercent !== undefined || usage?.memoryUsedMiB !== undefined,
  );
  if (!isMeasured)
    read.refuse(
      '--by',
      loads.by,
      'the inventory has no measured usage of any server',
      'import with the folder metrics/, or --by allocation',
    );
  return { ...goal, loads };
}
