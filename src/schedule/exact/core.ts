import type { HostId, ServerId } from '../../model/ids.ts';
import type { Effort } from '../effort.ts';
import type { StuckMove } from '../ordered.ts';
import type { OrderRequest } from '../run.ts';
import { refusalOf } from '../ways.ts';
import { findSequence, type Moves } from './sequence.ts';

/**
 * Of moves that have no order, a set that has none either and of which none can be spared: one server after the other is
 * taken out of the cloud, and put back where an order exists without it. Undefined where effort ended first.
 */
export function coreOf(
  request: OrderRequest,
  moves: Moves,
  effort: Effort,
): readonly StuckMove[] | undefined {
  const { start, context, rules } = request;
  const undos: (() => void)[] = [];
  const core = new Map<ServerId, HostId>(moves);
  for (const server of moves.keys()) {
    const undo = start.apply({ kind: 'gone', server });
    const rest = new Map([...core].filter(([id]) => id !== server));
    if (findSequence(request, rest, effort).kind === 'none') {
      core.delete(server);
      undos.push(undo);
    } else undo();
    if (effort.exhausted) break;
  }
  const stuck = [...core].flatMap(([id, to]): readonly StuckMove[] => {
    const server = context.cloud.servers.get(id);
    const from = start.residentOn(id);
    if (server === undefined || from === undefined) return [];
    const refusal = refusalOf({ server, from, to }, start, rules);
    const free = { rule: 'order', text: `may go to host ${to}, but not all of the others after it` };
    return [{ server: id, to, ...(refusal ?? free) }];
  });
  for (const undo of undos.reverse()) undo();
  return effort.exhausted ? undefined : stuck;
}
