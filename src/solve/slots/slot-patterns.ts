import { timesIn } from '../../objective/host-terms.ts';
import { at } from '../../shared/at.ts';
import { amountTolerance, type CompiledProblem } from '../compile/compiled.ts';
import type { Site } from './slot-sites.ts';

/** What happens on one host of a site: who leaves, who comes, and what that is worth. */
export interface Pattern {
  readonly site: number;
  /** How many of each of the site's residents leave; only those that do. */
  readonly leaving: readonly (readonly [residents: number, count: number])[];
  /** How many of each class come; only those that do. */
  readonly arriving: readonly (readonly [classIndex: number, count: number])[];
  readonly moves: number;
  readonly cost: number;
  readonly gib: number;
  /** Free slots won, by slot term; may be below zero. */
  readonly gains: readonly number[];
}

/** What leaving, coming and winning slots is worth at the moment. */
export interface Prices {
  /** Of a place for one more of a class. */
  readonly place: Float64Array;
  /** Of a move, and of a GiB moved. */
  readonly move: number;
  readonly gib: number;
  /** Of a slot, by slot term. */
  readonly slot: readonly number[];
}

/** No more leave a host, and come to it, than this. */
export interface Depth {
  readonly leaving: number;
  readonly arriving: number;
}

/**
 * The cheapest patterns of a site at these prices, of all ways in which up to so many leave and come:
 *
 *     price = Σ over those who leave of (cost + place − move − gib)  − Σ over those who come of place  − Σ gain·slot
 */
export function cheapestPatterns(
  problem: CompiledProblem,
  site: Site,
  { index, prices, depth, below, most }: Wanted,
): readonly Pattern[] {
  return new Pricing(problem, site, prices, depth, below, most).run(index);
}

/** Which patterns of a site are wanted. */
interface Wanted {
  /** Of the site. */
  readonly index: number;
  readonly prices: Prices;
  readonly depth: Depth;
  /** Only what costs less. */
  readonly below: number;
  /** No more than so many of those with equally many leaving. */
  readonly most: number;
}

/** A class as it comes to a host of a site. */
interface Arriving {
  readonly classIndex: number;
  /** As many as there are. */
  readonly most: number;
  readonly price: number;
  readonly amounts: Float64Array;
  readonly load: Float64Array;
}

class Pricing {
  readonly #problem: CompiledProblem;
  readonly #site: Site;
  readonly #prices: Prices;
  readonly #depth: Depth;
  readonly #free: Float64Array;
  readonly #used: Float64Array;
  readonly #today: readonly number[];
  readonly #arriving: readonly Arriving[];
  readonly #leavingCount: Int32Array;
  readonly #arrivingCount: Int32Array;
  #leavers = 0;
  #price = 0;
  readonly #most: number;
  /** By number of those who leave. */
  readonly #found: Found[];

  constructor(
    problem: CompiledProblem,
    site: Site,
    prices: Prices,
    depth: Depth,
    below: number,
    most: number,
  ) {
    this.#most = most;
    this.#problem = problem;
    this.#site = site;
    this.#prices = prices;
    this.#depth = depth;
    this.#free = Float64Array.from(site.free);
    this.#used = Float64Array.from(site.used);
    this.#today = this.#slots();
    this.#arriving = site.arriving.map((c) => this.#arrivingOf(c));
    this.#leavingCount = new Int32Array(site.residents.length);
    this.#arrivingCount = new Int32Array(this.#arriving.length);
    this.#found = Array.from({ length: depth.leaving + 1 }, () => ({ below, candidates: [] }));
  }

