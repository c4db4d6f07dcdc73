import { addCeiling } from './ceiling-rows.ts';
import { addColumns, alwaysUsed, type Columns } from './assignment-columns.ts';
import {
  addCellRows,
  addFlowRows,
  addSlotRows,
  addUsedRows,
  addVolumeRows,
  type TotalColumn,
} from './assignment-rows.ts';
import { toRow } from '../bounds/closing-knapsack.ts';
import type { CompiledProblem } from '../compile/compiled.ts';
import { findCovers } from './find-covers.ts';
import { addDomainRows } from './domain-rows.ts';
import { addGoalRows } from './goal-rows.ts';
import { addLoadRows, type LoadSegments } from './load-rows.ts';
import { createModel, type LinearModel, type ModelBuilder } from './linear-model.ts';
import { addSpareRoomRows } from './spare-room-rows.ts';
import { addSymmetryRows } from './symmetry-rows.ts';
import { addTogetherRows, type TogetherColumns } from './together-rows.ts';
import { addNoGoodRows, addTwinRows, type TwinColumn } from './side-rows.ts';

/** One linear model of a placement problem, and what its columns mean. */
export interface AssignmentModel {
  readonly model: LinearModel;
  readonly columns: Columns;
  readonly totals: readonly TotalColumn[];
  /** By domain constraint and domain: whether a member is there; empty where no spread is asked for. */
  readonly spread: readonly (readonly number[])[];
  readonly togethers: readonly TogetherColumns[];
  readonly twins: readonly TwinColumn[];
  readonly segments: readonly LoadSegments[];
  /** Each sets columns of the goal's other terms from those before it. */
  readonly derive: readonly ((values: Float64Array) => void)[];
  /** Groups of hosts whose use is ordered (`symmetry-rows`). */
  readonly symmetric: readonly (readonly number[])[];
}

export interface ModelOptions {
  /** Bounds for all legal plans may rest on proven no-goods only. */
  readonly noGoods?: 'all' | 'proven';
  /** At least so many hosts are used in any answer, when that is known. */
  readonly leastHosts?: number;
}

/**
 * The problem as a mixed-integer linear program over classes:
 *
 *     leave[class, location, run], arrive[class, host, option]  whole numbers,  used[host] ∈ {0, 1}
 *     minimise  Σ cost·leave + Σ hostPrice·used + Σ what the goal's other terms cost
 *
 * under every primitive (`assignment-rows`, `domain-rows`, `together-rows`, `side-rows`). It is exact: its solutions are, by class, the
 * assignments that keep all primitives, and its objective is what `evaluate` says of them.
 */
export function buildAssignmentModel(
  problem: CompiledProblem,
  { noGoods = 'all', leastHosts = 0 }: ModelOptions = {},
): AssignmentModel {
  const builder = createModel('assignment');
  const columns = addColumns(builder, problem);
  const totals = addFlowRows(builder, columns);
  addCellRows(builder, columns);
  addSlotRows(builder, columns);
  addUsedRows(builder, columns);
  addVolumeRows(builder, columns);
  const spread = addDomainRows(builder, columns);
  const togethers = addTogetherRows(builder, columns);
  addNoGoodRows(builder, columns, noGoods);
  const twins = addTwinRows(builder, columns);
  const own = addLoadRows(builder, columns);
  const ofGoal = addGoalRows(builder, columns);
  const ceilings = (problem.ceilings ?? []).map((ceiling) => addCeiling(builder, columns, ceiling));
  const segments = [...own, ...ceilings.flatMap((ceiling) => ceiling.segments)];
  const symmetric = addSymmetryRows(builder, columns);
  addCoverRows(builder, columns, leastHosts);
  const derive = [
    ...ofGoal,
    ...ceilings.flatMap((ceiling) => ceiling.derive),
    ...addSpareRoomRows(builder, problem, columns.used),
  ];
  return { model: builder.build(), columns, totals, spread, togethers, twins, segments, derive, symmetric };
}

/**
 * What follows from the other rows for whole numbers only, and makes the proof short: covers, and how many hosts are
 * used at least.
 */
function addCoverRows(builder: ModelBuilder, { problem, used }: Columns, leastHosts: number): void {
  const priced = [...used].filter((column) => column >= 0);
  if (priced.length === 0) return;
  for (const cover of findCovers(problem)) builder.addRow(toRow(cover, used));
  const sure = used.filter((column) => column === alwaysUsed).length;
  if (leastHosts > sure)
    builder.addRow({
      name: 'least hosts',
      lower: leastHosts - sure,
      upper: Infinity,
      indices: priced,
      values: priced.map(() => 1),
    });
}
