import type { WarningRule } from '../warning-rule.ts';

/**
 * A cold migration shuts a running server down until it has arrived.
 *
 * Source: compute/manager.py _resize_instance powers it off.
 */
export const downtime: WarningRule = {
  id: 'downtime',
  summary: 'servers are shut down for the time of a cold migration',
  onArrival: ({ server, method }, state) =>
    method === 'cold' && state.vmState(server.id) === 'active'
      ? [{ text: 'shut down for the time of a cold migration', servers: [server.id] }]
      : [],
};
