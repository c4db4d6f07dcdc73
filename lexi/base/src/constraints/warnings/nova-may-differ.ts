import { mayDiffer } from '../../nova/may-differ.ts';
import type { WarningRule } from '../warning-rule.ts';

/**
 * Nova's own search for NUMA cells has bugs that can change its verdict or choice for such a guest on such a host.
 *
 * Source: virt/hardware.py numa_fit_instance_to_host; the bugs are listed in `nova/may-differ.ts`.
 */
export const novaMayDiffer: WarningRule = {
  id: 'nova-may-differ',
  summary: 'Nova may refuse or choose otherwise',
  onArrival({ server, to }, state) {
    const fit = state.context.demands.get(server.id)?.fit;
    const layout = state.hostState(to)?.layout;
    if (fit === undefined || layout === undefined || mayDiffer(fit, layout).length === 0) return [];
    const text =
      'Nova may refuse or choose otherwise here: its search for NUMA cells has known bugs for such guests';
    return [{ text, servers: [server.id], host: to }];
  },
};
