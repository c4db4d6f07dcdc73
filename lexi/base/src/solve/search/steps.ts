import type { Rng } from '../../shared/rng.ts';
import { at } from '../../shared/at.ts';
import type { SearchState } from './search-state.ts';

/** Changes that can be taken back: what each server that was touched had before. */
export class Trail {
  readonly #state: SearchState;
  readonly #before = new Map<number, { readonly host: number; readonly picks: Int32Array }>();

  constructor(state: SearchState) {
    this.#state = state;
  }

  /** Takes a server from its host. */
  lift(v: number): void {
    this.note(v);
    this.#state.lift(v);
  }

  /** Remembers where a server is before it is touched. */
  note(v: number): void {
    if (!this.#before.has(v))
      this.#before.set(v, { host: at(this.#state.at, v), picks: this.#state.picksOf(v) });
  }

  /** Puts everything back. */
  undo(): void {
    for (const v of this.#before.keys()) if (at(this.#state.at, v) >= 0) this.#state.lift(v);
    for (const [v, { host, picks }] of this.#before) if (host >= 0) this.#state.restore(v, host, picks);
    this.#before.clear();
  }
}

/** How much chance there is in a choice; without `rng` there is none. */
export interface Noise {
  readonly rng: Rng;
  /** Share by which what is compared may be off. */
  readonly share: number;
}

/** No more hosts than this are looked at for one server; more of them would hardly find a better one. */
const maxLooks = 400;
/** Prices that differ by less are equal. */
const priceTolerance = 1e-9;

/** The host of those given, or its home, where a lifted server is cheapest, then tightest; -1 when it fits on none. */
export function bestHost(state: SearchState, v: number, hosts: readonly number[], noise?: Noise): number {
  return lookFor(state, v, hosts, noise).host;
}

/** As `bestHost`; also tells at which positions the server did not fit. */
function lookFor(state: SearchState, v: number, hosts: readonly number[], noise: Noise | undefined) {
  const home = at(state.problem.start, v);
  const misfits: number[] = [];
  const best = { host: -1, price: Infinity, room: Infinity, misfits };
  const look = (h: number, position: number): void => {
    state.looks += 1;
    const price = state.price(v, h);
    if (price > best.price + priceTolerance) return;
    const blur = noise === undefined ? 1 : 1 + noise.share * noise.rng.nextFloat();
    const room = (state.amounts.room[h] ?? 0) * blur;
    if (price > best.price - priceTolerance && room >= best.room) return;
    if (!state.canPlace(v, h)) {
      misfits.push(position);
      return;
    }
    best.host = h;
    best.price = price;
    best.room = room;
  };
  look(home, -1);
  const skip = hosts.length > maxLooks ? hosts.length / maxLooks : 1;
  const offset = skip > 1 && noise !== undefined ? noise.rng.nextFloat() * skip : 0;
  for (let i = offset; i < hosts.length; i += skip) {
    const position = Math.floor(i);
    const h = hosts[position] ?? home;
    if (h !== home) look(h, position);
  }
  if (best.host < 0 && skip > 1) {
    misfits.length = 0;
    for (let i = 0; i < hosts.length && best.host < 0; i += 1) look(hosts[i] ?? home, i);
  }
  if (best.host >= 0) state.canPlace(v, best.host); // the cells that the winner would get
  return best;
}

/**
 * Hosts that may still take servers of each class, while hosts only fill up: where one of a class did not fit, none of
 * that class is tried again.
 */
export class Candidates {
  readonly #state: SearchState;
  readonly #hosts: readonly number[];
  readonly #lists = new Map<number, number[]>();

  constructor(state: SearchState, hosts: readonly number[]) {
    this.#state = state;
    this.#hosts = hosts;
  }

  /** Puts lifted servers on hosts one by one; true when all found a place. */
  placeAll(servers: readonly number[], noise?: Noise): boolean {
    const state = this.#state;
    for (const v of servers) {
      const list = this.#listOf(v);
      const { host, misfits } = lookFor(state, v, list, noise);
      // With a limit on volume a smaller member of the class may fit where this one does not.
      if (state.problem.maxGiB === Infinity) dropMisfits(list, misfits, at(state.problem.start, v));
      if (host < 0) return false;
      state.place(v, host);
    }
    return true;
  }

  #listOf(v: number): number[] {
    const { classes, classOf } = this.#state.problem;
    const { index, allowed } = at(classes, at(classOf, v));
    const list = this.#lists.get(index) ?? this.#hosts.filter((h) => allowed[h] === 1);
    this.#lists.set(index, list);
    return list;
  }
}

/** Takes items out, the last ones filling the gaps; what a server may do at home says nothing of its class. */
function dropMisfits(list: number[], positions: readonly number[], home: number): void {
  for (const position of positions.toReversed()) {
    if (position < 0 || list[position] === home) continue;
    const last = list.pop();
    if (last !== undefined && position < list.length) list[position] = last;
  }
}

/** Moves a server if it may go there and `keep` holds afterwards; else it is back where it was. */
export function tryMove(state: SearchState, v: number, h: number, keep: () => boolean): boolean {
  const trail = new Trail(state);
  trail.lift(v);
  if (state.canPlace(v, h)) {
    state.place(v, h);
    if (keep()) return true;
  }
  trail.undo();
  return false;
}

/** Hosts that take servers. */
export const openHosts = (state: SearchState): number[] =>
  state.problem.hosts.map((_, h) => h).filter((h) => h < state.problem.arrivable && state.shut[h] === 0);
