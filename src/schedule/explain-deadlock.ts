import { coreOf } from './exact/core.ts';
import { isSmall } from './exact/exact-order.ts';
import { releasesOf } from './exact/releases.ts';
import { createEffort } from './effort.ts';
import { orderMigrations } from './order.ts';
import type { Deadlock } from './ordered.ts';
import { movesOf } from './list-search.ts';
import type { OrderRequest } from './run.ts';

/** Part of the effort of the order that each try of a change may take. */
const shareOfEffort = 0.1;

/** The same deadlock with the set of moves that alone make it one, and with what would release it; large ones are not taken apart. */
export function explainDeadlock(request: OrderRequest, deadlock: Deadlock): Deadlock {
  const moves = movesOf(request);
  if (!isSmall(moves.length, request)) return deadlock;
  const effort = request.options.effort * shareOfEffort;
  const targets = new Map(moves.map(({ server, target }) => [server.id, target]));
  const core = deadlock.exists === 'no' ? coreOf(request, targets, createEffort(effort)) : undefined;
  const known = { ...deadlock, ...(core !== undefined && { core }) };
  const lighter = { ...request, options: { ...request.options, effort } };
  return { ...known, releases: releasesOf(lighter, known, orderMigrations) };
}
