import type { HostId, ServerId } from '../model/ids.ts';
import { homeClaim, type StateView } from './state-view.ts';

/** Whether a live migration would change the ids of a server's NUMA cells. */
export type ChangedCells =
  | { readonly kind: 'same' }
  | { readonly kind: 'changed'; readonly from: readonly number[]; readonly into: readonly number[] }
  | { readonly kind: 'unknown' };

/** Undefined for a server without a NUMA topology, or that does not fit there. */
export function changedCells(server: ServerId, to: HostId, state: StateView): ChangedCells | undefined {
  if (state.context.demands.get(server)?.guest.kind !== 'topology') return undefined;
  const into = state.predict(server, to, 'live')?.cells.map((cell) => cell.hostCellId);
  if (into === undefined) return undefined;
  const from = (homeClaim(server, state)?.guest?.cells ?? []).map((cell) => cell.hostCellId);
  if (from.length === 0) return { kind: 'unknown' };
  return from.join() === into.join() ? { kind: 'same' } : { kind: 'changed', from, into };
}
