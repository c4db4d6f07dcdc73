import { at } from '../../shared/at.ts';
import { createRng } from '../../shared/rng.ts';
import type { CompiledProblem } from '../compile/compiled.ts';
import type { Placed } from '../placed.ts';
import { ruinAndRecreate } from './balance.ts';
import { bringHome } from './consolidate.ts';
import { SearchState } from './search-state.ts';
import { classSizes } from './server-sizes.ts';
import { liftForbidden, settle } from './settle.ts';

/** A search for cheap moves under limits that today's assignment breaks. */
export interface LevelSearch {
  /** The cheapest answer so far within all limits. */
  readonly best: Placed | undefined;
  /** What its moves cost. */
  readonly cost: number;
  /** Searches on; true when that found something better. */
  round(): boolean;
  /** Offers an answer from elsewhere, of which the cells are known. */
  offer(placed: Placed): boolean;
}

/** Of both more for more servers, up to a limit. */
const settleTriesPerServer = 20;
const mostSettleTries = 4_000;
const looksPerServer = 2_000;
const mostLooksPerRound = 1_000_000;
/** Ruin and recreate starts as hot as this share of what moving a server costs on average. */
const heatShare = 0.2;
const improvement = 1e-9;

/** Starts from those who must leave for the limits (`leavers`), each on the best host that was free. */
export function createLevelSearch(
  problem: CompiledProblem,
  leavers: readonly number[],
  seed: number,
): LevelSearch {
  const state = new SearchState(problem);
  const sizes = classSizes(problem);
  const homeOf: number[][] = problem.hosts.map(() => []);
  for (const [v, h] of problem.start.entries()) homeOf[h]?.push(v);
  const heat =
    (heatShare * problem.cost.reduce((sum, cost) => sum + cost, 0)) / Math.max(1, problem.cost.length);
  const settleTries = Math.min(mostSettleTries, settleTriesPerServer * problem.servers.length);
  const looks = Math.min(mostLooksPerRound, looksPerServer * problem.servers.length);
  let best: Placed | undefined;
  let cost = Infinity;
  let rounds = 0;
  const keep = (): boolean => {
    if (!state.complete || state.migration >= cost - improvement) return false;
    best = state.snapshot();
    cost = state.migration;
    return true;
  };
  liftForbidden(state);
  for (const v of leavers) if (at(state.at, v) >= 0) state.lift(v);
  if (settle(state, sizes, createRng(seed), settleTries)) {
    bringHome(state);
    keep();
  }
  return {
    get best() {
      return best;
    },
    get cost() {
      return cost;
    },
    round() {
      rounds += 1;
      if (best === undefined) {
        const settled = settle(state, sizes, createRng(seed, rounds), settleTries);
        return settled && keep();
      }
      state.load(best);
      return ruinAndRecreate({ state, sizes, homeOf }, createRng(seed, rounds), { looks, heat }, keep);
    },
    offer(placed) {
      state.load(placed);
      return keep();
    },
  };
}
