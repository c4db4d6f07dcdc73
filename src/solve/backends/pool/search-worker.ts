import { invariant } from '../../../shared/invariant.ts';
import { fromPortable, type PortableProblem } from '../../compile/portable.ts';
import {
  createSearchers,
  type SearchOrder,
  type Searchers,
  type SearchReport,
} from '../../search/searchers.ts';

/** The searchers of this thread by crew. */
const crews = new Map<number, Searchers>();

export interface OpenTask {
  readonly crew: number;
  readonly problem: PortableProblem;
  readonly seed: number;
}

export interface RoundTask {
  readonly crew: number;
  readonly orders: readonly SearchOrder[];
}

/** Takes up a problem. */
export function open({ crew, problem, seed }: OpenTask): void {
  crews.set(crew, createSearchers(fromPortable(problem), seed));
}

/** Runs this thread's searchers, one after the other. */
export function round({ crew, orders }: RoundTask): readonly SearchReport[] {
  const searchers = crews.get(crew);
  invariant(searchers !== undefined, `a worker was asked for crew ${crew}, which it does not have`);
  return orders.map((order) => searchers.run(order));
}

/** Forgets a problem. */
export function close({ crew }: { readonly crew: number }): void {
  crews.delete(crew);
}
