import { at } from '../../shared/at.ts';
import { amountTolerance, type CompiledProblem } from '../compile/compiled.ts';
import { slotWeights } from './slot-weights.ts';

/** What is used of every slot, and which cells an arrival would take. */
export class Amounts {
  /** Σ over a host's limited slots of weight × free amount: how much it has left of what is scarce. */
  readonly room: Float64Array;
  /** The options that the last successful `fits` chose, by cell fit. */
  readonly found: Int32Array;
  /** Options that placed servers have: server × cell fits + cell fit; -1 at home and for servers that are no guests. */
  readonly picks: Int32Array;
  readonly #problem: CompiledProblem;
  readonly #used: Float64Array;
  readonly #weights: Float64Array;

  constructor(problem: CompiledProblem) {
    this.#problem = problem;
    this.#used = new Float64Array(problem.limit.length);
    this.#weights = slotWeights(problem);
    this.found = new Int32Array(problem.cellFits.length).fill(-1);
    this.picks = new Int32Array(problem.servers.length * problem.cellFits.length).fill(-1);
    this.room = new Float64Array(problem.hosts.length);
    this.room.set(this.capacities());
  }

  /** The room of each host when it is empty. */
  capacities(): Float64Array {
    const { limit, capacityCount, cellFits, hosts } = this.#problem;
    const sums = new Float64Array(hosts.length);
    const add = (h: number, slot: number): void => {
      const weight = this.#weights[slot] ?? 0;
      if (weight > 0) sums[h] = (sums[h] ?? 0) + weight * (limit[slot] ?? 0);
    };
    for (let h = 0; h < hosts.length; h += 1) {
      for (let p = 0; p < capacityCount; p += 1) add(h, p * hosts.length + h);
      for (const { base, cellCount, quantities } of cellFits)
        for (let i = 0; i < at(cellCount, h) * quantities; i += 1) add(h, at(base, h) + i);
    }
    return sums;
  }

  /** Whether what the server asks for is free on the host; at home that is what it holds today. */
  fits(v: number, h: number): boolean {
    return h === this.#problem.start[v] ? this.#holdingFits(v) : this.#demandFits(v, h);
  }

  /** Books (sign 1) or frees (sign -1) what the server takes on the host with the options in `picks`. */
  book(v: number, h: number, sign: number): void {
    const { start, holdings, holdingOf } = this.#problem;
    if (h !== start[v]) {
      this.#bookDemand(v, h, sign);
      return;
    }
    const { slots, amounts } = at(holdings, at(holdingOf, v));
    for (let i = 0; i < slots.length; i += 1) this.#add(h, slots[i] ?? 0, sign * (amounts[i] ?? 0));
  }

  #bookDemand(v: number, h: number, sign: number): void {
    const { classes, classOf, hosts, cellFits } = this.#problem;
    const { capacities, amounts, guests } = at(classes, at(classOf, v));
    for (let i = 0; i < capacities.length; i += 1)
      this.#add(h, (capacities[i] ?? 0) * hosts.length + h, sign * (amounts[i] ?? 0));
    for (let f = 0; f < guests.length; f += 1) {
      const pick = this.picks[v * guests.length + f] ?? -1;
      const { base, cellCount } = at(cellFits, f);
      const option = pick < 0 ? undefined : guests[f]?.options(at(cellCount, h)).list[pick];
      const taken = option?.offsets.length ?? 0;
      for (let i = 0; i < taken; i += 1)
        this.#add(h, at(base, h) + (option?.offsets[i] ?? 0), sign * (option?.amounts[i] ?? 0));
    }
  }

  #add(h: number, slot: number, amount: number): void {
    this.#used[slot] = (this.#used[slot] ?? 0) + amount;
    this.room[h] = (this.room[h] ?? 0) - (this.#weights[slot] ?? 0) * amount;
  }

  #holdingFits(v: number): boolean {
    const { holdings, holdingOf, limit } = this.#problem;
    const { slots, amounts } = at(holdings, at(holdingOf, v));
    for (let i = 0; i < slots.length; i += 1) {
      const slot = slots[i] ?? 0;
      if ((this.#used[slot] ?? 0) + (amounts[i] ?? 0) > (limit[slot] ?? 0) + amountTolerance) return false;
    }
    return true;
  }

  #demandFits(v: number, h: number): boolean {
    const { classes, classOf, hosts, limit } = this.#problem;
    const { capacities, amounts, guests } = at(classes, at(classOf, v));
    for (let i = 0; i < capacities.length; i += 1) {
      const slot = (capacities[i] ?? 0) * hosts.length + h;
      if ((this.#used[slot] ?? 0) + (amounts[i] ?? 0) > (limit[slot] ?? 0) + amountTolerance) return false;
    }
    for (let f = 0; f < guests.length; f += 1) if (!this.#cellsFit(f, at(classOf, v), h)) return false;
    return true;
  }

  /** Looks for the option that leaves the least of what is scarce on the cells that it takes. */
  #cellsFit(f: number, c: number, h: number): boolean {
    const { classes, cellFits, limit } = this.#problem;
    const shape = classes[c]?.guests[f];
    const { base, cellCount } = at(cellFits, f);
    const first = at(base, h);
    this.found[f] = -1;
    if (shape === undefined || first < 0) return true;
    const { list } = shape.options(at(cellCount, h));
    let best = Infinity;
    for (let o = 0; o < list.length; o += 1) {
      const { offsets, amounts } = at(list, o);
      let left = 0;
      for (let i = 0; i < offsets.length && left < Infinity; i += 1) {
        const slot = first + (offsets[i] ?? 0);
        const free = (limit[slot] ?? 0) - (this.#used[slot] ?? 0) - (amounts[i] ?? 0);
        left = free < -amountTolerance ? Infinity : left + (this.#weights[slot] ?? 0) * free;
      }
      if (left < best) {
        best = left;
        this.found[f] = o;
      }
    }
    return best < Infinity;
  }
}
