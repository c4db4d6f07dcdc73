import { at } from '../../shared/at.ts';
import { groupBy } from '../../shared/collections.ts';
import type { Rng } from '../../shared/rng.ts';
import type { SearchState } from './search-state.ts';
import { hardestFirst } from './settle.ts';
import { sortBy } from './sort-by.ts';
import { bestHost, openHosts, Trail } from './steps.ts';

/** Hosts worth a look for a server, by `ServerClass.allowedIndex`. */
type Shortlists = ReadonlyMap<number, readonly number[]>;

/** No more hosts than this are on a shortlist. */
const maxShortlist = 60;

/** For each set of allowed hosts those whose load costs least, then those with most room. */
function shortlistsOf(state: SearchState): Shortlists {
  const byRoom = sortBy(openHosts(state), (h) => -at(state.amounts.room, h));
  const order = sortBy(byRoom, (h) => state.costOf(h));
  const lists = new Map<number, number[]>();
  for (const { allowed, allowedIndex } of state.problem.classes) {
    if (lists.has(allowedIndex)) continue;
    const list: number[] = [];
    for (let i = 0; i < order.length && list.length < maxShortlist; i += 1)
      if (allowed[order[i] ?? 0] === 1) list.push(order[i] ?? 0);
    lists.set(allowedIndex, list);
  }
  return lists;
}

const shortlistOf = ({ problem }: SearchState, lists: Shortlists, v: number): readonly number[] =>
  lists.get(at(problem.classes, at(problem.classOf, v)).allowedIndex) ?? [];

/** Steepest descent: from the host that costs most, the one move that saves most, until none saves anything. */
export function descend(state: SearchState, maxLooks: number): void {
  const stop = state.looks + maxLooks;
  for (let improved = true; improved && state.looks < stop;) {
    improved = false;
    const lists = shortlistsOf(state);
    const dearest = sortBy(state.problem.hosts.keys(), (h) => -state.costOf(h));
    for (const h of dearest) {
      if (state.costOf(h) <= 0 || state.looks >= stop) break;
      while (moveBest(state, h, lists)) improved = true;
    }
  }
}

/** A move must save more than rounding. */
const leastSaving = 1e-7;

/** Makes the best single move away from a host; false when none is worth it. */
function moveBest(state: SearchState, h: number, lists: Shortlists): boolean {
  const before = state.objective;
  let best = before - leastSaving;
  let move: { readonly v: number; readonly to: number } | undefined;
  for (const v of unlike(state, h)) {
    const trail = new Trail(state);
    trail.lift(v);
    const to = bestHost(state, v, shortlistOf(state, lists, v));
    if (to >= 0 && to !== h && state.objective + state.price(v, to) < best) {
      best = state.objective + state.price(v, to);
      move = { v, to };
    }
    trail.undo();
  }
  if (move === undefined) return false;
  const trail = new Trail(state);
  trail.lift(move.v);
  if (state.canPlace(move.v, move.to)) state.place(move.v, move.to);
  if (state.lifted === 0 && state.side.shortOfSpread === 0 && state.objective < before) return true;
  trail.undo();
  return false;
}

/** Movable servers on a host, one of each kind. */
function unlike({ problem, serversOn }: SearchState, h: number): readonly number[] {
  const { fixed, classOf, start, holdingOf, cost } = problem;
  const movable = at(serversOn, h).filter((v) => fixed[v] === 0);
  const kinds = groupBy(
    movable,
    (v) => `${at(classOf, v)} ${at(start, v)} ${start[v] === h ? at(holdingOf, v) : 0} ${at(cost, v)}`,
  );
  return [...kinds.values()].map((kind) => at(kind, 0));
}

/** What ruin and recreate needs again and again. */
export interface RuinContext {
  readonly state: SearchState;
  readonly sizes: Float64Array;
  /** Servers by the host that they are on today. */
  readonly homeOf: readonly (readonly number[])[];
}

/** Of those that left a host, and of those on it, at most so many are taken out at once. */
const maxReturning = 4;
const maxRuined = 3;
/** After so many turns without anybody to take out there is nothing to do. */
const maxIdle = 1000;

/**
 * Ruin and recreate, until the looks are used up: what left a dear host and a few of those on it, at times likewise
 * for another host, are taken out and placed again in some order. A result that is worse by d is kept with the chance
 * exp(−d / heat); the heat falls from `heat` to nothing.
 *
 * @returns whether `keep` kept something
 */
export function ruinAndRecreate(
  context: RuinContext,
  rng: Rng,
  { looks, heat }: { readonly looks: number; readonly heat: number },
  keep: () => boolean,
): boolean {
  const { state } = context;
  const begin = state.looks;
  let found = false;
  for (let idle = 0; state.looks < begin + looks && idle < maxIdle;) {
    const before = state.looks;
    const left = 1 - (before - begin) / looks;
    const worst = -Math.log(1 - rng.nextFloat()) * heat * left * left;
    if (ruin(context, rng, state.objective + worst)) found = keep() || found;
    idle = state.looks === before ? idle + 1 : 0;
  }
  return found;
}

/** One turn; undone when the objective is above `limit` afterwards. */
function ruin(context: RuinContext, rng: Rng, limit: number): boolean {
  const { state, sizes } = context;
  const { hosts } = state.problem;
  const drawn = [rng.nextInt(hosts.length), rng.nextInt(hosts.length), rng.nextInt(hosts.length)];
  const [dear = 0, other = 0] = sortBy(drawn, (h) => -state.costOf(h));
  const ruined = drawRuined(context, rng, rng.nextInt(4) > 0 ? [dear, other] : [dear]);
  const trail = new Trail(state);
  for (const v of ruined) trail.lift(v);
  for (const v of rng.nextInt(3) === 0 ? hardestFirst(state, sizes, ruined) : rng.shuffle(ruined)) {
    const host = bestHost(state, v, drawTargets(state, v, drawn, rng));
    if (host < 0) break;
    state.place(v, host);
  }
  if (ruined.length > 0 && state.complete && state.objective <= limit) return true;
  trail.undo();
  return false;
}

/** Some of those that left these hosts, and some of those that are on them. */
function drawRuined({ state, homeOf }: RuinContext, rng: Rng, hosts: readonly number[]): readonly number[] {
  const ruined = new Set<number>();
  for (const h of hosts) {
    const away = at(homeOf, h).filter((v) => state.at[v] !== h);
    for (const v of rng.shuffle(away).slice(0, rng.nextInt(maxReturning + 1))) ruined.add(v);
    const here = at(state.serversOn, h);
    for (let n = here.length === 0 ? 0 : rng.nextInt(maxRuined + 1); n > 0; n -= 1)
      ruined.add(at(here, rng.nextInt(here.length)));
  }
  return [...ruined].filter((v) => state.problem.fixed[v] === 0);
}

/** Hosts that are looked at for a server that was taken out. */
const maxDrawn = 30;

function drawTargets(state: SearchState, v: number, drawn: readonly number[], rng: Rng): readonly number[] {
  const { classes, classOf, hosts } = state.problem;
  const { allowed } = at(classes, at(classOf, v));
  const targets = drawn.filter((h) => state.shut[h] === 0);
  for (let n = 0; n < 3 * maxDrawn && targets.length < maxDrawn; n += 1) {
    const h = rng.nextInt(hosts.length);
    if (allowed[h] === 1 && state.shut[h] === 0) targets.push(h);
  }
  return targets;
}
