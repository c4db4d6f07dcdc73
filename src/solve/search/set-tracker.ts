import { at } from '../../shared/at.ts';
import type { CompiledProblem } from '../compile/compiled.ts';
import type { SetCost } from '../compile/compiled-objective.ts';
import type { Tracker } from './tracker.ts';

/** What sets of servers cost by the places that they are in (`SetCost`). */
export class SetTracker implements Tracker {
  total = 0;
  readonly #problem: CompiledProblem;
  /** First count of each set; its places follow. */
  readonly #base: Int32Array;
  readonly #counts: Int32Array;
  /** Places with members, by set. */
  readonly #occupied: Int32Array;

  constructor(problem: CompiledProblem) {
    const { sets } = problem.objective;
    this.#problem = problem;
    this.#base = new Int32Array(sets.length);
    let size = 0;
    for (const [s, { places }] of sets.entries()) {
      this.#base[s] = size;
      size += places.count;
    }
    this.#counts = new Int32Array(size);
    this.#occupied = new Int32Array(sets.length);
    this.settle();
  }

  ofArrival(v: number, h: number): number {
    const { sets, membership } = this.#problem.objective;
    const own = at(membership, v).sets;
    let sum = 0;
    for (let i = 0; i < own.length; i += 1) {
      const s = own[i] ?? 0;
      const cost = at(sets, s);
      const members = this.#counts[this.#slot(s, cost, h)] ?? 0;
      sum += marginal(cost, members, this.#occupied[s] ?? 0);
    }
    return sum;
  }

  book(v: number, h: number, sign: 1 | -1): void {
    const { sets, membership } = this.#problem.objective;
    const own = at(membership, v).sets;
    for (let i = 0; i < own.length; i += 1) {
      const s = own[i] ?? 0;
      const cost = at(sets, s);
      const slot = this.#slot(s, cost, h);
      const others = (this.#counts[slot] ?? 0) - (sign === 1 ? 0 : 1);
      const elsewhere = (this.#occupied[s] ?? 0) - (sign === 1 || others > 0 ? 0 : 1);
      this.total += sign * marginal(cost, others, elsewhere);
      this.#counts[slot] = others + (sign === 1 ? 1 : 0);
      if (others === 0) this.#occupied[s] = elsewhere + (sign === 1 ? 1 : 0);
    }
  }

  ofHost(): number {
    return 0;
  }

  settle(): void {
    this.total = 0;
    for (const [s, { kind, weight, limit, places }] of this.#problem.objective.sets.entries()) {
      const occupied = this.#occupied[s] ?? 0;
      if (kind === 'short') this.total += weight * Math.max(0, limit - occupied);
      else if (kind === 'scattered') this.total += weight * Math.max(0, occupied - 1);
      else
        for (let d = 0; d < places.count; d += 1)
          this.total += weight * Math.max(0, (this.#counts[at(this.#base, s) + d] ?? 0) - limit);
    }
  }

  #slot(s: number, { places }: SetCost, h: number): number {
    return (this.#base[s] ?? 0) + (places.placeOf[h] ?? 0);
  }
}

/** What one member more costs in a place with so many, when the set is in so many places. */
function marginal({ kind, weight, limit }: SetCost, members: number, occupied: number): number {
  switch (kind) {
    case 'short':
      return members === 0 && occupied < limit ? -weight : 0;
    case 'scattered':
      return members === 0 && occupied > 0 ? weight : 0;
    case 'crowded':
      return weight * (Math.max(0, members + 1 - limit) - Math.max(0, members - limit));
  }
}
