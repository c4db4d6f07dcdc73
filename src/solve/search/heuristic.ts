import { createRng, type Rng } from '../../shared/rng.ts';
import type { CompiledProblem } from '../compile/compiled.ts';
import type { Placed } from '../placed.ts';
import { descend, ruinAndRecreate, type RuinContext } from './balance.ts';
import { bringHome, closeHosts, type ConsolidateContext, exchangeHosts } from './consolidate.ts';
import { Exchange } from './exchange.ts';
import { packInto } from './pack.ts';
import { Annealer } from './flat/annealer.ts';
import { flatten } from './flat/flat-problem.ts';
import { SearchState } from './search-state.ts';
import { SpareRoomCheck } from './spare-room.ts';
import { classSizes } from './server-sizes.ts';
import { liftForbidden, settle } from './settle.ts';

/** A search that gets better round by round. Equal problem, seed and number of rounds give equal answers. */
export interface Search {
  /** The best answer so far; undefined while nothing has been found that keeps all primitives. */
  readonly best: Found | undefined;
  /** How many hosts have been looked at for a server so far. */
  readonly looks: number;
  /** Searches on for a fixed number of evaluations; true when that found something better. */
  round(): boolean;
  /** Tries to empty exactly the hosts that are not kept; true when that gave something better. */
  pack(keep: Uint8Array): boolean;
  /** Offers an answer from elsewhere, which is polished and kept when it is the best. */
  offer(placed: Placed): boolean;
  /** Takes over an answer of another searcher as it is; the next round may go on from it. */
  adopt(found: Found): void;
}

/** An answer that keeps all primitives. */
export interface Found {
  readonly placed: Placed;
  readonly objective: number;
}

/** What makes one searcher different from the others. */
export interface Manner {
  /** Streams of chance begin here. */
  readonly stream: number;
  /** How hot ruin and recreate starts, in shares of the usual. */
  readonly heat: number;
  /** Rounds that the turn of heuristics is ahead. */
  readonly ahead: number;
}

/** The searcher that is alone, or the first. */
export const usualManner: Manner = { stream: 0, heat: 1, ahead: 0 };

/** How many places are looked at for servers in one round: more for more servers, up to a limit. */
const looksPerServer = 2_000;
const mostLooksPerRound = 200_000;
/** Turns of an annealing over flat arrays are shorter. */
const mostTurnsPerRound = 1_000_000;
/** Ruin and recreate starts as hot as this share of what moving a server costs on average. */
const heatShare = 0.2;
/** One round of so many ruins and recreates: more where all that is paid for lies at single hosts. */
const ruinEvery = { ofHosts: 2, ofOthers: 8 };
/** A descent from far away ends by itself; this is only a guard. */
const looksPerDescent = { ofHosts: 30_000_000, ofOthers: 3_000_000 };
/** Exchanges that fail one after the other before a round ends early. */
const maxFailures = 100;
const settleTries = 400;
/** Prices of one move more, in shares of what an average host would cost to empty; see `closeHosts`. */
const lambdas = [0, 0.15, 0.3, 0.45];
const mostLambda = 0.6;
const packTries = 6;
/** Streams of chance from here on are those of `pack`; below are those of rounds. */
const packStream = 1_000_000;
const improvement = 1e-7;

export function createSearch(problem: CompiledProblem, seed: number, manner: Manner = usualManner): Search {
  const state = new SearchState(problem);
  const { spareRoom } = problem;
  const spare = spareRoom === undefined ? undefined : new SpareRoomCheck(spareRoom, problem.mustEmpty);
  const context = {
    state,
    hasSpareRoom: () => spare?.holds(state) !== false,
    sizes: classSizes(problem),
    capacities: state.amounts.capacities(),
    homeOf: serversByHost(problem),
    exchange: new Exchange(state),
  };
  const base = startingPoint(context, seed);
  let best: Found | undefined;
  let rounds = 0;
  let packs = 0;
  let anneals = 0;
  let lastWas: 'construct' | 'anneal' | 'offer' | undefined;
  const flat = state.paysForMore ? flatten(problem) : undefined;
  const annealer = flat === undefined ? undefined : new Annealer(flat);
  let unmoved: number | undefined;

  const keep = (): boolean => {
    if (!state.complete || state.objective >= (best?.objective ?? Infinity) - improvement) return false;
    if (!context.hasSpareRoom()) return false;
    best = { placed: state.snapshot(), objective: state.objective };
    return true;
  };

  const annealFlat = (by: Annealer, rng: Rng): boolean => {
    if (best === undefined) return false;
    unmoved ??= best.objective - by.adopt(best.placed.at);
    if (best.objective < by.bestTotal + unmoved - improvement) by.adopt(best.placed.at);
    const turns = Math.min(mostTurnsPerRound, looksPerServer * problem.servers.length);
    if (!by.anneal(rng, turns)) return false;
    best = {
      placed: { at: Int32Array.from(by.best), picks: new Int32Array(state.amounts.picks.length).fill(-1) },
      objective: by.bestTotal + unmoved,
    };
    return true;
  };

  keep();
  return {
    get best() {
      return best;
    },
    get looks() {
      return state.looks + (annealer?.turns ?? 0);
    },
    round() {
      rounds += 1;
      const rng = createRng(seed, manner.stream + rounds);
      if (annealer !== undefined && best !== undefined) return annealFlat(annealer, rng);
      if (lastWas !== 'anneal') state.load(best?.placed ?? base);
      let found = keep();
      if (!state.complete) {
        if (!settle(state, context.sizes, rng, settleTries)) return found;
        found = keep() || found;
      }
      const first = lastWas === undefined;
      const turn = rounds + manner.ahead;
      const hosts = !first && paysForHosts(context) && turn % (paysForMore(context) ? 2 : 4) > 0;
      lastWas = first || hosts ? 'construct' : 'anneal';
      if (first) return construct(context, keep) || found;
      if (hosts) return improveHosts(context, rng, base, keep) || found;
      if (!paysForMore(context) && !paysForHosts(context)) return found;
      anneals += 1;
      return improveFurther(context, rng, { turn: anneals + manner.ahead, heat: manner.heat }, keep) || found;
    },
    pack(keepHosts) {
      packs += 1;
      lastWas = 'offer';
      state.load(base);
      if (
        !packInto(
          state,
          context.sizes,
          keepHosts,
          createRng(seed, manner.stream + packStream + packs),
          packTries,
        )
      )
        return false;
      const found = keep();
      polish(context);
      return keep() || found;
    },
    offer(placed) {
      lastWas = 'offer';
      state.load(placed);
      keep();
      polish(context);
      return keep();
    },
    adopt(found) {
      if (found.objective >= (best?.objective ?? Infinity)) return;
      best = found;
      lastWas = 'offer';
    },
  };
}

