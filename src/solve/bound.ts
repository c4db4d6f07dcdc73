import { at } from '../shared/at.ts';
import type { Backend, Budget } from './backend.ts';
import { buildClosingKnapsack, countHosts } from './closing-knapsack.ts';
import type { CompiledProblem } from './compiled.ts';
import { buildSheddingModel } from './shedding.ts';

/** What a relaxation tells: nothing is better than `bound`. */
export interface Relaxed {
  /** Never above the objective of any legal answer. */
  readonly bound?: number;
  /** No answer uses fewer hosts. */
  readonly leastHosts: number;
  /** 1 for hosts that the relaxation would keep; a hint for the search. */
  readonly keep?: Uint8Array;
  /** The relaxation, and so the problem, has no answer at all. */
  readonly infeasible: boolean;
}

/** Counts of hosts are whole: a bound this little below one is that one. */
const wholeTolerance = 1e-6;

/**
 * The closing knapsack: first how few hosts can hold everybody, then which to keep, with that many at least. The first
 * answer is what makes the second quick to prove.
 */
export async function relaxHosts(
  problem: CompiledProblem,
  backend: Backend,
  budget: Budget,
): Promise<Relaxed> {
  const plain = buildClosingKnapsack(problem);
  if (plain === undefined) return { leastHosts: 0, infeasible: false };
  const counted = await backend.solve({ model: countHosts(plain) }, budget);
  if (counted.status === 'infeasible') return { leastHosts: 0, infeasible: true };
  const count = counted.status === 'unbounded' ? undefined : counted.bound;
  const leastHosts = Math.ceil((count ?? 0) - wholeTolerance);
  const knapsack = buildClosingKnapsack(problem, leastHosts) ?? plain;
  const answer = await backend.solve({ model: knapsack.model }, budget);
  if (answer.status === 'infeasible') return { leastHosts, infeasible: true };
  if (answer.status === 'unbounded') return { leastHosts, infeasible: false };
  return {
    ...(answer.bound === undefined ? {} : { bound: answer.bound }),
    ...('values' in answer
      ? { keep: Uint8Array.from(knapsack.keep, (column) => Math.round(at(answer.values, column))) }
      : {}),
    leastHosts,
    infeasible: false,
  };
}

/** The shedding relaxation, as an LP: for clouds whose full model is too large. */
export async function relaxLoads(
  problem: CompiledProblem,
  backend: Backend,
  budget: Budget,
): Promise<Relaxed> {
  const model = buildSheddingModel(problem);
  if (model === undefined) return { leastHosts: 0, infeasible: false };
  const answer = await backend.solve({ model, relax: true }, budget);
  const bound = answer.status === 'infeasible' || answer.status === 'unbounded' ? undefined : answer.bound;
  return {
    ...(bound === undefined ? {} : { bound }),
    leastHosts: 0,
    infeasible: answer.status === 'infeasible',
  };
}
