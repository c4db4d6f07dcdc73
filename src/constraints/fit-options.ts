import type { HostId } from '../model/ids.ts';
import type { FitOptions } from '../nova/fit-options.ts';
import type { RuleContext } from './context.ts';
import { ratiosOf } from './ratios.ts';
import { settingOf } from './settings.ts';

/**
 * How Nova fits a guest on a host of this cloud: the scheduler's limits (overcommit ratios), the order of
 * cells, and the release's switches.
 */
export function fitOptions({ cloud, profile }: RuleContext): (host: HostId) => FitOptions {
  const known = new Map<HostId, FitOptions>();
  return (id) => {
    const made = known.get(id);
    if (made !== undefined) return made;
    const host = cloud.hosts.get(id);
    const { cpu, ram } = ratiosOf(host);
    const options: FitOptions = {
      limits: { cpuRatio: cpu, ramRatio: ram },
      cellOrder: settingOf(host, cloud, 'cellOrder'),
      pinnedChecksFreeSmallPages: profile.switches.pinnedChecksFreeSmallPages,
    };
    known.set(id, options);
    return options;
  };
}
