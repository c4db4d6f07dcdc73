import type { StateView } from '../constraints/state-view.ts';
import type { Server } from '../model/server.ts';

/** Whether what is on a host decides where the server goes there: it has NUMA cells or PCI devices, or may have. */
export function isCellular(server: Server, state: StateView): boolean {
  const demand = state.context.demands.get(server.id);
  if (demand === undefined || demand.guest.kind !== 'none' || demand.pci.kind === 'unknown') return true;
  if (demand.pci.kind === 'known' && demand.pci.requests.length > 0) return true;
  return state
    .claimsOf(server.id)
    .some(({ guest }) => guest !== undefined && guest.cells.length + guest.pci.length > 0);
}
