import { coreOf } from './exact/core.ts';
import { releasesOf } from './exact/releases.ts';
import { createEffort } from './effort.ts';
import { orderMigrations } from './order.ts';
import type { Deadlock } from './ordered.ts';
import { movesOf } from './list-search.ts';
import type { OrderRequest } from './run.ts';

/** Larger ones are not taken apart. */
const mostMoves = 64;
const mostHosts = 64;
/** Part of the effort of the order that each try of a change may take. */
const shareOfEffort = 0.1;

/** The same deadlock with the set of moves that alone make it one, and with what would release it. */
export function explainDeadlock(request: OrderRequest, deadlock: Deadlock): Deadlock {
  const moves = movesOf(request);
  if (moves.length > mostMoves || request.context.cloud.hosts.size > mostHosts) return deadlock;
  const effort = request.options.effort * shareOfEffort;
  const targets = new Map(moves.map(({ server, target }) => [server.id, target]));
  const core = deadlock.exists === 'no' ? coreOf(request, targets, createEffort(effort)) : undefined;
  const known = { ...deadlock, ...(core !== undefined && { core }) };
  const lighter = { ...request, options: { ...request.options, effort } };
  return { ...known, releases: releasesOf(lighter, known, orderMigrations) };
}
