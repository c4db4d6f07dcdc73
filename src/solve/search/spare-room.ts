import { at } from '../../shared/at.ts';
import type { CompiledSpareRoom } from '../compile/compiled.ts';
import { SearchState } from './search-state.ts';
import { classSizes } from './server-sizes.ts';
import { hardestFirst } from './settle.ts';
import { openAfter } from './open-after.ts';

/**
 * Whether the servers of any one host find room on the others: they are packed there, hardest first, on the roomiest
 * host that takes each, else on the tightest. Which hosts a packing relies on is remembered, and only losses that a
 * change can matter to are packed again.
 */
export class SpareRoomCheck {
  readonly #spare: CompiledSpareRoom;
  /** Follows the search; its limits are lower by the margin that is to be kept. */
  #state: SearchState;
  readonly #mustEmpty: Uint8Array;
  readonly #sizes: Float64Array;
  readonly #open: Uint8Array;
  /** Hosts whose loss is to be looked at again. */
  readonly #stale: Uint8Array;
  /** By lost host: hosts that its servers were packed on. */
  readonly #relied: (readonly number[])[];
  /** What may find no room, by lost host: as much as today. */
  readonly #allowed: Float64Array;

  constructor(spare: CompiledSpareRoom, mustEmpty: Uint8Array) {
    const { evacuation } = spare;
    this.#spare = spare;
    this.#mustEmpty = mustEmpty;
    this.#state = new SearchState({ ...evacuation, limit: spare.fullLimit });
    this.#sizes = classSizes(evacuation);
    this.#open = new Uint8Array(evacuation.hosts.length).fill(1);
    this.#stale = new Uint8Array(evacuation.hosts.length).fill(1);
    this.#relied = evacuation.hosts.map(() => []);
    this.#allowed = Float64Array.from(evacuation.hosts.keys(), (h) =>
      Math.max(at(spare.broken, h), this.#loss(h, 0)),
    );
    this.#state = new SearchState(evacuation);
  }

  /** Whether no loss leaves more without room than today, with everybody where the state has them. */
  holds(main: SearchState): boolean {
    const touched = this.#follow(main);
    for (let h = 0; h < touched.length; h += 1)
      if (touched[h] === 1 || at(this.#relied, h).some((target) => touched[target] === 1)) this.#stale[h] = 1;
    const looks = this.#state.looks;
    let holds = true;
    for (let h = 0; h < touched.length && holds; h += 1) {
      if (this.#stale[h] === 0) continue;
      const most = at(this.#allowed, h);
      const lost = this.#loss(h, most);
      holds = lost <= most;
      if (lost === 0) this.#stale[h] = 0;
    }
    main.looks += this.#state.looks - looks;
    return holds;
  }

  /** Puts everybody where they are in the other state; 1 for the hosts at which something changed. */
  #follow(main: SearchState): Uint8Array {
    const state = this.#state;
    const touched = new Uint8Array(this.#open.length);
    const cells = state.problem.cellFits.length;
    const same = cells === main.problem.cellFits.length;
    const none = new Int32Array(cells).fill(-1);
    const moved: number[] = [];
    for (let v = 0; v < state.at.length; v += 1) {
      let equal = state.at[v] === main.at[v];
      for (let f = 0; equal && same && f < cells; f += 1)
        equal = state.amounts.picks[v * cells + f] === main.amounts.picks[v * cells + f];
      if (!equal) moved.push(v);
    }
    for (const v of moved)
      if (at(state.at, v) >= 0) {
        touched[at(state.at, v)] = 1;
        state.lift(v);
      }
    for (const v of moved) {
      const h = at(main.at, v);
      if (h < 0) continue;
      touched[h] = 1;
      state.restore(v, h, same ? main.picksOf(v) : none);
    }
    const open = openAfter(this.#spare, this.#mustEmpty, state);
    for (let h = 0; h < open.length; h += 1) {
      if (this.#open[h] !== open[h]) touched[h] = 1;
      this.#open[h] = at(open, h);
    }
    return touched;
  }

  /** What finds no room when the host is lost; the second order is tried when the first leaves more than `enough`. */
  #loss(h: number, enough: number): number {
    const first = this.#pack(h, -1);
    return first <= enough ? first : Math.min(first, this.#pack(h, 1));
  }

  /** Packs the servers of a host on the others and takes that back; `sign` -1: the roomiest host first. */
  #pack(h: number, sign: 1 | -1): number {
    const state = this.#state;
    const { weight } = this.#spare;
    const leaving = at(state.serversOn, h).filter((v) => at(weight, v) > 0);
    const order = hardestFirst(state, this.#sizes, leaving);
    const picks = new Map(order.map((v) => [v, state.picksOf(v)]));
    const room = (k: number): number => sign * at(state.amounts.room, k);
    const targets = [...this.#open.keys()].filter((k) => k !== h && this.#open[k] === 1);
    targets.sort((a, b) => room(a) - room(b)); // stable: by number where that is equal
    for (const v of order) state.lift(v);
    let lost = 0;
    const relied = new Set<number>();
    for (const v of order) {
      const target = this.#targetOf(v, targets);
      if (target === undefined) lost += at(weight, v);
      else {
        state.place(v, target);
        relied.add(target);
      }
    }
    for (const v of order) {
      if (at(state.at, v) >= 0) state.lift(v);
      state.restore(v, h, picks.get(v) ?? new Int32Array(0));
    }
    this.#relied[h] = [...relied];
    return lost;
  }

  #targetOf(v: number, targets: readonly number[]): number | undefined {
    const state = this.#state;
    const { classes, classOf } = state.problem;
    const allowed = classes[at(classOf, v)]?.allowed;
    return targets.find((k) => {
      if (allowed?.[k] !== 1) return false;
      state.looks += 1;
      return state.canPlace(v, k);
    });
  }
}
