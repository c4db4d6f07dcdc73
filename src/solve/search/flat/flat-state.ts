import { amountTolerance } from '../../compile/compiled.ts';
import { DomainCounts } from './domain-counts.ts';
import type { FlatProblem } from './flat-problem.ts';
import { HostLoads } from './host-loads.ts';
import { MovedCounts } from './moved-counts.ts';
import { NearCounts } from './near-counts.ts';

/**
 * Servers on hosts, all of them placed, with the goal's value kept up to date move by move. A move is refused at the
 * first test that fails, the cheapest first; nothing is allocated.
 */
export class FlatState {
  readonly flat: FlatProblem;
  /** Host by server. */
  readonly at: Int32Array;
  readonly domains: DomainCounts;
  readonly near: NearCounts;
  readonly moved: MovedCounts;
  readonly #loads: HostLoads;
  readonly #homeRow: Int32Array;
  readonly #awayRow: Int32Array;
  readonly #start: Int32Array;
  readonly #cost: Float64Array;
  readonly #gib: Float64Array;
  readonly #kindOf: Uint8Array;
  readonly #mayTarget: Uint8Array;
  readonly #targetsOf: Int32Array;
  readonly #mustEmpty: Uint8Array;
  readonly #routeOf: Int32Array;
  readonly #routes: Float64Array;
  readonly #hostCount: number;
  readonly #limitsMoves: boolean;
  /** Servers that are not at home, in no order: the first `moves` of these. */
  readonly visitors: Int32Array;
  readonly #positionOf: Int32Array;
  moves = 0;
  #volume = 0;
  #movePrices = 0;

