import type { HostId, ServerId } from '../../model/ids.ts';
import type { StateView } from '../state-view.ts';
import type { WarningRule } from '../warning-rule.ts';
import { cellNames, chosenOn, heldNow } from './chosen-cells.ts';

/**
 * Others use the NUMA cells that the server comes to. It may run properly, and lose memory bandwidth and cache. Told
 * where it has its cells for itself today, or where the vendor's procedure insists on NUMA cells.
 *
 * Source: reference item 85 (RHOSP 13, chapter 11.8).
 */
export const sharedNumaCell: WarningRule = {
  id: 'shared-numa-cell',
  summary: 'servers come to NUMA cells that others use',
  onArrival({ server, from, to }, state) {
    const then = cellIds(chosenOn(server.id, to, state)?.cells);
    const others = sharing(then, to, server.id, state);
    if (others === 0 || !isNews(server.id, from, state)) return [];
    const who = others === 1 ? '1 other server' : `${others} other servers`;
    const text = `server ${server.name} would share ${cellNames(then)} of host ${to} with ${who}`;
    return [{ text, servers: [server.id], host: to }];
  },
};

const cellIds = (cells: readonly { readonly hostCellId: number }[] = []): ReadonlySet<number> =>
  new Set(cells.map((cell) => cell.hostCellId));

function isNews(server: ServerId, from: HostId, state: StateView): boolean {
  if (state.context.profile.switches.sameNumaCells !== 'off') return true;
  const now = cellIds(heldNow(server, state)?.cells);
  return now.size > 0 && sharing(now, from, server, state) === 0;
}

/** Other servers with CPUs or memory on these cells. */
const sharing = (cells: ReadonlySet<number>, host: HostId, server: ServerId, state: StateView): number =>
  cells.size === 0
    ? 0
    : state
        .claimsOn(host)
        .filter(
          ({ guest, server: other }) =>
            other !== server && (guest?.cells ?? []).some((cell) => cells.has(cell.hostCellId)),
        ).length;
