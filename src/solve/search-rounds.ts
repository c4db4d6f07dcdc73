import type { CompiledProblem } from './compile/compiled.ts';
import type { Search } from './search/heuristic.ts';
import type { SolveBudget } from './placement-problem.ts';
import type { Run } from './run.ts';
import { searchHere } from './search/search-pool.ts';
import type { SearchOrder, SearchReport } from './search/searchers.ts';

/** What a search works on. */
export interface Searched {
  readonly compiled: CompiledProblem;
  readonly budget: SolveBudget;
  readonly run: Run;
  readonly search: Search;
  /** Whether the best answer is known to be one. */
  readonly isProven: () => boolean;
}

/** Searches alone for some rounds, and on while that is worth it if told so, or until the bound is met. */
export async function searchAlone(
  { budget, run, search, isProven }: Searched,
  rounds: number,
  whileBetter = false,
): Promise<void> {
  let idle = 0;
  const isWorthIt = (n: number): boolean => whileBetter && idle < Math.max(mostIdle, idleShare * n);
  for (let n = 0; (n < rounds || isWorthIt(n)) && run.hasEffort() && !isProven(); n += 1) {
    await budget.pool?.pause();
    if (!run.goesOn()) return;
    run.use('search');
    idle = search.round() ? 0 : idle + 1;
    run.finishRound(search.best?.objective);
  }
}

/** A long chain of annealing is left alone until so many rounds, and such a share of all, brought nothing better. */
const mostIdle = 24;
const idleShare = 0.6;

/** Whether a search is one long chain rather than many restarts, so that more than one at a time would each be short. */
const anneals = ({ objective }: CompiledProblem): boolean => !objective.paysForHosts;

/** Logical searchers; fewer where there are so many servers that each takes much memory. */
const mostSearchers = 8;
const serversAtOnce = 100_000;

const searchersFor = ({ servers }: CompiledProblem): number =>
  Math.max(1, Math.min(mostSearchers, Math.floor(serversAtOnce / Math.max(1, servers.length))));

/** After so many rounds each a searcher goes on from the best of all, if that is better: every other one seldom. */
const sharing = { often: 2, seldom: 8 };
const improvement = 1e-7;

/**
 * Searches on with several searchers side by side until the effort is used or the bound is met. A searcher's round is
 * a round of effort. After each turn their answers are merged in the order of the searchers; half of them go on from
 * the best each second turn, the others keep to their own for longer.
 */
export async function searchTogether(searched: Searched): Promise<void> {
  const { compiled, budget, run, search, isProven } = searched;
  const count = searchersFor(compiled);
  await searchAlone(searched, count === 1 ? Infinity : 0, anneals(compiled));
  if (!run.hasEffort() || isProven()) return;
  const crew = (budget.pool ?? searchHere()).open(compiled, budget.seed);
  try {
    for (let turn = 0; run.hasEffort() && !isProven(); turn += 1) {
      run.use('search');
      const orders = ordersOf(Math.min(count, run.effortLeft), turn, search);
      const reports = await crew.round(orders, budget.signal);
      if (reports === undefined) break;
      merge(search, reports);
      run.countRounds(orders.length, search.best?.objective);
    }
    run.goesOn();
  } finally {
    await crew.close();
  }
}

function ordersOf(count: number, turn: number, { best }: Search): readonly SearchOrder[] {
  const below = best === undefined ? Infinity : best.objective - improvement;
  return Array.from({ length: count }, (_, searcher) => {
    const shares = turn % (searcher % 2 === 0 ? sharing.seldom : sharing.often) === 0;
    return { searcher, below, ...(shares && best !== undefined ? { from: best } : {}) };
  });
}

/** The first of the best. */
function merge(search: Search, reports: readonly SearchReport[]): void {
  for (const { found } of reports) if (found !== undefined) search.adopt(found);
}
