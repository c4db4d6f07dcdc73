import { at } from '../../shared/at.ts';
import type { BackendAnswer } from '../backend.ts';
import { type ClosingKnapsack, countHosts, createClosingKnapsack } from './closing-knapsack.ts';
import type { CompiledProblem } from '../compile/compiled.ts';
import type { Solver } from '../run.ts';
import { buildSheddingModel } from './shedding.ts';

/** What a relaxation tells: nothing is better than `bound`. */
export interface Relaxed {
  /** Never above the objective of any legal answer. */
  readonly bound?: number;
  /** The relaxation, and so the problem, has no answer at all. */
  readonly infeasible: boolean;
}

/** What the closing knapsack tells besides. */
export interface RelaxedHosts extends Relaxed {
  /** No answer uses fewer hosts. */
  readonly leastHosts: number;
  /** 1 for hosts that the relaxation would keep; a hint for the search. */
  readonly keep?: Uint8Array;
  /** The next best hosts to keep, where it is proven or else believed that those cannot hold everybody. */
  readonly another?: (failed: Uint8Array, isProven: boolean) => Promise<NextHosts>;
}

/** Other hosts to keep, if there are any, and what is known by then if all that failed was proven to fail. */
export interface NextHosts {
  readonly keep?: Uint8Array;
  readonly bound?: number;
}

/** Counts of hosts are whole: a bound this little above one is that one. */
const wholeTolerance = 1e-6;

/**
 * The closing knapsack: first how few hosts can hold everybody, then which to keep, with that many at least. The first
 * answer is what makes the second quick to prove.
 */
export async function relaxHosts(problem: CompiledProblem, solver: Solver): Promise<RelaxedHosts> {
  const knapsack = createClosingKnapsack(problem);
  if (knapsack === undefined) return { leastHosts: 0, infeasible: false };
  const counted = await solver.solve({ model: countHosts(knapsack.build()) });
  if (isProvenInfeasible(counted)) return { leastHosts: 0, infeasible: true };
  const leastHosts = Math.ceil((boundOf(counted).bound ?? 0) - wholeTolerance);
  knapsack.requireHosts(leastHosts);
  const answer = await solver.solve({ model: knapsack.build() });
  const keep = keptIn(knapsack, answer);
  let isSound = true;
  return {
    ...boundOf(answer),
    leastHosts,
    infeasible: isProvenInfeasible(answer),
    ...(keep === undefined ? {} : { keep }),
    another: async (failed, isProven) => {
      isSound &&= isProven;
      knapsack.exclude(failed, isProven);
      const next = await solver.solve({ model: knapsack.build() });
      const other = keptIn(knapsack, next);
      return { ...(isSound ? boundOf(next) : {}), ...(other === undefined ? {} : { keep: other }) };
    },
  };
}

/** Whether a model has no solution, and that is more than a guess of the solver. */
export const isProvenInfeasible = (answer: BackendAnswer): boolean =>
  answer.status === 'infeasible' && answer.proof !== 'none';

function boundOf(answer: BackendAnswer): { readonly bound?: number } {
  if (answer.status === 'infeasible' || answer.status === 'unbounded') return {};
  return answer.bound === undefined ? {} : { bound: answer.bound };
}

const keptIn = ({ keep }: ClosingKnapsack, answer: BackendAnswer): Uint8Array | undefined =>
  'values' in answer ? Uint8Array.from(keep, (column) => Math.round(at(answer.values, column))) : undefined;

/** Beyond so many kinds of residents the relaxation would take longer than it tells. */
const mostShedding = 20_000;

/** The shedding relaxation: for clouds whose full model is too large. */
export async function relaxLoads(problem: CompiledProblem, solver: Solver): Promise<Relaxed> {
  const model = problem.holdings.length > mostShedding ? undefined : buildSheddingModel(problem);
  if (model === undefined) return { infeasible: false };
  const answer = await solver.solve({ model });
  return { ...boundOf(answer), infeasible: isProvenInfeasible(answer) };
}
