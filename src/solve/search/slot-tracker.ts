import { timesIn } from '../../objective/host-terms.ts';
import type { SlotCost } from '../compile/compiled-objective.ts';
import type { Tracker } from './tracker.ts';
import type { Uses } from './uses.ts';

/** weight × the free slots that are missing. */
export class SlotTracker implements Tracker {
  total = 0;
  #free = 0;
  readonly #cost: SlotCost;
  readonly #uses: Uses;
  readonly #slots: Float64Array;

  constructor(cost: SlotCost, uses: Uses) {
    this.#cost = cost;
    this.#uses = uses;
    this.#slots = new Float64Array(cost.counts.length);
    this.total = this.#price(0);
    for (let h = 0; h < cost.counts.length; h += 1) this.book(0, h);
  }

  ofArrival(v: number, h: number): number {
    if (this.#cost.counts[h] === 0) return 0;
    const lost = (this.#slots[h] ?? 0) - this.#slotsWith(h, this.#uses.of(v, h));
    return this.#price(this.#free - lost) - this.total;
  }

  book(_: number, h: number): void {
    if (this.#cost.counts[h] === 0) return;
    const slots = this.#slotsWith(h, this.#uses.none);
    this.#free += slots - (this.#slots[h] ?? 0);
    this.#slots[h] = slots;
    this.total = this.#price(this.#free);
  }

  /** Room that is not enough for one more slot, as a share of one. */
  ofHost(h: number): number {
    const { counts, parts, weight } = this.#cost;
    if (counts[h] === 0) return 0;
    const { used, count } = this.#uses;
    let most = 0;
    for (const { room, resource, amount } of parts) {
      const free = Math.max(0, (room[h] ?? 0) - (used[h * count + resource] ?? 0)) / amount;
      most = Math.max(most, free - (this.#slots[h] ?? 0));
    }
    return weight * most;
  }

  settle(): void {
    // Slots are whole numbers.
  }

  #price(free: number): number {
    return this.#cost.weight * Math.max(0, this.#cost.wanted - free);
  }

  #slotsWith(h: number, load: Float64Array): number {
    const { parts } = this.#cost;
    const { used, count } = this.#uses;
    let slots = Infinity;
    for (let i = 0; i < parts.length; i += 1) {
      const part = parts[i];
      if (part === undefined) continue;
      const taken = (used[h * count + part.resource] ?? 0) + (load[part.resource] ?? 0);
      slots = Math.min(slots, timesIn((part.room[h] ?? 0) - taken, part.amount));
    }
    return slots;
  }
}
