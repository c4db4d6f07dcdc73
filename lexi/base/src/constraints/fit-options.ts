import type { HostId } from '../model/ids.ts';
import type { FitOptions } from '../nova/fit-options.ts';
import type { RuleContext } from './context.ts';

/**
 * How Nova fits a guest on a host of this cloud: the scheduler's limits (ratios of the compute node), the order of
 * cells, and the release's switches.
 */
export function fitOptions({ cloud, profile }: RuleContext): (host: HostId) => FitOptions {
  const known = new Map<HostId, FitOptions>();
  return (id) => {
    const made = known.get(id);
    if (made !== undefined) return made;
    const host = cloud.hosts.get(id);
    const options: FitOptions = {
      limits: {
        cpuRatio: host?.cpuAllocationRatio ?? defaultCpuRatio,
        ramRatio: host?.ramAllocationRatio ?? 1,
      },
      cellOrder: host?.config?.cellOrder?.value ?? cloud.config.cellOrder.value,
      pinnedChecksFreeSmallPages: profile.switches.pinnedChecksFreeSmallPages,
    };
    known.set(id, options);
    return options;
  };
}

/** The strictest default of any release (`initial_cpu_allocation_ratio` since 27.0.0). */
const defaultCpuRatio = 4;