  constructor(flat: FlatProblem) {
    const { problem } = flat;
    const { servers, hosts, objective } = problem;
    this.flat = flat;
    this.at = Int32Array.from(problem.start);
    this.visitors = new Int32Array(servers.length);
    this.#positionOf = new Int32Array(servers.length);
    this.domains = new DomainCounts(problem);
    this.near = new NearCounts(problem);
    this.moved = new MovedCounts(problem);
    this.#loads = new HostLoads(flat);
    this.#homeRow = flat.homeRow;
    this.#awayRow = flat.awayRow;
    this.#start = problem.start;
    this.#cost = problem.cost;
    this.#gib = problem.gib;
    this.#kindOf = objective.kindOf;
    this.#mayTarget = flat.mayTarget;
    this.#targetsOf = flat.targetsOf;
    this.#mustEmpty = problem.mustEmpty;
    this.#hostCount = hosts.length;
    this.#limitsMoves = problem.maxMoves < servers.length || problem.maxGiB !== Infinity;
    const { routes } = objective;
    this.#routeOf = Int32Array.from(
      problem.start,
      (home) => (routes?.rowOf[home] ?? routes?.rows.length ?? 0) * hosts.length,
    );
    this.#routes = new Float64Array(((routes?.rows.length ?? 0) + 1) * hosts.length);
    for (const [i, row] of routes?.rows.entries() ?? []) this.#routes.set(row, i * hosts.length);
    this.load(problem.start);
  }

  /** The goal's value but for what no move changes. */
  get total(): number {
    return this.#loads.total + this.#movePrices + this.near.total + this.moved.total;
  }

  /** The part of the total that is paid at hosts and for moves. */
  get hostTotal(): number {
    return this.#loads.total + this.#movePrices;
  }

  /** Takes over where everybody is, and sums everything up anew. */
  load(hosts: Int32Array): void {
    this.at.set(hosts);
    this.#loads.clear();
    this.domains.clear();
    this.near.clear();
    this.moved.clear();
    this.moves = 0;
    this.#volume = 0;
    this.#movePrices = 0;
    for (let v = 0; v < hosts.length; v += 1) {
      const h = hosts[v] ?? 0;
      this.#loads.addRow(h, this.#rowOf(v, h), 1);
      this.domains.add(v, h, 1);
      this.near.join(v, h);
      if (h !== this.#start[v]) this.#countMove(v, 1);
      this.#movePrices += this.#movePrice(v, h);
    }
    this.#loads.settle();
  }

  /** Moves a server to another host if it may go there and that makes the total rise by no more than `limit`. */
  tryMove(v: number, to: number, limit: number): boolean {
    const from = this.at[v] ?? 0;
    if (from === to || !this.#mayBe(v, to)) return false;
    const row = this.#rowOf(v, to);
    if (!this.#loads.fits(to, row)) return false;
    const old = this.#rowOf(v, from);
    const prices = this.#movePrice(v, to) - this.#movePrice(v, from);
    const costTo = this.#loads.costWith(to, row);
    const rise = costTo - (this.#loads.cost[to] ?? 0) + prices;
    if (rise - (this.#loads.cost[from] ?? 0) - this.#mostSaved() > limit) return false;
    const costFrom = this.#loads.costWithout(from, old);
    const sum = rise + costFrom - (this.#loads.cost[from] ?? 0);
    if (sum - this.#mostSaved() > limit) return false;
    if (!this.#maySpend(v, from, to, -1, -1)) return false;
    if (!this.#countPlaces(v, from, to, limit - sum)) return false;
    this.#loads.addRow(from, old, -1);
    this.#loads.addRow(to, row, 1);
    this.#loads.setCost(from, costFrom);
    this.#loads.setCost(to, costTo);
    this.#movePrices += prices;
    return true;
  }

  /** Two servers on different hosts change places, on the same terms. */
  trySwap(v: number, w: number, limit: number): boolean {
    const a = this.at[v] ?? 0;
    const b = this.at[w] ?? 0;
    if (a === b || !this.#mayBe(v, b) || !this.#mayBe(w, a)) return false;
    const vOut = this.#rowOf(v, a);
    const vIn = this.#rowOf(v, b);
    const wOut = this.#rowOf(w, b);
    const wIn = this.#rowOf(w, a);
    if (!this.#loads.fitsFor(b, vIn, wOut) || !this.#loads.fitsFor(a, wIn, vOut)) return false;
    const prices =
      this.#movePrice(v, b) - this.#movePrice(v, a) + this.#movePrice(w, a) - this.#movePrice(w, b);
    const costB = this.#loads.costFor(b, vIn, wOut);
    const rise = costB - (this.#loads.cost[b] ?? 0) + prices;
    if (rise - (this.#loads.cost[a] ?? 0) - this.#mostSaved() > limit) return false;
    const costA = this.#loads.costFor(a, wIn, vOut);
    const sum = rise + costA - (this.#loads.cost[a] ?? 0);
    if (sum - this.#mostSaved() > limit) return false;
    if (!this.#maySpend(v, a, b, w, a)) return false;
    if (!this.#countBoth(v, w, a, limit - sum)) return false;
    this.#loads.addRow(a, vOut, -1);
    this.#loads.addRow(b, wOut, -1);
    this.#loads.addRow(a, wIn, 1);
    this.#loads.addRow(b, vIn, 1);
    this.#loads.setCost(a, costA);
    this.#loads.setCost(b, costB);
    this.#movePrices += prices;
    return true;
  }

  /** A server takes the place of another, which goes to a third host, on the same terms. */
  tryChain(v: number, w: number, c: number, limit: number): boolean {
    const a = this.at[v] ?? 0;
    const b = this.at[w] ?? 0;
    if (a === b || b === c || a === c || !this.#mayBe(v, b) || !this.#mayBe(w, c)) return false;
    const vIn = this.#rowOf(v, b);
    const wOut = this.#rowOf(w, b);
    const wIn = this.#rowOf(w, c);
    if (!this.#loads.fitsFor(b, vIn, wOut) || !this.#loads.fits(c, wIn)) return false;
    const vOut = this.#rowOf(v, a);
    const prices =
      this.#movePrice(v, b) - this.#movePrice(v, a) + this.#movePrice(w, c) - this.#movePrice(w, b);
    const costB = this.#loads.costFor(b, vIn, wOut);
    const costC = this.#loads.costWith(c, wIn);
    const rise = costB - (this.#loads.cost[b] ?? 0) + costC - (this.#loads.cost[c] ?? 0) + prices;
    if (rise - (this.#loads.cost[a] ?? 0) - this.#mostSaved() > limit) return false;
    const costA = this.#loads.costWithout(a, vOut);
    const sum = rise + costA - (this.#loads.cost[a] ?? 0);
    if (sum - this.#mostSaved() > limit) return false;
    if (!this.#maySpend(v, a, b, w, c)) return false;
    if (!this.#countBoth(v, w, c, limit - sum)) return false;
    this.#loads.addRow(a, vOut, -1);
    this.#loads.addRow(b, wOut, -1);
    this.#loads.addRow(b, vIn, 1);
    this.#loads.addRow(c, wIn, 1);
    this.#loads.setCost(a, costA);
    this.#loads.setCost(b, costB);
    this.#movePrices += prices;
    this.#loads.setCost(c, costC);
    return true;
  }

  /** Puts a server back where it may be for certain; nothing is tested. */
  put(v: number, to: number): void {
    const from = this.at[v] ?? 0;
    if (from === to) return;
    const prices = this.#movePrice(v, to) - this.#movePrice(v, from);
    this.#count(v, from, to);
    this.#loads.addRow(from, this.#rowOf(v, from), -1);
    this.#loads.addRow(to, this.#rowOf(v, to), 1);
    this.#loads.setCost(from, this.#loads.costOf(from));
    this.#loads.setCost(to, this.#loads.costOf(to));
    this.#movePrices += prices;
  }

  /** What counts can save at most: nothing is nearer than near, and fewer moved save once a term. */
  #mostSaved(): number {
    return this.near.total > 0 ? Infinity : this.moved.mostSaved;
  }

  #rowOf(v: number, h: number): number {
    if (h === this.#start[v]) return this.#homeRow[v] ?? 0;
    return this.#awayRow[(this.#kindOf[h] ?? 0) * this.at.length + v] ?? 0;
  }

  #mayBe(v: number, h: number): boolean {
    if (h === this.#start[v]) return this.#mustEmpty[h] === 0;
    return this.#mayTarget[(this.#targetsOf[v] ?? 0) * this.#hostCount + h] === 1;
  }

  #movePrice(v: number, h: number): number {
    if (h === this.#start[v]) return 0;
    return (this.#cost[v] ?? 0) + (this.#routes[(this.#routeOf[v] ?? 0) + h] ?? 0);
  }

  #countMove(v: number, sign: 1 | -1): void {
    if (sign === 1) {
      this.visitors[this.moves] = v;
      this.#positionOf[v] = this.moves;
    } else {
      const last = this.visitors[this.moves - 1] ?? 0;
      const position = this.#positionOf[v] ?? 0;
      this.visitors[position] = last;
      this.#positionOf[last] = position;
    }
    this.moves += sign;
    this.#volume += sign * (this.#gib[v] ?? 0);
    this.moved.add(v, sign);
  }

  /** Whether the limits on moves and volume hold when one server goes from a to b and another, if any, from b to c. */
  #maySpend(v: number, a: number, b: number, w: number, c: number): boolean {
    if (!this.#limitsMoves) return true;
    const { maxMoves, maxGiB } = this.flat.problem;
    const ofFirst = Number(b !== this.#start[v]) - Number(a !== this.#start[v]);
    const ofSecond = w < 0 ? 0 : Number(c !== this.#start[w]) - Number(b !== this.#start[w]);
    const more = ofFirst + ofSecond;
    if (more > 0 && this.moves + more > maxMoves) return false;
    const gib = ofFirst * (this.#gib[v] ?? 0) + ofSecond * (this.#gib[w] ?? 0);
    return gib <= 0 || this.#volume + gib <= maxGiB + amountTolerance;
  }

  /** Counts a move where rules and terms on sets allow it at no more than this; else nothing is changed. */
  #countPlaces(v: number, from: number, to: number, limit: number): boolean {
    this.domains.add(v, from, -1);
    if (this.domains.hasPlace(v, to)) {
      this.domains.add(v, to, 1);
      if (this.domains.hasSpread(v)) {
        const before = this.near.total + this.moved.total;
        this.#countRest(v, from, to);
        if (this.near.total + this.moved.total - before <= limit) return true;
        this.#countRest(v, to, from);
      }
      this.domains.add(v, to, -1);
    }
    this.domains.add(v, from, 1);
    return false;
  }

  #countBoth(v: number, w: number, c: number, limit: number): boolean {
    const a = this.at[v] ?? 0;
    const b = this.at[w] ?? 0;
    this.domains.add(v, a, -1);
    this.domains.add(w, b, -1);
    if (this.domains.hasPlace(v, b)) {
      this.domains.add(v, b, 1);
      if (this.domains.hasPlace(w, c)) {
        this.domains.add(w, c, 1);
        if (this.domains.hasSpread(v) && this.domains.hasSpread(w)) {
          const before = this.near.total + this.moved.total;
          this.#countRest(v, a, b);
          this.#countRest(w, b, c);
          if (this.near.total + this.moved.total - before <= limit) return true;
          this.#countRest(w, c, b);
          this.#countRest(v, b, a);
        }
        this.domains.add(w, c, -1);
      }
      this.domains.add(v, b, -1);
    }
    this.domains.add(w, b, 1);
    this.domains.add(v, a, 1);
    return false;
  }

  #count(v: number, from: number, to: number): void {
    this.domains.add(v, from, -1);
    this.domains.add(v, to, 1);
    this.#countRest(v, from, to);
  }

  #countRest(v: number, from: number, to: number): void {
    this.near.move(v, from, to);
    if (from === this.#start[v]) this.#countMove(v, 1);
    if (to === this.#start[v]) this.#countMove(v, -1);
    this.at[v] = to;
  }
}
