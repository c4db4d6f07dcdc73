import type { PeakCost } from '../compile/compiled-objective.ts';
import type { Tracker } from './tracker.ts';
import type { Uses } from './uses.ts';

/** A host is a place to look at when its load is within this share of the highest. */
const nearHighest = 0.9;

/** weight × the highest load, with a tournament over the hosts: each inner place holds the higher of its two. */
export class PeakTracker implements Tracker {
  total = 0;
  readonly #cost: PeakCost;
  readonly #uses: Uses;
  readonly #size: number;
  readonly #tree: Float64Array;

  constructor(cost: PeakCost, uses: Uses) {
    this.#cost = cost;
    this.#uses = uses;
    let size = 1;
    while (size < cost.factor.length) size *= 2;
    this.#size = size;
    this.#tree = new Float64Array(2 * size);
    for (let h = 0; h < cost.factor.length; h += 1) this.book(0, h);
  }

  ofArrival(v: number, h: number): number {
    const factor = this.#cost.factor[h] ?? 0;
    if (factor === 0) return 0;
    const load = this.#load(h) + factor * (this.#uses.of(v, h)[this.#cost.resource] ?? 0);
    return this.#cost.weight * Math.max(0, load - (this.#tree[1] ?? 0));
  }

  book(_: number, h: number): void {
    if (this.#cost.factor[h] === 0) return;
    const tree = this.#tree;
    let place = this.#size + h;
    tree[place] = this.#load(h);
    for (place >>= 1; place >= 1; place >>= 1)
      tree[place] = Math.max(tree[2 * place] ?? 0, tree[2 * place + 1] ?? 0);
    this.total = this.#cost.weight * (tree[1] ?? 0);
  }

  ofHost(h: number): number {
    return (
      this.#cost.weight * Math.max(0, (this.#tree[this.#size + h] ?? 0) - nearHighest * (this.#tree[1] ?? 0))
    );
  }

  settle(): void {
    // The total is computed anew each time.
  }

  #load(h: number): number {
    const { factor, constant, resource } = this.#cost;
    return (constant[h] ?? 0) + (factor[h] ?? 0) * (this.#uses.used[h * this.#uses.count + resource] ?? 0);
  }
}
