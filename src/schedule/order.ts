import { exactOrder } from './exact/exact-order.ts';
import { listSearch, prepare } from './list-search.ts';
import { type OrderOutcome, type SequenceOutcome, stopOversOf } from './ordered.ts';
import { retime } from './retime/retime.ts';
import type { OrderRequest } from './run.ts';

/**
 * Orders the migrations that turn today's assignment into the target, so that rules allow every request when it is
 * made: with the fewest stop-overs, or with the answer that no order exists, or that effort ended before either was known.
 *
 * A list scheduler comes first (`listSearch`). An order without stop-overs is what it finds nearly always, and is
 * taken. Otherwise an exact search over the states that one migration after the other leads to says whether fewer will
 * do, or any (`exactOrder`).
 *
 * The order holds in *every* execution in which each step waits for its `dependsOn` to end and its `requestAfter` to
 * be requested, however long the steps take: requests stay legal and Nova chooses the same NUMA cells.
 */
export function orderMigrations(request: OrderRequest): OrderOutcome {
  const found = sequenceMigrations(request);
  return found.kind === 'ordered' ? { kind: 'ordered', ...retime(request, found.steps) } : found;
}

/** The fewest stop-overs come first; how long the order takes is settled after that. */
function sequenceMigrations(request: OrderRequest): SequenceOutcome {
  const prepared = prepare(request);
  const listed = listSearch(prepared);
  if (listed.kind === 'ordered' && stopOversOf(listed.steps) === 0) return listed;
  return exactOrder(prepared, listed);
}
