import type { Host } from '../../model/host.ts';
import { amountsOn } from '../demand.ts';
import { offering } from '../providers.ts';
import type { StateView } from '../state-view.ts';
import type { Notice, WarningRule } from '../warning-rule.ts';

const memory = 'MEMORY_MB';

/**
 * A host whose allocation ratio lets it promise more memory than it has, does: servers that use what they were
 * promised make it swap, or have some of them killed.
 *
 *     used (+ amount) > total − reserved,  ratio > 1
 *
 * Source: nova.conf ram_allocation_ratio.
 */
export const memoryOvercommit: WarningRule = {
  id: 'memory-overcommit',
  summary: 'hosts promise more memory than they have',

  onArrival({ server, to }, state) {
    const host = state.context.cloud.hosts.get(to);
    const demand = state.context.demands.get(server.id);
    if (host === undefined || demand === undefined) return [];
    return noticesOf(host, amountsOn(demand, host)[memory] ?? 0, state).map((notice) => ({
      ...notice,
      servers: [server.id],
    }));
  },

  onState: (state) => [...state.context.cloud.hosts.values()].flatMap((host) => noticesOf(host, 0, state)),
};

function noticesOf(host: Host, more: number, state: StateView): readonly Notice[] {
  return offering(host, memory, state.context.cloud).flatMap(({ id, inventory }) => {
    const { total, reserved, allocationRatio } = inventory;
    const promised = state.used(id, memory) + more;
    if (allocationRatio <= 1 || promised <= total - reserved) return [];
    const verb = more > 0 ? 'would promise' : 'promises';
    const text = `host ${host.id} ${verb} ${promised} MiB of memory and has ${total - reserved}`;
    return [{ text, servers: [], host: host.id }];
  });
}
