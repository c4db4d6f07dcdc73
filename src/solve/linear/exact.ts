import { at } from '../../shared/at.ts';
import { type AssignmentModel, buildAssignmentModel, type ModelOptions } from './assignment-model.ts';
import type { BackendAnswer, BackendId } from '../backend.ts';
import { isProvenInfeasible } from '../bounds/bound.ts';
import type { CompiledProblem } from '../compile/compiled.ts';
import type { CompiledObjective } from '../compile/compiled-objective.ts';
import { decode } from './decode.ts';
import { encode } from './encode.ts';
import type { Placed } from '../placed.ts';
import type { StoppedBy } from '../placement-problem.ts';
import type { Solver } from '../run.ts';

/** Columns up to which the whole problem is given to a solver; beyond, it would not get past its root node. */
const mostColumns = { highs: 60_000, glpk: 4_000, jslp: 150 };

/** What came of solving the whole problem. */
export type ExactAnswer =
  | { readonly kind: 'too-large' }
  | { readonly kind: 'infeasible' }
  | {
      readonly kind: 'answered';
      readonly placed?: Placed;
      readonly bound?: number;
      readonly stoppedBy?: StoppedBy;
    };

/** A cheap upper estimate of the model's columns, so that a far too large one is never built. */
export function estimateColumns(problem: CompiledProblem): number {
  const { classes, holdings, arrivable, ceilings = [] } = problem;
  let columns = 2 * arrivable + holdings.length;
  for (const { objective } of [problem, ...ceilings.map(({ of }) => of)])
    columns += columnsOf(objective, arrivable);
  for (const { allowed, guests } of classes) {
    const options = guests.reduce((most, shape) => Math.max(most, shape?.options(2).list.length ?? 1), 1);
    for (const flag of allowed) columns += flag * options;
  }
  return columns;
}

function columnsOf({ curves, sets, nearness, slots }: CompiledObjective, arrivable: number): number {
  let columns = (curves.length + 2 * slots.length) * arrivable;
  for (const { kind, places } of sets) columns += (kind === 'short' ? 1 : 2) * places.count;
  for (const { pairs, sets: own, places } of nearness) columns += (pairs.length + own.length) * places.count;
  return columns;
}

/** True when the backend can be given the whole problem. */
export const isSmallEnough = (problem: CompiledProblem, id: BackendId): boolean =>
  estimateColumns(problem) <= mostColumns[id];

export interface ExactOptions {
  /** An answer to start from. */
  readonly known?: Placed | undefined;
  /** No answer uses fewer hosts, as far as is known. */
  readonly leastHosts?: number;
  /** What may be left between objective and bound, as a share; a proof by default. */
  readonly gap?: number;
  /** Rounds of effort that the work may count for. */
  readonly mostRounds?: number;
}

/**
 * Solves the whole problem as one model, from an answer that is known. Bounds rest on what no legal plan can break:
 * where the search for answers also heeds no-goods that are not proven, the bound takes a second solve without them.
 */
export async function solveExactly(
  problem: CompiledProblem,
  solver: Solver,
  { known, leastHosts = 0, gap, mostRounds }: ExactOptions = {},
): Promise<ExactAnswer> {
  const solve = async (options: ModelOptions, from: Placed | undefined) => {
    const built = buildAssignmentModel(problem, options);
    if (built.model.cost.length > 2 * mostColumns[solver.id]) return undefined;
    const start = from === undefined ? undefined : encode(built, from);
    return {
      built,
      answer: await solver.solve(
        { model: built.model, ...(start === undefined ? {} : { start }) },
        gap,
        mostRounds,
      ),
    };
  };
  const unproven = problem.noGoods.some(({ proven }) => !proven);
  const first = await solve({ leastHosts }, known);
  if (first === undefined) return { kind: 'too-large' };
  if (!unproven) return toExact(first.built, first.answer);
  const placed = placedOf(first.built, first.answer) ?? known;
  const second = await solve({ leastHosts, noGoods: 'proven' }, placed);
  if (second === undefined) return { kind: 'too-large' };
  const relaxed = toExact(second.built, second.answer);
  if (relaxed.kind !== 'answered') return relaxed;
  return {
    kind: 'answered',
    ...(placed === undefined ? {} : { placed }),
    ...(relaxed.bound === undefined ? {} : { bound: relaxed.bound }),
    ...stopOf(first.answer),
  };
}

function toExact(built: AssignmentModel, answer: BackendAnswer): ExactAnswer {
  if (isProvenInfeasible(answer)) return { kind: 'infeasible' };
  if (answer.status === 'infeasible' || answer.status === 'unbounded') return { kind: 'answered' };
  const placed = placedOf(built, answer);
  return {
    kind: 'answered',
    ...(placed === undefined ? {} : { placed }),
    ...(answer.bound === undefined ? {} : { bound: answer.bound }),
    ...stopOf(answer),
  };
}

const placedOf = (built: AssignmentModel, answer: BackendAnswer): Placed | undefined =>
  'values' in answer ? decode(built, answer.values) : undefined;

function stopOf(answer: BackendAnswer): { readonly stoppedBy?: StoppedBy } {
  if (answer.status !== 'feasible' && answer.status !== 'unknown') return {};
  const { stoppedBy } = answer;
  return stoppedBy === 'gap' || stoppedBy === 'failure' ? {} : { stoppedBy };
}

/** Whether the cells of everybody who moves are known, so that a search may go on from there. */
export function knowsCells({ cellFits, classes, classOf, start }: CompiledProblem, placed: Placed): boolean {
  return placed.at.every(
    (host, v) =>
      host === start[v] ||
      cellFits.every(
        ({ base }, f) =>
          at(base, host) < 0 ||
          at(classes, at(classOf, v)).guests[f] === undefined ||
          at(placed.picks, v * cellFits.length + f) >= 0,
      ),
  );
}
