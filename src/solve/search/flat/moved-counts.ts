import { at } from '../../../shared/at.ts';
import type { CompiledProblem } from '../../compile/compiled.ts';
import { joinLists, type Lists } from './lists.ts';

/** weight × the most members of one set that are elsewhere than they were, summed over the terms (`MovedCost`). */
export class MovedCounts {
  total = 0;
  /** No one server can save more than this by going home. */
  readonly mostSaved: number;
  readonly #of: Lists;
  readonly #termOf: Int32Array;
  readonly #weight: Float64Array;
  readonly #moved: Int32Array;
  readonly #most: Int32Array;
  /** How many sets of a term have so many members elsewhere: `#base` of the term + members. */
  readonly #having: Int32Array;
  readonly #base: Int32Array;

  constructor({ objective, servers }: CompiledProblem) {
    const { moved } = objective;
    const sets = moved.flatMap((term, t) => term.sets.map((members) => ({ members, t })));
    const of: number[][] = servers.map(() => []);
    for (const [s, { members }] of sets.entries()) for (const v of members) of[v]?.push(s);
    this.#of = joinLists(of);
    this.#termOf = Int32Array.from(sets, ({ t }) => t);
    this.#weight = Float64Array.from(moved, ({ weight }) => weight);
    this.#moved = new Int32Array(sets.length);
    this.#most = new Int32Array(moved.length);
    this.#base = new Int32Array(moved.length + 1);
    for (const [t, term] of moved.entries()) {
      const largest = term.sets.reduce((most, set) => Math.max(most, set.length), 0);
      this.#base[t + 1] = at(this.#base, t) + largest + 2;
    }
    this.#having = new Int32Array(at(this.#base, moved.length));
    this.mostSaved = this.#weight.reduce((sum, weight) => sum + weight, 0);
    this.clear();
  }

  clear(): void {
    this.total = 0;
    this.#moved.fill(0);
    this.#most.fill(0);
    this.#having.fill(0);
    for (const t of this.#termOf) {
      const base = this.#base[t] ?? 0;
      this.#having[base] = (this.#having[base] ?? 0) + 1;
    }
  }

  /** Counts a server as moved (sign 1), or as at home again (sign -1). */
  add(v: number, sign: 1 | -1): void {
    const { first, items } = this.#of;
    const end = first[v + 1] ?? 0;
    for (let i = first[v] ?? 0; i < end; i += 1) {
      const s = items[i] ?? 0;
      const t = this.#termOf[s] ?? 0;
      const base = this.#base[t] ?? 0;
      const before = this.#moved[s] ?? 0;
      this.#moved[s] = before + sign;
      this.#having[base + before] = (this.#having[base + before] ?? 0) - 1;
      this.#having[base + before + sign] = (this.#having[base + before + sign] ?? 0) + 1;
      const most = this.#most[t] ?? 0;
      if (before + sign > most) this.#setMost(t, most + 1);
      else if (before === most && this.#having[base + most] === 0) this.#setMost(t, most - 1);
    }
  }

  #setMost(t: number, most: number): void {
    this.total += (this.#weight[t] ?? 0) * (most - (this.#most[t] ?? 0));
    this.#most[t] = most;
  }
}
