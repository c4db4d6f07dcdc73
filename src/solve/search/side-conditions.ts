import { at } from '../../shared/at.ts';
import type { CompiledProblem } from '../compile/compiled.ts';

/** Counts behind domain constraints, no-goods and twins: what is no amount. */
export class SideConditions {
  /** Domain constraints whose members are in too few domains. */
  shortOfSpread = 0;
  /** No-goods that hold all their servers now: at the start, or among servers that cannot move. */
  broken = 0;
  readonly #problem: CompiledProblem;
  readonly #base: Int32Array;
  readonly #counts: Int32Array;
  readonly #distinct: Int32Array;
  readonly #placed: Int32Array;
  readonly #inside: readonly Int32Array[];
  readonly #noGoodsOf = new Map<number, number[]>();
  readonly #together: Int32Array;
  readonly #coveredArrivals: Int32Array;

  constructor(problem: CompiledProblem) {
    const { domains, noGoods, hosts, togethers } = problem;
    this.#problem = problem;
    this.#base = new Int32Array(domains.length);
    let base = 0;
    for (const [d, domain] of domains.entries()) {
      this.#base[d] = base;
      base += domain.count;
      if (domain.atLeast > 0) this.shortOfSpread += 1;
    }
    this.#counts = new Int32Array(base);
    this.#distinct = new Int32Array(domains.length);
    this.#placed = new Int32Array(togethers.length);
    this.#inside = togethers.map(({ groupCount }) => new Int32Array(groupCount));
    this.#together = new Int32Array(noGoods.length);
    this.#coveredArrivals = new Int32Array(hosts.length);
    for (const [n, noGood] of noGoods.entries())
      for (const v of noGood.servers) this.#noGoodsOf.set(v, [...(this.#noGoodsOf.get(v) ?? []), n]);
  }

  /** Whether the server may join those on the host. */
  allow(v: number, h: number, on: readonly number[]): boolean {
    const { domains, domainsOf, noGoods, hasTwin } = this.#problem;
    for (const d of at(domainsOf, v)) {
      const domain = at(domains, d);
      const i = at(domain.domainOf, h);
      if ((this.#counts[at(this.#base, d) + i] ?? 0) + 1 > (domain.atMost[i] ?? Infinity)) return false;
    }
    for (const n of this.#noGoodsOf.get(v) ?? []) {
      const noGood = at(noGoods, n);
      if (noGood.host === h && (this.#together[n] ?? 0) + 1 >= noGood.servers.length) return false;
    }
    if (!this.#togetherAllows(v, h)) return false;
    return !hasTwin || this.#twinAllows(v, h, on);
  }

  /** Counts the server in (sign 1) or out (sign -1). */
  count(v: number, h: number, sign: 1 | -1): void {
    const { domains, domainsOf, togethers, togethersOf, noGoods, covered, start } = this.#problem;
    for (const d of at(domainsOf, v)) this.#countDomain(d, at(at(domains, d).domainOf, h), sign);
    for (const t of at(togethersOf, v)) {
      this.#placed[t] = at(this.#placed, t) + sign;
      const inside = at(this.#inside, t);
      for (const g of at(at(togethers, t).groupsOf, h)) inside[g] = at(inside, g) + sign;
    }
    for (const n of this.#noGoodsOf.get(v) ?? []) {
      const noGood = at(noGoods, n);
      if (noGood.host !== h) continue;
      const before = this.#together[n] ?? 0;
      this.#together[n] = before + sign;
      if (Math.max(before, before + sign) === noGood.servers.length) this.broken += sign;
    }
    if (covered[v] === 1 && start[v] !== h) this.#coveredArrivals[h] = (this.#coveredArrivals[h] ?? 0) + sign;
  }

  /** No-goods that hold all their servers now. */
  brokenNoGoods(): number[] {
    return this.#problem.noGoods
      .map((_, n) => n)
      .filter((n) => this.#together[n] === this.#problem.noGoods[n]?.servers.length);
  }

  #countDomain(d: number, domain: number, sign: 1 | -1): void {
    const slot = at(this.#base, d) + domain;
    const { atLeast } = at(this.#problem.domains, d);
    const before = this.#counts[slot] ?? 0;
    this.#counts[slot] = before + sign;
    if (before + Math.min(sign, 0) !== 0) return; // neither the first nor the last of the domain
    const wasShort = (this.#distinct[d] ?? 0) < atLeast;
    this.#distinct[d] = (this.#distinct[d] ?? 0) + sign;
    this.shortOfSpread += Number((this.#distinct[d] ?? 0) < atLeast) - Number(wasShort);
  }

  /** Some group holds all placed members and this one, but for those that may be outside. */
  #togetherAllows(v: number, h: number): boolean {
    const { togethers, togethersOf } = this.#problem;
    return at(togethersOf, v).every((t) => {
      const { groupsOf, outside } = at(togethers, t);
      const inside = at(this.#inside, t);
      const least = at(this.#placed, t) + 1 - outside;
      if (at(groupsOf, h).some((g) => at(inside, g) + 1 >= least)) return true;
      return outside > 0 && inside.some((count) => count >= least);
    });
  }

  /** A host that receives a covered server holds nothing but arrivals from that server's host. */
  #twinAllows(v: number, h: number, on: readonly number[]): boolean {
    const { start, covered } = this.#problem;
    const home = start[v];
    if (this.#coveredArrivals[h] === 0 && (covered[v] === 0 || home === h)) return true;
    return home !== h && on.every((other) => start[other] === home);
  }
}
