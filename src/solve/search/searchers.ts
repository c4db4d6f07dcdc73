import type { CompiledProblem } from '../compile/compiled.ts';
import { createSearch, type Found, type Manner, type Search } from './heuristic.ts';

/** What one searcher is to do in one round. */
export interface SearchOrder {
  /** Which of the searchers. */
  readonly searcher: number;
  /** An answer to go on from, where it is better than the searcher's own. */
  readonly from?: Found;
  /** Only what is better than this is worth telling. */
  readonly below: number;
}

/** What came of an order: the searcher's best where it is worth telling. */
export interface SearchReport {
  readonly found?: Found;
}

/** The logical searchers of one problem that run on one thread: each with a state and a stream of chance of its own. */
export interface Searchers {
  run(order: SearchOrder): SearchReport;
}

/** Between two searchers' streams there is room for all that one of them draws. */
const streamsPerSearcher = 100_000_000;
const heats = [1, 0.5, 2, 0.25, 1, 4, 0.5, 2];

/** Different work for each: other chance, other heats, heuristics at other times. */
const mannerOf = (searcher: number): Manner => ({
  stream: (searcher + 1) * streamsPerSearcher,
  heat: heats[searcher % heats.length] ?? 1,
  ahead: searcher,
});

export function createSearchers(problem: CompiledProblem, seed: number): Searchers {
  const searches = new Map<number, Search>();
  return {
    run({ searcher, from, below }) {
      const search = searches.get(searcher) ?? createSearch(problem, seed, mannerOf(searcher));
      searches.set(searcher, search);
      if (from !== undefined) search.adopt(from);
      search.round();
      const { best } = search;
      return best === undefined || best.objective >= below ? {} : { found: best };
    },
  };
}
