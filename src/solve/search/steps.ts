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

/** The host of those given, or its home, where a lifted server is cheapest, then tightest; -1 when it fits on none. */
export function bestHost(state: SearchState, v: number, hosts: readonly number[], noise?: Noise): number {
  const home = at(state.problem.start, v);
  let best = -1;
  let bestPrice = Infinity;
  let bestRoom = Infinity;
  const look = (h: number): void => {
    state.looks += 1;
    const price = state.price(v, h);
    if (price > bestPrice + 1e-9) return;
    const room =
      (state.amounts.room[h] ?? 0) * (noise === undefined ? 1 : 1 + noise.share * noise.rng.nextFloat());
    if (price > bestPrice - 1e-9 && room >= bestRoom) return;
    if (!state.canPlace(v, h)) return;
    best = h;
    bestPrice = price;
    bestRoom = room;
  };
  look(home);
  const skip = hosts.length > maxLooks ? hosts.length / maxLooks : 1;
  const offset = skip > 1 && noise !== undefined ? noise.rng.nextFloat() * skip : 0;
  for (let i = offset; i < hosts.length; i += skip) {
    const h = hosts[Math.floor(i)] ?? home;
    if (h !== home) look(h);
  }
  if (best < 0 && skip > 1) for (let i = 0; i < hosts.length && best < 0; i += 1) look(hosts[i] ?? home);
  if (best >= 0) state.canPlace(v, best); // the cells that the winner would get
  return best;
}

/** Puts lifted servers on hosts one by one; true when all found a place. */
export function placeAll(
  state: SearchState,
  servers: readonly number[],
  hosts: readonly number[],
  noise?: Noise,
): boolean {
  for (const v of servers) {
    const host = bestHost(state, v, hosts, noise);
    if (host < 0) return false;
    state.place(v, host);
  }
  return true;
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
