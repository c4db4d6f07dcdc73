import { at } from '../../shared/at.ts';
import type { Rng } from '../../shared/rng.ts';
import type { SearchState } from './search-state.ts';

/** Hosts that are looked at for a server that was taken out, besides those that it has a reason to go to. */
const drawnHosts = 3;
/** Share of turns that move one server only. */
const shareOfMoves = 0.5;
/** Share of turns, where free slots are paid for, that take a few servers from one host at once. */
const shareOfVacating = 0.6;
const mostLeaving = 3;
/** Hosts that are looked at for each of them. */
const vacatingHosts = 40;
/** Moves whose prices are looked at to know how hot is hot. */
const samples = 2_000;
/** Heat at the start of a cycle and at its end, in shares of what a move that costs costs in the middle. */
const hottest = 1;
const coldest = 0.0005;

/**
 * Simulated annealing with turns that any term of a goal understands: one server goes elsewhere; or one
 * takes the place of another, which goes where it fits; where free slots are paid for, also a few leave one host at once. A result that is worse by d stays with the chance exp(−d / heat).
 * Cycles from hot to cold last 1, 2, 4, … rounds, so that a longer run cools more slowly.
 */
export class Exchange {
  readonly #state: SearchState;
  readonly #movable: readonly number[];
  /** Hosts by `ServerClass.allowedIndex`. */
  readonly #hosts = new Map<number, readonly number[]>();
  readonly #limits: { readonly picksOfFirst: Int32Array; readonly picksOfSecond: Int32Array };
  readonly #paysForSlots: boolean;
  #unit: number | undefined;
  #cycle = 1;
  #inCycle = 0;

