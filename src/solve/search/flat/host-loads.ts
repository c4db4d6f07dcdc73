import { amountTolerance } from '../../compile/compiled.ts';
import type { FlatProblem } from './flat-problem.ts';

/** What hosts hold: the argument of each hinge, what is left of each limit, and what that costs. */
export class HostLoads {
  /** Of all hosts. */
  total = 0;
  readonly cost: Float64Array;
  readonly #flat: FlatProblem;
  readonly #rows: Float64Array;
  readonly #hingeCount: number;
  readonly #limitCount: number;
  /** Argument and weight of each hinge in turn, by host. */
  readonly #hinges: Float64Array;
  /** By host, tolerance included. */
  readonly #room: Float64Array;

  constructor(flat: FlatProblem) {
    const { hinges, limit, limitCount, rows } = flat;
    this.#flat = flat;
    this.#rows = rows;
    this.#hingeCount = hinges.count;
    this.#limitCount = limitCount;
    this.#hinges = new Float64Array(2 * hinges.origin.length);
    this.#room = new Float64Array(limit.length);
    this.cost = new Float64Array(flat.problem.hosts.length);
  }

  /** Nothing is on any host. */
  clear(): void {
    const { hinges, limit } = this.#flat;
    const { origin, weight } = hinges;
    for (let i = 0; i < origin.length; i += 1) {
      this.#hinges[2 * i] = origin[i] ?? 0;
      this.#hinges[2 * i + 1] = weight[i] ?? 0;
    }
    for (let i = 0; i < limit.length; i += 1) this.#room[i] = (limit[i] ?? 0) + amountTolerance;
  }

  /** Sums up what hosts cost. */
  settle(): void {
    this.total = 0;
    for (let h = 0; h < this.cost.length; h += 1) {
      this.cost[h] = this.costOf(h);
      this.total += this.cost[h] ?? 0;
    }
  }

  /** Whether there is room for a row. */
  fits(h: number, row: number): boolean {
    const count = this.#limitCount;
    const base = h * count;
    const first = row + this.#hingeCount;
    for (let i = 0; i < count; i += 1)
      if ((this.#rows[first + i] ?? 0) > (this.#room[base + i] ?? 0)) return false;
    return true;
  }

  /** Whether there is room for a row when another one leaves. */
  fitsFor(h: number, row: number, other: number): boolean {
    const count = this.#limitCount;
    const base = h * count;
    const skip = this.#hingeCount;
    for (let i = 0; i < count; i += 1)
      if (
        (this.#rows[row + skip + i] ?? 0) - (this.#rows[other + skip + i] ?? 0) >
        (this.#room[base + i] ?? 0)
      )
        return false;
    return true;
  }

  /** What a host costs as it is. */
  costOf(h: number): number {
    const count = this.#hingeCount;
    let cost = 0;
    for (let k = 2 * h * count; k < 2 * (h + 1) * count; k += 2) {
      const x = this.#hinges[k] ?? 0;
      if (x > 0) cost += x * (this.#hinges[k + 1] ?? 0);
    }
    return cost;
  }

  /** What it would cost with a row more. */
  costWith(h: number, row: number): number {
    const count = this.#hingeCount;
    let cost = 0;
    let k = 2 * h * count;
    for (let i = row; i < row + count; i += 1, k += 2) {
      const x = (this.#hinges[k] ?? 0) + (this.#rows[i] ?? 0);
      if (x > 0) cost += x * (this.#hinges[k + 1] ?? 0);
    }
    return cost;
  }

  /** What it would cost with a row less. */
  costWithout(h: number, row: number): number {
    const count = this.#hingeCount;
    let cost = 0;
    let k = 2 * h * count;
    for (let i = row; i < row + count; i += 1, k += 2) {
      const x = (this.#hinges[k] ?? 0) - (this.#rows[i] ?? 0);
      if (x > 0) cost += x * (this.#hinges[k + 1] ?? 0);
    }
    return cost;
  }

  /** What it would cost with a row in place of another. */
  costFor(h: number, row: number, other: number): number {
    const count = this.#hingeCount;
    let cost = 0;
    let k = 2 * h * count;
    for (let i = 0; i < count; i += 1, k += 2) {
      const x = (this.#hinges[k] ?? 0) + (this.#rows[row + i] ?? 0) - (this.#rows[other + i] ?? 0);
      if (x > 0) cost += x * (this.#hinges[k + 1] ?? 0);
    }
    return cost;
  }

  /** Adds a row to what a host holds (sign 1), or takes it away (sign -1). */
  addRow(h: number, row: number, sign: 1 | -1): void {
    const hinges = this.#hingeCount;
    const limits = this.#limitCount;
    let k = 2 * h * hinges;
    for (let i = row; i < row + hinges; i += 1, k += 2)
      this.#hinges[k] = (this.#hinges[k] ?? 0) + sign * (this.#rows[i] ?? 0);
    const base = h * limits;
    const first = row + hinges;
    for (let i = 0; i < limits; i += 1)
      this.#room[base + i] = (this.#room[base + i] ?? 0) - sign * (this.#rows[first + i] ?? 0);
  }

  /** Notes what a host costs after its rows have changed. */
  setCost(h: number, cost: number): void {
    this.total += cost - (this.cost[h] ?? 0);
    this.cost[h] = cost;
  }
}
