import { at } from '../../../shared/at.ts';
import type { CompiledProblem } from '../../compiled.ts';

/** Lists of numbers one after the other: those of i are `items[first[i]]` up to, not including, `items[first[i + 1]]`. */
export interface Lists {
  readonly first: Int32Array;
  readonly items: Int32Array;
}

export function joinLists(lists: readonly (readonly number[])[]): Lists {
  const first = new Int32Array(lists.length + 1);
  for (const [i, list] of lists.entries()) first[i + 1] = at(first, i) + list.length;
  return { first, items: Int32Array.from(lists.flat()) };
}

/** Tables of places by host, each stored once: that of a key begins at `offsetOf(key)`. */
function createPlaceTables(hosts: number) {
  const offsets = new Map<Int32Array, number>();
  return {
    offsetOf(placeOf: Int32Array): number {
      const offset = offsets.get(placeOf) ?? offsets.size * hosts;
      offsets.set(placeOf, offset);
      return offset;
    },
    all(): Int32Array {
      const all = new Int32Array(offsets.size * hosts);
      for (const [placeOf, offset] of offsets) all.set(placeOf, offset);
      return all;
    },
  };
}

const noLimit = 2 ** 30;

/** How many members of each domain constraint are in each domain, and how many may be. */
export class DomainCounts {
  /** Domain constraints by server. */
  readonly #of: Lists;
  readonly #places: Int32Array;
  readonly #tableOf: Int32Array;
  readonly #base: Int32Array;
  readonly #count: Int32Array;
  readonly #most: Int32Array;
  readonly #least: Int32Array;
  /** Domains with members, by constraint. */
  readonly #distinct: Int32Array;

  constructor({ domains, domainsOf, hosts }: CompiledProblem) {
    const tables = createPlaceTables(hosts.length);
    this.#of = joinLists(domainsOf);
    this.#tableOf = Int32Array.from(domains, ({ domainOf }) => tables.offsetOf(domainOf));
    this.#places = tables.all();
    this.#base = new Int32Array(domains.length + 1);
    for (const [d, { count }] of domains.entries()) this.#base[d + 1] = at(this.#base, d) + count;
    this.#count = new Int32Array(at(this.#base, domains.length));
    this.#most = new Int32Array(this.#count.length);
    for (const [d, { atMost }] of domains.entries())
      this.#most.set(
        Int32Array.from(atMost, (most) => Math.min(noLimit, Math.floor(most))),
        this.#base[d],
      );
    this.#least = Int32Array.from(domains, ({ atLeast }) => atLeast);
    this.#distinct = new Int32Array(domains.length);
  }

  clear(): void {
    this.#count.fill(0);
    this.#distinct.fill(0);
  }

  /** Whether there is place for one member more; those short of domains are not looked at. */
  hasPlace(v: number, h: number): boolean {
    const { first, items } = this.#of;
    const end = first[v + 1] ?? 0;
    for (let i = first[v] ?? 0; i < end; i += 1) {
      const slot = this.#slot(items[i] ?? 0, h);
      if ((this.#count[slot] ?? 0) >= (this.#most[slot] ?? 0)) return false;
    }
    return true;
  }

  /** Whether the constraints on a server have members in enough domains. */
  hasSpread(v: number): boolean {
    const { first, items } = this.#of;
    const end = first[v + 1] ?? 0;
    for (let i = first[v] ?? 0; i < end; i += 1) {
      const d = items[i] ?? 0;
      if ((this.#distinct[d] ?? 0) < (this.#least[d] ?? 0)) return false;
    }
    return true;
  }

  add(v: number, h: number, sign: 1 | -1): void {
    const { first, items } = this.#of;
    const end = first[v + 1] ?? 0;
    for (let i = first[v] ?? 0; i < end; i += 1) {
      const d = items[i] ?? 0;
      const slot = this.#slot(d, h);
      const before = this.#count[slot] ?? 0;
      this.#count[slot] = before + sign;
      if (before === (sign === 1 ? 0 : 1)) this.#distinct[d] = (this.#distinct[d] ?? 0) + sign;
    }
  }

  #slot(d: number, h: number): number {
    return (this.#base[d] ?? 0) + (this.#places[(this.#tableOf[d] ?? 0) + h] ?? 0);
  }
}

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
