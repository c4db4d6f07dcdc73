import { at } from '../../shared/at.ts';
import type { CompiledProblem } from '../compile/compiled.ts';
import type { Tracker } from './tracker.ts';
import { Uses } from './uses.ts';

/** What curves of hosts cost. All numbers of a host lie together: host × curves + curve. */
export class CurveTracker implements Tracker {
  total = 0;
  readonly #uses: Uses;
  readonly #count: number;
  readonly #costs: Float64Array;
  readonly #counts: Uint8Array;
  readonly #constant: Float64Array;
  readonly #first: Int32Array;
  readonly #firstFactor: Float64Array;
  /** -1 where a curve has one part only. */
  readonly #second: Int32Array;
  readonly #secondFactor: Float64Array;
  readonly #levelStart: Int32Array;
  readonly #levels: Float64Array;
  readonly #slopes: Float64Array;

  constructor(problem: CompiledProblem, uses: Uses) {
    const { hosts, objective } = problem;
    const { curves } = objective;
    const count = curves.length;
    const spread = (pick: (c: number) => ArrayLike<number> | undefined): Float64Array =>
      Float64Array.from(
        { length: hosts.length * count },
        (_, k) => pick(k % count)?.[Math.floor(k / count)] ?? 0,
      );
    this.#uses = uses;
    this.#count = count;
    this.#costs = new Float64Array(hosts.length * count);
    this.#counts = Uint8Array.from(spread((c) => curves[c]?.counts));
    this.#constant = spread((c) => curves[c]?.constant);
    this.#first = Int32Array.from(curves, ({ parts }) => at(parts, 0).resource);
    this.#firstFactor = spread((c) => curves[c]?.parts[0]?.factor);
    this.#second = Int32Array.from(curves, ({ parts }) => parts[1]?.resource ?? -1);
    this.#secondFactor = spread((c) => curves[c]?.parts[1]?.factor);
    this.#levelStart = Int32Array.from({ length: count + 1 }, (_, c) =>
      curves.slice(0, c).reduce((sum, { levels }) => sum + levels.length, 0),
    );
    this.#levels = Float64Array.from(curves.flatMap(({ levels }) => [...levels]));
    this.#slopes = Float64Array.from(curves.flatMap(({ slopes }) => [...slopes]));
    for (let h = 0; h < hosts.length; h += 1) {
      for (let c = 0; c < count; c += 1) {
        const cost = this.#costWith(h, c, uses.none);
        this.#costs[h * count + c] = cost;
        this.total += cost;
      }
    }
  }

  ofArrival(v: number, h: number): number {
    const load = this.#uses.of(v, h);
    let sum = 0;
    for (let c = 0; c < this.#count; c += 1)
      sum += this.#costWith(h, c, load) - (this.#costs[h * this.#count + c] ?? 0);
    return sum;
  }

  /** The uses have been booked before. */
  book(_: number, h: number): void {
    for (let c = 0; c < this.#count; c += 1) {
      const cost = this.#costWith(h, c, this.#uses.none);
      const k = h * this.#count + c;
      this.total += cost - (this.#costs[k] ?? 0);
      this.#costs[k] = cost;
    }
  }

  ofHost(h: number): number {
    let sum = 0;
    for (let c = 0; c < this.#count; c += 1) sum += this.#costs[h * this.#count + c] ?? 0;
    return sum;
  }

  settle(): void {
    this.total = this.#costs.reduce((sum, cost) => sum + cost, 0);
  }

  #costWith(h: number, c: number, load: Float64Array): number {
    const k = h * this.#count + c;
    if (this.#counts[k] === 0) return 0;
    const { used, count } = this.#uses;
    const first = this.#first[c] ?? 0;
    const second = this.#second[c] ?? -1;
    let x =
      (this.#constant[k] ?? 0) +
      (this.#firstFactor[k] ?? 0) * ((used[h * count + first] ?? 0) + (load[first] ?? 0));
    if (second >= 0)
      x += (this.#secondFactor[k] ?? 0) * ((used[h * count + second] ?? 0) + (load[second] ?? 0));
    let cost = 0;
    const end = this.#levelStart[c + 1] ?? 0;
    for (let t = this.#levelStart[c] ?? 0; t < end; t += 1) {
      const above = x - (this.#levels[t] ?? 0);
      if (above > 0) cost += above * (this.#slopes[t] ?? 0);
    }
    return cost;
  }
}
