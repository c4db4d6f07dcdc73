import { groupBy } from '../../shared/collections.ts';
import { at } from '../../shared/at.ts';
import type { Loads } from './compile-objective.ts';
import type { Slots } from './compile-slots.ts';
import type { CompiledObjective } from './compiled-objective.ts';
import type { CompiledNoGood, CompiledProblem, ServerClass } from './compiled.ts';
import { compileMasks } from './masks.ts';
import type { Indexed } from './indexed.ts';

/**
 * Folds servers that can move into classes: equal demand, allowed hosts, guest cells, domain constraints, load, sets of
 * the goal, and price of every destination.
 * What members hold today and cost to move may differ: that belongs to the pair of class and location (`locationsOf`).
 * A server that a no-good names is a class of its own, so that the cut on it is exact.
 */
export function compileClasses(
  indexed: Indexed,
  slots: Slots,
  loads: Loads,
  { domainsOf, togethersOf }: Pick<CompiledProblem, 'domainsOf' | 'togethersOf'>,
  noGoods: readonly CompiledNoGood[],
  { membership, routes }: CompiledObjective,
): { readonly classes: readonly ServerClass[]; readonly classOf: Int32Array } {
  const { masks, maskOf } = compileMasks(indexed);
  const demands = demandsOf(indexed);
  const alone = new Set(noGoods.flatMap((noGood) => noGood.servers));
  const hasTwin = indexed.covered.some((flag, v) => flag === 1 && indexed.fixed[v] === 0);
  const movable = indexed.servers.map((_, v) => v).filter((v) => indexed.fixed[v] === 0);
  const arrivals = new Map(movable.map((v) => [v, loads.arriving(v)]));
  const groups = groupBy(movable, (v) =>
    [
      at(maskOf, v),
      demands[v]?.join(',') ?? '',
      slots.shapes.map((shapes) => shapes.get(v)?.index ?? '-').join(','),
      domainsOf[v]?.join(',') ?? '',
      togethersOf[v]?.join(',') ?? '',
      arrivals
        .get(v)
        ?.map((load) => load.join(','))
        .join(';') ?? '',
      at(membership, v).index,
      routes?.rowOf[at(indexed.start, v)] ?? '',
      hasTwin ? `${at(indexed.start, v)}/${at(indexed.covered, v)}` : '',
      alone.has(v) ? v : '',
    ].join('|'),
  );
  const classOf = new Int32Array(indexed.servers.length).fill(-1);
  const classes = [...groups.values()].map((members, index): ServerClass => {
    const first = at(members, 0);
    const demand = demands[first] ?? [];
    for (const v of members) classOf[v] = index;
    return {
      index,
      members,
      allowed: at(masks, at(maskOf, first)),
      allowedIndex: at(maskOf, first),
      capacities: Int32Array.from(demand.filter((_, i) => i % 2 === 0)),
      amounts: Float64Array.from(demand.filter((_, i) => i % 2 === 1)),
      guests: slots.shapes.map((shapes) => shapes.get(first)),
      domains: domainsOf[first] ?? [],
      togethers: togethersOf[first] ?? [],
      membership: at(membership, first),
      load: arrivals.get(first) ?? [new Float64Array(0), new Float64Array(0)],
      covered: indexed.covered[first] === 1,
      source: hasTwin ? at(indexed.start, first) : -1,
    };
  });
  return { classes, classOf };
}

/** Capacity and amount of each server's demand, in turn; no zeros. */
function demandsOf(indexed: Indexed): number[][] {
  const demands: number[][] = indexed.servers.map(() => []);
  for (const [p, capacity] of indexed.capacities.entries())
    for (const [server, amount] of capacity.demand) {
      const v = indexed.serverIndex.get(server);
      if (v !== undefined && amount !== 0) demands[v]?.push(p, amount);
    }
  return demands;
}

/** Members of a class with equal holdings on one host, and what it costs when they leave. */
export interface Location {
  readonly classIndex: number;
  readonly host: number;
  readonly holding: number;
  /** Cheapest to move first. */
  readonly members: readonly number[];
  /**
   * Runs of members with equal cost and volume, cheapest first. The first k to leave are the k cheapest, so the cost
   * of leaving is convex and piecewise linear, one piece a run.
   */
  readonly runs: readonly { readonly cost: number; readonly gib: number; readonly count: number }[];
}

/** All locations, by class. */
export function locationsOf(problem: CompiledProblem): readonly (readonly Location[])[] {
  const { cost, gib, holdingOf, holdings, ceilings = [] } = problem;
  // Who is cheaper under one priority may be dearer under another: such are not of one location.
  const kindOf = (v: number): string | number =>
    ceilings.length === 0
      ? at(holdingOf, v)
      : [at(holdingOf, v), ...ceilings.map(({ of }) => at(of.cost, v))].join(' ');
  return problem.classes.map(({ index, members }) =>
    [...groupBy(members, kindOf).values()].map((residents) => {
      const holding = at(holdingOf, at(residents, 0));
      const byPrice = residents.toSorted((a, b) => {
        const cheaper = at(cost, a) - at(cost, b);
        const smaller = at(gib, a) - at(gib, b);
        return cheaper !== 0 ? cheaper : smaller !== 0 ? smaller : a - b;
      });
      const runs = groupBy(byPrice, (v) => `${at(cost, v)} ${at(gib, v)}`).values();
      return {
        classIndex: index,
        host: at(holdings, holding).host,
        holding,
        members: byPrice,
        runs: [...runs].map((run) => ({
          cost: at(cost, at(run, 0)),
          gib: at(gib, at(run, 0)),
          count: run.length,
        })),
      };
    }),
  );
}