/** Where servers are today, less those that may not stay there; these are on the best host that was free. */
function startingPoint({ state, sizes }: Context, seed: number): Placed {
  liftForbidden(state);
  settle(state, sizes, createRng(seed), settleTries);
  return state.snapshot();
}

const looksPerRound = ({ servers }: CompiledProblem): number =>
  Math.min(mostLooksPerRound, looksPerServer * servers.length);

type Context = ConsolidateContext & RuinContext & { readonly exchange: Exchange };

const paysForHosts = ({ state }: Context): boolean => state.problem.objective.paysForHosts;
const paysForMore = ({ state }: Context): boolean => state.paysForMore;

/** Whether the goal pays for what is no sum over hosts and servers. */
const paysForWhole = ({ state: { problem } }: Context): boolean =>
  problem.objective.couples || problem.objective.routes !== undefined;

function polish(context: Context): void {
  keepingSpareRoom(context, () => {
    polishFreely(context);
  });
}

/** Does it, and takes it back where that leaves too little room for the loss of a host. */
function keepingSpareRoom({ state, hasSpareRoom }: Context, work: () => void): void {
  if (state.problem.spareRoom === undefined || !hasSpareRoom()) {
    work();
    return;
  }
  const before = state.snapshot();
  work();
  if (!hasSpareRoom()) state.load(before);
}

function polishFreely(context: Context): void {
  bringHome(context.state);
  if (paysForMore(context)) {
    const looks = paysForWhole(context) ? looksPerDescent.ofOthers : looksPerDescent.ofHosts;
    descend(context.state, looks);
  }
}

/** First answers, without chance. */
function construct(context: Context, keep: () => boolean): boolean {
  const { state } = context;
  const base = state.snapshot();
  let found = false;
  const unit = paysForHosts(context) ? state.hostPrice / Math.max(1, state.at.length) : 0;
  for (const lambda of paysForHosts(context) ? lambdas : [0]) {
    state.load(base);
    if (paysForHosts(context)) closeHosts(context, lambda * unit);
    polish(context);
    found = keep() || found;
  }
  return found;
}

/** A restart of closing hosts with some chance in it, then exchanges of closed hosts for others. */
function improveHosts(context: Context, rng: Rng, base: Placed, keep: () => boolean): boolean {
  const { state } = context;
  const stop = state.looks + looksPerRound(state.problem);
  const from = state.snapshot();
  let found = false;
  state.load(base);
  if (state.complete) {
    const unit = state.hostPrice / Math.max(1, state.at.length);
    closeHosts(context, rng.nextFloat() * mostLambda * unit, { rng, share: 0.05 + 0.4 * rng.nextFloat() });
    polish(context);
    found = keep();
  }
  if (!found) state.load(from);
  for (let failures = 0; state.looks < stop && failures < maxFailures;) {
    failures = exchangeHosts(context, rng) ? failures : failures + 1;
    found = keep() || found;
  }
  return found;
}

/** Ruin and recreate every so many rounds, else exchanges, which any term understands. */
function improveFurther(
  context: Context,
  rng: Rng,
  { turn, heat }: { readonly turn: number; readonly heat: number },
  keep: () => boolean,
): boolean {
  const { problem } = context.state;
  const looks = looksPerRound(problem);
  const every = paysForWhole(context) ? ruinEvery.ofOthers : ruinEvery.ofHosts;
  if (paysForMore(context) && turn % every === 1) {
    const meanCost = problem.cost.reduce((sum, cost) => sum + cost, 0) / Math.max(1, problem.cost.length);
    return ruinAndRecreate(context, rng, { looks, heat: heat * heatShare * meanCost }, keep);
  }
  return context.exchange.anneal(rng, looks, keep);
}

function serversByHost({ hosts, start }: CompiledProblem): number[][] {
  const lists: number[][] = hosts.map(() => []);
  for (const [v, h] of start.entries()) lists[h]?.push(v);
  return lists;
}
