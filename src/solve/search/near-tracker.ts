import { at } from '../../shared/at.ts';
import type { CompiledProblem } from '../compile/compiled.ts';
import type { NearCost } from '../compile/compiled-objective.ts';
import type { Tracker } from './tracker.ts';

/** weight × servers that have none near them whom they want near (`NearCost`). */
export class NearTracker implements Tracker {
  total = 0;
  readonly #problem: CompiledProblem;
  readonly #term: number;
  readonly #cost: NearCost;
  /** Members by set and place. */
  readonly #counts: Int32Array;
  /** By set: those that its members want near, and those that want its members near. */
  readonly #wants: readonly (readonly number[])[];
  readonly #wantedBy: readonly (readonly number[])[];

  constructor(problem: CompiledProblem, term: number) {
    this.#problem = problem;
    this.#term = term;
    this.#cost = at(problem.objective.nearness, term);
    const { sets, pairs, places } = this.#cost;
    this.#counts = new Int32Array(sets.length * places.count);
    const wants: number[][] = sets.map(() => []);
    const wantedBy: number[][] = sets.map(() => []);
    for (const { a, b } of pairs) {
      wants[a]?.push(b);
      wantedBy[b]?.push(a);
    }
    this.#wants = wants;
    this.#wantedBy = wantedBy;
  }

  ofArrival(v: number, h: number): number {
    return this.#cost.weight * this.#join(v, h, false);
  }

  book(v: number, h: number, sign: 1 | -1): void {
    if (sign === 1) {
      this.total += this.#cost.weight * this.#join(v, h, true);
      return;
    }
    const own = this.#setsOf(v);
    for (let i = 0; i < own.length; i += 1) this.#add(own[i] ?? 0, h, -1);
    this.total -= this.#cost.weight * this.#join(v, h, false);
  }

  ofHost(): number {
    return 0;
  }

  settle(): void {
    const { pairs, places, weight } = this.#cost;
    let alone = 0;
    for (const { a, b } of pairs)
      for (let d = 0; d < places.count; d += 1)
        if (this.#counts[b * places.count + d] === 0) alone += this.#counts[a * places.count + d] ?? 0;
    this.total = weight * alone;
  }

  #setsOf(v: number): readonly number[] {
    return this.#problem.objective.membership[v]?.near[this.#term] ?? [];
  }

  #add(s: number, h: number, sign: number): void {
    const slot = s * this.#cost.places.count + (this.#cost.places.placeOf[h] ?? 0);
    this.#counts[slot] = (this.#counts[slot] ?? 0) + sign;
  }

  /** By how many more are alone when a server joins its sets on a host one by one; counted in with `stays`. */
  #join(v: number, h: number, stays: boolean): number {
    const { count, placeOf } = this.#cost.places;
    const d = placeOf[h] ?? 0;
    const own = this.#setsOf(v);
    let alone = 0;
    for (let i = 0; i < own.length; i += 1) {
      const s = own[i] ?? 0;
      const wants = at(this.#wants, s);
      for (let k = 0; k < wants.length; k += 1)
        if (this.#counts[(wants[k] ?? 0) * count + d] === 0) alone += 1;
      if (this.#counts[s * count + d] === 0) {
        const wantedBy = at(this.#wantedBy, s);
        for (let k = 0; k < wantedBy.length; k += 1)
          alone -= this.#counts[(wantedBy[k] ?? 0) * count + d] ?? 0;
        // A set that wants itself near: its first member is no longer alone once it is there.
        for (let k = 0; k < wantedBy.length; k += 1) if (wantedBy[k] === s) alone -= 1;
      }
      this.#add(s, h, 1);
    }
    if (!stays) for (let i = 0; i < own.length; i += 1) this.#add(own[i] ?? 0, h, -1);
    return alone;
  }
}