  run(site: number): readonly Pattern[] {
    this.#leave(0);
    return this.#found.flatMap((found) => {
      shorten(found, this.#most);
      return found.candidates.map(({ pattern }) => ({ site, ...pattern, ...this.#worth(pattern) }));
    });
  }

  #arrivingOf(c: number): Arriving {
    const { classes, capacityCount, objective } = this.#problem;
    const { capacities, amounts, load, members } = at(classes, c);
    const all = new Float64Array(capacityCount);
    for (const [i, p] of capacities.entries()) all[p] = at(amounts, i);
    const own = at(load, at(objective.kindOf, at(this.#site.hosts, 0)));
    return {
      classIndex: c,
      most: members.length,
      price: -at(this.#prices.place, c),
      amounts: all,
      load: own,
    };
  }

  /** Tries every number of each of the residents from this one on. */
  #leave(k: number): void {
    const kind = this.#site.residents[k];
    if (kind === undefined) {
      this.#come(0, this.#depth.arriving);
      return;
    }
    const { place, move, gib } = this.#prices;
    const price = kind.cost + at(place, kind.classIndex) - move - kind.gib * gib;
    const count = Math.min(at(kind.members, 0).length, this.#depth.leaving - this.#leavers);
    for (let n = 0; ; n += 1) {
      this.#leavingCount[k] = n;
      this.#leave(k + 1);
      if (n === count) break;
      this.#book(kind, -1);
      this.#leavers += 1;
      this.#price += price;
    }
    for (let n = 0; n < count; n += 1) this.#book(kind, 1);
    this.#leavers -= count;
    this.#price -= count * price;
    this.#leavingCount[k] = 0;
  }

  /** Tries every number of each of the classes from this one on, then looks at what has come about. */
  #come(a: number, left: number): void {
    const arrival = this.#arriving[a];
    if (arrival === undefined) {
      this.#note();
      return;
    }
    this.#come(a + 1, left);
    if (left === 0 || this.#leaves(arrival.classIndex)) return;
    let count = 0;
    while (count < Math.min(left, arrival.most) && this.#fits(arrival)) {
      this.#book(arrival, 1);
      count += 1;
      this.#arrivingCount[a] = count;
      this.#price += arrival.price;
      this.#come(a + 1, left - count);
    }
    for (let n = 0; n < count; n += 1) this.#book(arrival, -1);
    this.#price -= count * arrival.price;
    this.#arrivingCount[a] = 0;
  }

  #leaves(classIndex: number): boolean {
    const { residents } = this.#site;
    for (let k = 0; k < residents.length; k += 1)
      if ((this.#leavingCount[k] ?? 0) > 0 && residents[k]?.classIndex === classIndex) return true;
    return false;
  }

  #fits({ amounts }: Arriving): boolean {
    for (let p = 0; p < amounts.length; p += 1)
      if ((amounts[p] ?? 0) > 0 && (amounts[p] ?? 0) > (this.#free[p] ?? 0) + amountTolerance) return false;
    return true;
  }

  #book(
    { amounts, load }: { readonly amounts: Float64Array; readonly load: Float64Array },
    sign: number,
  ): void {
    for (let p = 0; p < amounts.length; p += 1)
      this.#free[p] = (this.#free[p] ?? 0) - sign * (amounts[p] ?? 0);
    for (let r = 0; r < load.length; r += 1) this.#used[r] = (this.#used[r] ?? 0) + sign * (load[r] ?? 0);
  }

  #slots(): number[] {
    const host = at(this.#site.hosts, 0);
    return this.#problem.objective.slots.map(({ counts, parts }) => {
      if (counts[host] === 0) return 0;
      let slots = Infinity;
      for (const { resource, amount, room } of parts)
        slots = Math.min(slots, timesIn(at(room, host) - (this.#used[resource] ?? 0), amount));
      return slots;
    });
  }

  #note(): void {
    let price = this.#price;
    for (const [t, slots] of this.#slots().entries())
      price -= at(this.#prices.slot, t) * (slots - at(this.#today, t));
    const found = at(this.#found, this.#leavers);
    if (price >= found.below - priceTolerance) return;
    found.candidates.push({
      price,
      pattern: {
        leaving: countsOf(this.#leavingCount, (k) => k),
        arriving: countsOf(this.#arrivingCount, (a) => at(this.#arriving, a).classIndex),
        moves: this.#leavers,
      },
    });
    if (this.#most === 1) found.below = price;
    if (found.candidates.length >= 4 * this.#most) shorten(found, this.#most);
  }

  /** What a pattern costs and wins, whatever the prices. */
  #worth({ leaving, arriving }: Pick<Pattern, 'leaving' | 'arriving'>) {
    let cost = 0;
    let gib = 0;
    const bookAll = (sign: number): void => {
      for (const [k, count] of leaving)
        for (let n = 0; n < count; n += 1) this.#book(at(this.#site.residents, k), -sign);
      for (const [c, count] of arriving)
        for (let n = 0; n < count; n += 1) this.#book(this.#arrivingOf(c), sign);
    };
    for (const [k, count] of leaving) {
      cost += count * at(this.#site.residents, k).cost;
      gib += count * at(this.#site.residents, k).gib;
    }
    bookAll(1);
    const gains = this.#slots().map((slots, t) => slots - at(this.#today, t));
    bookAll(-1);
    return { cost, gib, gains };
  }
}

const priceTolerance = 1e-9;

/** Patterns that were found, and the price below which another one is of interest. */
interface Found {
  below: number;
  candidates: { readonly price: number; readonly pattern: Pick<Pattern, 'leaving' | 'arriving' | 'moves'> }[];
}

/** Keeps the cheapest. */
function shorten(found: Found, most: number): void {
  found.candidates.sort((a, b) => a.price - b.price); // stable: the first found of equals stays
  if (found.candidates.length < most) return;
  found.candidates.length = most;
  found.below = Math.min(found.below, at(found.candidates, most - 1).price);
}

function countsOf(counts: Int32Array, nameOf: (index: number) => number): [number, number][] {
  const found: [number, number][] = [];
  for (let i = 0; i < counts.length; i += 1)
    if ((counts[i] ?? 0) > 0) found.push([nameOf(i), counts[i] ?? 0]);
  return found;
}
