import { at } from '../../../shared/at.ts';
import type { CompiledProblem } from '../../compile/compiled.ts';
import { joinLists, type Lists } from './lists.ts';
import { createPlaceTables } from './place-tables.ts';

/** weight × servers that have none near them whom they want near, of all terms (`NearCost`). */
export class NearCounts {
  total = 0;
  /** Sets by server, of all terms. */
  readonly #of: Lists;
  readonly #wants: Lists;
  readonly #wantedBy: Lists;
  readonly #weight: Float64Array;
  readonly #places: Int32Array;
  readonly #tableOf: Int32Array;
  readonly #base: Int32Array;
  readonly #count: Int32Array;

  constructor({ objective, hosts, servers }: CompiledProblem) {
    const { nearness } = objective;
    const tables = createPlaceTables(hosts.length);
    const sets = nearness.flatMap((term) => term.sets.map((members) => ({ ...term, members })));
    const of: number[][] = servers.map(() => []);
    for (const [s, { members }] of sets.entries()) for (const v of members) of[v]?.push(s);
    const wants: number[][] = sets.map(() => []);
    const wantedBy: number[][] = sets.map(() => []);
    let first = 0;
    for (const term of nearness) {
      for (const { a, b } of term.pairs) {
        wants[first + a]?.push(first + b);
        wantedBy[first + b]?.push(first + a);
      }
      first += term.sets.length;
    }
    this.#of = joinLists(of);
    this.#wants = joinLists(wants);
    this.#wantedBy = joinLists(wantedBy);
    this.#weight = Float64Array.from(sets, ({ weight }) => weight);
    this.#tableOf = Int32Array.from(sets, ({ places }) => tables.offsetOf(places.placeOf));
    this.#places = tables.all();
    this.#base = new Int32Array(sets.length + 1);
    for (const [s, { places }] of sets.entries()) this.#base[s + 1] = at(this.#base, s) + places.count;
    this.#count = new Int32Array(at(this.#base, sets.length));
  }

  clear(): void {
    this.#count.fill(0);
    this.total = 0;
  }

  /** Counts a server in. */
  join(v: number, h: number): void {
    const { first, items } = this.#of;
    const end = first[v + 1] ?? 0;
    for (let i = first[v] ?? 0; i < end; i += 1) {
      const s = items[i] ?? 0;
      const slot = this.#slot(s, h);
      this.#count[slot] = (this.#count[slot] ?? 0) + 1;
      this.total += this.#difference(s, slot, h);
    }
  }

  /** Counts a server out on one host and in on another; where both are one place nothing changes. */
  move(v: number, from: number, to: number): void {
    const { first, items } = this.#of;
    const begin = first[v] ?? 0;
    const end = first[v + 1] ?? 0;
    for (let i = end - 1; i >= begin; i -= 1) {
      const s = items[i] ?? 0;
      const slot = this.#slot(s, from);
      if (slot === this.#slot(s, to)) continue;
      this.total -= this.#difference(s, slot, from);
      this.#count[slot] = (this.#count[slot] ?? 0) - 1;
    }
    for (let i = begin; i < end; i += 1) {
      const s = items[i] ?? 0;
      const slot = this.#slot(s, to);
      if (slot === this.#slot(s, from)) continue;
      this.#count[slot] = (this.#count[slot] ?? 0) + 1;
      this.total += this.#difference(s, slot, to);
    }
  }

  /** What one of the members of a set on a host makes out, it being counted. */
  #difference(s: number, slot: number, h: number): number {
    let alone = 0;
    const wants = this.#wants;
    const end = wants.first[s + 1] ?? 0;
    for (let i = wants.first[s] ?? 0; i < end; i += 1)
      if (this.#count[this.#slot(wants.items[i] ?? 0, h)] === 0) alone += 1;
    if (this.#count[slot] === 1) alone -= this.#servedBy(s, h);
    return alone * (this.#weight[s] ?? 0);
  }

  /** Members of other sets that want this one near and are there; a set that wants itself is not alone for that. */
  #servedBy(s: number, h: number): number {
    let served = 0;
    const wantedBy = this.#wantedBy;
    const end = wantedBy.first[s + 1] ?? 0;
    for (let i = wantedBy.first[s] ?? 0; i < end; i += 1) {
      const other = wantedBy.items[i] ?? 0;
      if (other !== s) served += this.#count[this.#slot(other, h)] ?? 0;
    }
    return served;
  }

  #slot(s: number, h: number): number {
    return (this.#base[s] ?? 0) + (this.#places[(this.#tableOf[s] ?? 0) + h] ?? 0);
  }
}
