import { at } from '../../shared/at.ts';
import type { CompiledProblem } from '../compile/compiled.ts';
import type { Tracker } from './tracker.ts';

/** weight × the most members of one set that are elsewhere than they were (`MovedCost`). */
export class MovedTracker implements Tracker {
  total = 0;
  #most = 0;
  readonly #problem: CompiledProblem;
  readonly #term: number;
  readonly #weight: number;
  /** Members of each set that are elsewhere. */
  readonly #moved: Int32Array;
  /** How many sets have so many. */
  readonly #having: Int32Array;

  constructor(problem: CompiledProblem, term: number) {
    const { weight, sets } = at(problem.objective.moved, term);
    this.#problem = problem;
    this.#term = term;
    this.#weight = weight;
    this.#moved = new Int32Array(sets.length);
    this.#having = new Int32Array(sets.reduce((most, set) => Math.max(most, set.length), 0) + 2);
    this.#having[0] = sets.length;
  }

  ofArrival(v: number, h: number): number {
    if (this.#problem.start[v] === h) return 0;
    const own = this.#setsOf(v);
    let most = this.#most;
    for (let i = 0; i < own.length; i += 1) most = Math.max(most, (this.#moved[own[i] ?? 0] ?? 0) + 1);
    return this.#weight * (most - this.#most);
  }

  book(v: number, h: number, sign: 1 | -1): void {
    if (this.#problem.start[v] === h) return;
    const own = this.#setsOf(v);
    for (let i = 0; i < own.length; i += 1) {
      const s = own[i] ?? 0;
      const moved = this.#moved[s] ?? 0;
      this.#having[moved] = (this.#having[moved] ?? 0) - 1;
      this.#having[moved + sign] = (this.#having[moved + sign] ?? 0) + 1;
      this.#moved[s] = moved + sign;
      this.#most = Math.max(this.#most, moved + sign);
    }
    while (this.#most > 0 && this.#having[this.#most] === 0) this.#most -= 1;
    this.total = this.#weight * this.#most;
  }

  ofHost(): number {
    return 0;
  }

  settle(): void {
    // Counts are whole numbers.
  }

  #setsOf(v: number): readonly number[] {
    return this.#problem.objective.membership[v]?.moved[this.#term] ?? [];
  }
}
