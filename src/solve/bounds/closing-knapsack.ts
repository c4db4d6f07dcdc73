import { at } from '../../shared/at.ts';
import { alwaysUsed } from '../linear/assignment-columns.ts';
import type { CompiledProblem } from '../compile/compiled.ts';
import type { Cover } from '../linear/cover.ts';
import { findCovers } from '../linear/find-covers.ts';
import { createModel, type LinearModel } from '../linear/linear-model.ts';
import { addSpareRoomRows } from '../linear/spare-room-rows.ts';

/**
 * Keep or close: a relaxation of consolidation with one question a host. Closing a host moves at least all that is on
 * it today; the hosts that are kept must be big enough for everybody (`Cover`).
 *
 *     minimise  Σ hostPrice(h)·keep[h] + Σ closingCost(h)·(1 − keep[h]),   keep[h] ∈ {0, 1}
 *     so that   every cover holds,  Σ servers(h)·(1 − keep[h]) + wander <= maxMoves,  likewise maxGiB
 *
 * `wander` says that besides somebody moves who is on a kept host; it costs the cheapest of all moves.
 */
export interface ClosingKnapsack {
  /** The model as it stands now. */
  build(): LinearModel;
  /** Column by host. */
  readonly keep: readonly number[];
  /** At least so many hosts are kept, from now on; makes the rest much easier to prove. */
  requireHosts(least: number): void;
  /**
   * From now on, another of the hosts that are closed here is kept. Where it is proven that those who are on them do
   * not fit on the others as these are today, somebody who is on a kept host may move instead, and bounds still hold:
   *
   *     Σ over closed h of keep[h] + wander >= 1
   */
  exclude(keep: Uint8Array, isProven: boolean): void;
}

/** Undefined where the relaxation says nothing: hosts cost nothing, or moving may pay for itself. */
export function createClosingKnapsack(problem: CompiledProblem): ClosingKnapsack | undefined {
  const { objective, hosts, fixed, start, mustEmpty, cost, gib } = problem;
  if (!objective.paysForHosts || cost.some((price) => price < 0)) return undefined;
  const closing = hosts.map(() => ({ cost: 0, moves: 0, gib: 0, fixed: false }));
  for (const [v, h] of start.entries()) {
    const sums = at(closing, h);
    if (fixed[v] === 1) sums.fixed = true;
    sums.cost += at(cost, v);
    sums.moves += 1;
    sums.gib += at(gib, v);
  }
  const builder = createModel('closing');
  const keep = hosts.map((host, h) => {
    const sums = at(closing, h);
    const isKept = sums.fixed;
    const isClosed = !isKept && mustEmpty[h] === 1;
    builder.addOffset(isKept ? 0 : sums.cost);
    return builder.addVariable({
      name: `keep ${host}`,
      lower: isKept ? 1 : 0,
      upper: isClosed ? 0 : 1,
      kind: 'integer',
      cost: at(objective.hostPrice, h) - (isKept ? 0 : sums.cost),
    });
  });
  const wander = builder.addVariable({
    name: 'wander',
    lower: 0,
    upper: 1,
    kind: 'integer',
    cost: cheapestMove(problem),
  });
  for (const cover of findCovers(problem)) builder.addRow(toRow(cover, keep));
  addSpareRoomRows(builder, problem, keep);
  for (const [name, upper, pick, ofWanderer] of [
    ['max moves', problem.maxMoves, (h: number) => at(closing, h).moves, 1],
    ['max GiB', problem.maxGiB, (h: number) => at(closing, h).gib, 0],
  ] as const) {
    if (upper === Infinity) continue;
    const open = hosts.map((_, h) => h).filter((h) => !at(closing, h).fixed);
    const all = open.reduce((sum, h) => sum + pick(h), 0);
    const indices = [...open.map((h) => at(keep, h)), wander];
    const values = [...open.map(pick), -ofWanderer];
    builder.addRow({ name, lower: all - upper, upper: Infinity, indices, values });
  }
  const atLeast = (name: string, columns: readonly number[], lower: number): void => {
    builder.addRow({ name, lower, upper: Infinity, indices: columns, values: columns.map(() => 1) });
  };
  return {
    build: () => builder.build(),
    keep,
    requireHosts: (least) => {
      atLeast('least hosts', keep, least);
    },
    exclude: (kept, isProven) => {
      const closed = keep.filter((_, h) => kept[h] === 0);
      atLeast('another', isProven ? [...closed, wander] : closed, 1);
    },
  };
}

/** No server that can move costs less to move; nothing where none can. */
function cheapestMove({ cost, fixed }: CompiledProblem): number {
  const least = cost.reduce((min, price, v) => (fixed[v] === 1 ? min : Math.min(min, price)), Infinity);
  return least === Infinity ? 0 : least;
}

/** The same question with hosts alone as the price, which are the whole numbers: how few can hold everybody. */
export const countHosts = (model: LinearModel): LinearModel => ({
  ...model,
  name: 'least hosts',
  cost: Float64Array.from(model.integer),
  offset: 0,
});

/** A cover as a row over columns of hosts (`Columns.used`). */
export function toRow({ name, hosts, limits, amount }: Cover, columns: ArrayLike<number>) {
  const indices: number[] = [];
  const values: number[] = [];
  let lower = amount;
  for (const [i, h] of hosts.entries()) {
    const column = at(columns, h);
    if (column === alwaysUsed) lower -= at(limits, i);
    if (column < 0) continue;
    indices.push(column);
    values.push(at(limits, i));
  }
  return { name, lower, upper: Infinity, indices, values };
}