  constructor(state: SearchState) {
    const { fixed, classes, cellFits } = state.problem;
    this.#state = state;
    this.#paysForSlots = state.problem.objective.slots.length > 0;
    this.#movable = [...fixed.keys()].filter((v) => fixed[v] === 0);
    for (const { allowed, allowedIndex } of classes)
      if (!this.#hosts.has(allowedIndex))
        this.#hosts.set(
          allowedIndex,
          [...allowed.keys()].filter((h) => allowed[h] === 1),
        );
    this.#limits = {
      picksOfFirst: new Int32Array(cellFits.length),
      picksOfSecond: new Int32Array(cellFits.length),
    };
  }

  /** One round of a cycle; tells whether `keep` kept something. */
  anneal(rng: Rng, looks: number, keep: () => boolean): boolean {
    if (this.#movable.length === 0) return false;
    const unit = (this.#unit ??= this.#measure(rng));
    const state = this.#state;
    const begin = state.looks;
    let found = false;
    let best = Infinity;
    for (let turns = 0; state.looks < begin + looks && turns < looks; turns += 1) {
      const done = (this.#inCycle + (state.looks - begin) / looks) / this.#cycle;
      const heat = unit * hottest * (coldest / hottest) ** done;
      const limit = state.objective - Math.log(1 - rng.nextFloat()) * heat;
      const changed = this.#turn(rng, limit);
      if (changed && state.objective < best) {
        best = state.objective;
        found = keep() || found;
      }
    }
    this.#inCycle += 1;
    if (this.#inCycle === this.#cycle) {
      this.#inCycle = 0;
      this.#cycle *= 2;
    }
    return found;
  }

  #turn(rng: Rng, limit: number): boolean {
    const kind = rng.nextFloat();
    if (this.#paysForSlots && kind < shareOfVacating) return this.#vacate(rng, limit);
    return rng.nextFloat() < shareOfMoves ? this.#move(rng, limit) : this.#exchange(rng, limit);
  }

  /** A few servers leave one host, each for the best of some hosts: what makes room for a slot takes all of them. */
  #vacate(rng: Rng, limit: number): boolean {
    const state = this.#state;
    const from = at(state.at, this.#drawServer(rng));
    if (from < 0) return false;
    const on = at(state.serversOn, from).filter((v) => state.problem.fixed[v] === 0);
    const leaving = rng.shuffle(on).slice(0, 1 + rng.nextInt(mostLeaving));
    const picks = leaving.map((v) => state.picksOf(v));
    for (const v of leaving) state.lift(v);
    let placed = 0;
    for (const v of leaving) {
      const to = this.#bestOf(v, from, -1, limit, rng, vacatingHosts);
      if (to < 0 || !state.canPlace(v, to)) break;
      state.place(v, to);
      placed += 1;
    }
    if (placed === leaving.length && state.complete && state.objective <= limit) return true;
    for (const v of leaving.slice(0, placed)) state.lift(v);
    for (const [i, v] of leaving.entries()) state.restore(v, from, at(picks, i));
    return false;
  }

  /** The median of what random moves cost that cost something. */
  #measure(rng: Rng): number {
    const state = this.#state;
    const costs: number[] = [];
    for (let n = 0; n < samples; n += 1) {
      const v = this.#drawServer(rng);
      const from = at(state.at, v);
      const to = this.#drawHost(v, rng);
      if (to === from || from < 0) continue;
      const before = state.objective;
      const picks = state.picksOf(v);
      state.lift(v);
      if (state.canPlace(v, to)) {
        const cost = state.objective + state.price(v, to) - before;
        if (cost > 0) costs.push(cost);
      }
      state.restore(v, from, picks);
    }
    costs.sort((a, b) => a - b);
    return costs[costs.length >> 1] ?? 1;
  }

  /** One server goes to the best of a few hosts; false when it is where it was. */
  #move(rng: Rng, limit: number): boolean {
    const state = this.#state;
    const v = this.#drawServer(rng);
    const from = at(state.at, v);
    if (from < 0) return false;
    const { picksOfFirst } = this.#limits;
    state.copyPicks(v, picksOfFirst);
    state.lift(v);
    const to = this.#bestOf(v, from, -1, limit, rng);
    if (to >= 0 && state.canPlace(v, to)) {
      state.place(v, to);
      if (state.complete) return true;
      state.lift(v);
    }
    state.restore(v, from, picksOfFirst);
    return false;
  }

  /** One server takes the place of another, which goes to the host of the first or to another one. */
  #exchange(rng: Rng, limit: number): boolean {
    const state = this.#state;
    const v = this.#drawServer(rng);
    const from = at(state.at, v);
    const to = this.#drawHost(v, rng);
    const on = at(state.serversOn, to);
    if (from < 0 || to === from || on.length === 0) return false;
    const w = at(on, rng.nextInt(on.length));
    if (state.problem.fixed[w] === 1) return false;
    const { picksOfFirst, picksOfSecond } = this.#limits;
    state.copyPicks(v, picksOfFirst);
    state.copyPicks(w, picksOfSecond);
    state.lift(w);
    state.lift(v);
    state.looks += 1;
    if (state.canPlace(v, to)) {
      state.place(v, to);
      const then = this.#bestOf(w, to, from, limit, rng);
      if (then >= 0 && state.canPlace(w, then)) {
        state.place(w, then);
        if (state.complete) return true;
        state.lift(w);
      }
      state.lift(v);
    }
    state.restore(v, from, picksOfFirst);
    state.restore(w, to, picksOfSecond);
    return false;
  }

  /** The cheapest of a few hosts for a lifted server, among equals that with the least room which is no slot, within the limit; -1 when there is none. */
  #bestOf(v: number, from: number, wanted: number, limit: number, rng: Rng, draws = drawnHosts): number {
    const state = this.#state;
    let best = -1;
    let most = limit - state.objective;
    const home = at(state.problem.start, v);
    for (let n = -2; n < draws; n += 1) {
      const h = n === -2 ? home : n === -1 ? wanted : this.#drawHost(v, rng);
      if (h < 0 || h === from || h === best) continue;
      state.looks += 1;
      if (!state.canPlace(v, h)) continue;
      const price = state.price(v, h);
      if (price > most) continue;
      if (this.#paysForSlots && price === most && best >= 0 && state.costOf(h) > state.costOf(best)) continue;
      best = h;
      most = price;
    }
    return best;
  }

  #drawServer(rng: Rng): number {
    return this.#movable[rng.nextInt(this.#movable.length)] ?? 0;
  }

  #drawHost(v: number, rng: Rng): number {
    const { classes, classOf, start } = this.#state.problem;
    const hosts = this.#hosts.get(at(classes, classOf[v] ?? -1).allowedIndex) ?? [];
    return hosts.length === 0 ? at(start, v) : (hosts[rng.nextInt(hosts.length)] ?? 0);
  }
}
