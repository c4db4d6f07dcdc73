import { at } from '../../../shared/at.ts';
import type { CompiledProblem } from '../../compile/compiled.ts';
import { joinLists, type Lists } from './lists.ts';
import { createPlaceTables } from './place-tables.ts';

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
