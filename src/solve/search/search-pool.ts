import type { CompiledProblem } from '../compile/compiled.ts';
import { createSearchers, type SearchOrder, type SearchReport } from './searchers.ts';

/**
 * Where searchers run. How many of them run at once decides how long a round takes, never what comes of it: a searcher
 * keeps its own state, and what it does depends on its orders alone.
 */
export interface SearchPool {
  /** A crew for one problem. Nothing is started before its first round. */
  open(problem: CompiledProblem, seed: number): SearchCrew;
  /** Lets signals in: a search that never waits would not hear of them. */
  pause(): Promise<void>;
  /** Ends all crews. */
  close(): Promise<void>;
}

/** The searchers of one problem. */
export interface SearchCrew {
  /** One round; reports in the order of the orders. Undefined when it was cancelled on the way. */
  round(
    orders: readonly SearchOrder[],
    signal: AbortSignal | undefined,
  ): Promise<readonly SearchReport[] | undefined>;
  close(): Promise<void>;
}

/** Searchers that run here, one after the other; `pause` is waited for before each. */
export function searchHere(pause: () => Promise<void> = () => Promise.resolve()): SearchPool {
  return {
    open: (problem, seed) => {
      const searchers = createSearchers(problem, seed);
      return {
        async round(orders, signal) {
          const reports: SearchReport[] = [];
          for (const order of orders) {
            await pause();
            if (signal?.aborted === true) return undefined;
            reports.push(searchers.run(order));
          }
          return reports;
        },
        close: () => Promise.resolve(),
      };
    },
    pause,
    close: () => Promise.resolve(),
  };
}
