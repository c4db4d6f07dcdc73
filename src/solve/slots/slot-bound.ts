import { timesIn } from '../../objective/host-terms.ts';
import { at } from '../../shared/at.ts';
import type { CompiledProblem } from '../compile/compiled.ts';
import type { Prices } from './slot-patterns.ts';
import type { Residents, Site } from './slot-sites.ts';

/** Hosts with more units than this of what is counted take too long to look at. */
const mostUnits = 600;

/**
 * The least that an answer costs, by what single hosts may save at these prices, whoever leaves and comes:
 *
 *     Σ over rows of price·limit  +  Σ over hosts of min(0, the least price of anything that may happen there)
 *
 * It holds for any prices of the right sign. What may happen on a host is looked at in one resource alone, which
 * leaves other limits out and so never saves less: for each amount that leaves, and each that comes, the cheapest
 * servers that make it up. Undefined where no resource is counted in whole and few units.
 */
export function slotBound(
  problem: CompiledProblem,
  sites: readonly Site[],
  today: readonly number[],
  given: Prices,
): number | undefined {
  const { objective, maxMoves, maxGiB } = problem;
  const [term, second] = objective.slots;
  if (term === undefined || second !== undefined) return undefined;
  const prices: Prices = {
    place: given.place,
    move: Math.min(0, given.move),
    gib: Math.min(0, given.gib),
    slot: [Math.min(term.weight, Math.max(0, at(given.slot, 0)))],
  };
  const limited = (price: number, limit: number): number => (price === 0 ? 0 : price * limit);
  let bound =
    at(prices.slot, 0) * (term.wanted - at(today, 0)) +
    limited(prices.move, maxMoves) +
    limited(prices.gib, maxGiB);
  for (const site of sites) {
    const least = leastPrice(problem, site, prices);
    if (least === undefined) return undefined;
    bound += site.hosts.length * Math.min(0, least);
  }
  return Math.max(0, bound);
}

/** The best of what the resources of a slot tell; undefined where none of them can be counted. */
function leastPrice(problem: CompiledProblem, site: Site, prices: Prices): number | undefined {
  const host = at(site.hosts, 0);
  const term = at(problem.objective.slots, 0);
  if (term.counts[host] === 0) return byCapacity(problem, site, prices, () => 0);
  const left = (part: (typeof term.parts)[number], free: number): number =>
    Math.max(0, timesIn(at(part.room, host) - at(site.used, part.resource) + free, part.amount));
  const slots = Math.min(...term.parts.map((part) => left(part, 0)));
  let best: number | undefined;
  for (const part of term.parts) {
    const worth = (free: number): number => at(prices.slot, 0) * (left(part, free) - slots);
    const least = byCapacity(problem, site, prices, worth, part.resource);
    if (least !== undefined) best = Math.max(best ?? -Infinity, least);
  }
  return best;
}

/** By the first capacity that can be counted, and that servers take as much of as of the resource. */
function byCapacity(
  problem: CompiledProblem,
  site: Site,
  prices: Prices,
  worth: (freed: number) => number,
  resource?: number,
): number | undefined {
  for (let p = 0; p < problem.capacityCount; p += 1) {
    const goods = goodsOf(problem, site, prices, p, resource);
    const free = at(site.free, p);
    if (goods === undefined || !Number.isInteger(free) || free > mostUnits) continue;
    const leaving = cheapestOf(goods.leaving);
    if (leaving.length + free > mostUnits) continue;
    const coming = cheapestOf(goods.coming, free + leaving.length - 1);
    return best(leaving, coming, free, worth);
  }
  return undefined;
}

function best(
  leaving: Float64Array,
  coming: Float64Array,
  free: number,
  worth: (freed: number) => number,
): number {
  let least = Infinity;
  for (let out = 0; out < leaving.length; out += 1)
    for (let into = 0; into <= free + out && into < coming.length; into += 1) {
      const price = at(leaving, out) + at(coming, into);
      if (price < Infinity) least = Math.min(least, price - worth(out - into));
    }
  return least;
}

/** Equal things that take some units each, at a price each. */
interface Goods {
  readonly units: number;
  readonly price: number;
  readonly count: number;
}

/** Who may leave and come, in units of a capacity; undefined where that is not whole, or not what the resource says. */
function goodsOf(
  { classes, objective }: CompiledProblem,
  site: Site,
  { place, move, gib }: Prices,
  p: number,
  resource: number | undefined,
): { readonly leaving: readonly Goods[]; readonly coming: readonly Goods[] } | undefined {
  if (at(site.free, p) === Infinity) return undefined;
  const agrees = (units: number, load: Float64Array): boolean =>
    Number.isInteger(units) && (resource === undefined || at(load, resource) === units);
  const leave = (kind: Residents, places: number): Goods => ({
    units: at(kind.amounts, p),
    price: kind.cost + places - move - kind.gib * gib,
    count: at(kind.members, 0).length,
  });
  const kinds = [...site.residents, ...site.tied];
  if (!kinds.every(({ amounts, load }) => agrees(at(amounts, p), load))) return undefined;
  const coming: Goods[] = [];
  for (const c of site.arriving) {
    const { capacities, amounts, load, members } = at(classes, c);
    const i = capacities.indexOf(p);
    const units = i < 0 ? 0 : at(amounts, i);
    if (!agrees(units, at(load, at(objective.kindOf, at(site.hosts, 0))))) return undefined;
    coming.push({ units, price: -at(place, c), count: members.length });
  }
  const leaving = [
    ...site.residents.map((kind) => leave(kind, at(place, kind.classIndex))),
    ...site.tied.map((kind) => leave(kind, 0)), // wherever they go, which takes room elsewhere
  ];
  return { leaving, coming };
}

/** By number of units, what the cheapest goods cost that make it up; infinite where none do. */
function cheapestOf(goods: readonly Goods[], most = Infinity): Float64Array {
  const total = goods.reduce((sum, { units, count }) => sum + units * count, 0);
  const cheapest = new Float64Array(Math.min(total, most, mostUnits) + 1).fill(Infinity);
  cheapest[0] = 0;
  for (const { units, price, count } of goods) {
    if (units === 0) {
      for (let u = 0; u < cheapest.length; u += 1) cheapest[u] = at(cheapest, u) + Math.min(0, price) * count;
      continue;
    }
    for (let n = 0; n < count && n * units < cheapest.length; n += 1)
      for (let u = cheapest.length - 1; u >= units; u -= 1)
        cheapest[u] = Math.min(at(cheapest, u), at(cheapest, u - units) + price);
  }
  return cheapest;
}
