import { createRng, type Rng } from '../shared/rng.ts';
import type { CompiledProblem } from './compiled.ts';
import type { Placed } from './placed.ts';
import { descend, ruinAndRecreate, type RuinContext } from './search/balance.ts';
import { bringHome, closeHosts, type ConsolidateContext, exchangeHosts } from './search/consolidate.ts';
import { packInto } from './search/pack.ts';
import { SearchState } from './search/search-state.ts';
import { classSizes } from './search/server-sizes.ts';
import { liftForbidden, settle } from './search/settle.ts';

/** A search that gets better round by round. Equal problem, seed and number of rounds give equal answers. */
export interface Search {
  /** The best answer so far; undefined while nothing has been found that keeps all primitives. */
  readonly best: { readonly placed: Placed; readonly objective: number } | undefined;
  /** Searches on for a fixed number of evaluations; true when that found something better. */
  round(): boolean;
  /** Tries to empty exactly the hosts that are not kept; true when that gave something better. */
  pack(keep: Uint8Array): boolean;
  /** Offers an answer from elsewhere, which is polished and kept when it is the best. */
  offer(placed: Placed): boolean;
}

/** How many places are looked at for servers in one round. */
const looksPerRound = 100_000;
/** A descent from far away ends by itself; this is only a guard. */
const looksPerDescent = 30_000_000;
const settleTries = 400;
/** Prices of one move more, in shares of what an average host would cost to empty; see `closeHosts`. */
const lambdas = [0, 0.15, 0.3, 0.45];
const mostLambda = 0.6;
const packTries = 6;
/** Streams of chance from here on are those of `pack`; below are those of rounds. */
const packStream = 1_000_000;
const improvement = 1e-7;

export function createSearch(problem: CompiledProblem, seed: number): Search {
  const state = new SearchState(problem);
  const context = {
    state,
    sizes: classSizes(problem),
    capacities: state.amounts.capacities(),
    homeOf: problem.hosts.map((_, h) => [...problem.start.keys()].filter((v) => problem.start[v] === h)),
  };
  const base = startingPoint(context, seed);
  let best: Search['best'];
  let rounds = 0;
  let packs = 0;

  const keep = (): boolean => {
    if (!state.complete || state.objective >= (best?.objective ?? Infinity) - improvement) return false;
    best = { placed: state.snapshot(), objective: state.objective };
    return true;
  };

  return {
    get best() {
      return best;
    },
    round() {
      rounds += 1;
      const from = best?.placed ?? base;
      state.load(from);
      let found = keep();
      if (!state.complete) {
        if (!settle(state, context.sizes, createRng(seed, rounds), settleTries)) return found;
        found = keep() || found;
      }
      found =
        (rounds === 1
          ? construct(context, keep)
          : improve(context, createRng(seed, rounds), from, base, keep)) || found;
      return found;
    },
    pack(keepHosts) {
      packs += 1;
      state.load(base);
      if (!packInto(state, context.sizes, keepHosts, createRng(seed, packStream + packs), packTries))
        return false;
      const found = keep();
      polish(context);
      return keep() || found;
    },
    offer(placed) {
      state.load(placed);
      keep();
      polish(context);
      return keep();
    },
  };
}

/** Where servers are today, less those that may not stay there; these are on the best host that was free. */
function startingPoint({ state, sizes }: Context, seed: number): Placed {
  liftForbidden(state);
  settle(state, sizes, createRng(seed), settleTries);
  return state.snapshot();
}

type Context = ConsolidateContext & RuinContext;

const paysForHosts = ({ state }: Context): boolean => state.problem.objective.hostWeight > 0;
const paysForLoad = ({ state }: Context): boolean =>
  state.problem.objective.loads.some(({ levels }) => levels.length > 0);

function polish(context: Context): void {
  bringHome(context.state);
  if (paysForLoad(context)) descend(context.state, looksPerDescent);
}

/** First answers, without chance. */
function construct(context: Context, keep: () => boolean): boolean {
  const { state } = context;
  const base = state.snapshot();
  let found = false;
  const unit = paysForHosts(context)
    ? (state.problem.objective.hostWeight * state.hostsUsed) / Math.max(1, state.at.length)
    : 0;
  for (const lambda of paysForHosts(context) ? lambdas : [0]) {
    state.load(base);
    if (paysForHosts(context)) closeHosts(context, lambda * unit);
    polish(context);
    found = keep() || found;
  }
  return found;
}

/** One round of chance: restarts and exchanges of hosts, or ruin and recreate, or both in turn. */
function improve(context: Context, rng: Rng, from: Placed, base: Placed, keep: () => boolean): boolean {
  const { state } = context;
  const stop = state.looks + looksPerRound;
  let found = false;
  if (paysForHosts(context)) {
    state.load(base);
    if (state.complete) {
      const unit = (state.problem.objective.hostWeight * state.hostsUsed) / Math.max(1, state.at.length);
      closeHosts(context, rng.nextFloat() * mostLambda * unit, { rng, share: 0.05 + 0.4 * rng.nextFloat() });
      polish(context);
      found = keep();
    }
    if (!found) state.load(from);
    for (let failures = 0; state.looks < stop && failures < 200;) {
      failures = exchangeHosts(context, rng) ? failures : failures + 1;
      found = keep() || found;
    }
  }
  if (paysForLoad(context)) {
    if (!found) state.load(from);
    found = ruinAndRecreate(context, rng, looksPerRound, keep) || found;
  }
  return found;
}
