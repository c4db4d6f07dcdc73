import { amountsOn, hasInventory } from '../constraints/demand.ts';
import type { Host } from '../model/host.ts';
import { meanLoadPercent } from '../objective/evaluate.ts';
import type { LoadAboveMean, Term } from '../objective/goal.ts';
import { loadTable } from '../objective/loads.ts';
import { at } from '../shared/at.ts';
import type { LoadCost } from './compiled.ts';
import type { Indexed } from './indexed.ts';

/** Amounts of the goal's resources that servers put on hosts. */
export interface Loads {
  readonly costs: readonly LoadCost[];
  readonly kindOf: Uint8Array;
  /** Where the server is today. */
  readonly held: (server: number) => Float64Array;
  /** Elsewhere, on hosts with and without a PCPU inventory. */
  readonly arriving: (server: number) => readonly [Float64Array, Float64Array];
}

export function compileLoads(indexed: Indexed): Loads {
  const { cloud, demands, goal, start } = indexed.problem;
  const table = loadTable(cloud, demands);
  const terms = goal.terms.filter((term) => term.kind === 'load-above-mean');
  const resources = [...new Set(terms.flatMap((term) => term.resources))];
  const kindOf = Uint8Array.from(indexed.hosts, (id) => {
    const host = cloud.hosts.get(id);
    return host === undefined || hasInventory(host, 'PCPU') ? 0 : 1;
  });
  const examples = [0, 1].map((kind) => {
    const index = kindOf.findIndex((k, h) => k === kind && h < indexed.arrivable);
    return index < 0 ? undefined : cloud.hosts.get(at(indexed.hosts, index));
  });
  return {
    kindOf,
    costs: resources.map((resource) => {
      const scale = new Float64Array(indexed.hosts.length);
      const foreign = new Float64Array(indexed.hosts.length);
      for (const host of table.receivers(resource)) {
        const h = indexed.hostIndex.get(host) ?? -1;
        scale[h] = 100 / table.capacity(host, resource);
        foreign[h] = table.foreign(host, resource);
      }
      return {
        resource,
        scale,
        foreign,
        ...levelsOf(terms, resource, meanLoadPercent(table, resource, start)),
      };
    }),
    held: (v) => {
      const server = at(indexed.servers, v);
      const host = at(indexed.hosts, at(indexed.start, v));
      return Float64Array.from(resources, (resource) => table.amount(server, host, resource));
    },
    arriving: (v) => {
      const demand = demands.get(at(indexed.servers, v));
      const on = (host: Host | undefined): Float64Array =>
        Float64Array.from(resources, (resource) =>
          demand === undefined || host === undefined ? 0 : (amountsOn(demand, host)[resource] ?? 0),
        );
      return [on(examples[0]), on(examples[1])];
    },
  };
}

/** Thresholds of all terms on a resource, as absolute levels in percent with weighted slopes. */
function levelsOf(terms: readonly LoadAboveMean[], resource: string, mean: number) {
  const slopes = new Map<number, number>();
  for (const term of terms)
    for (const named of term.resources)
      if (named === resource)
        for (const { abovePercent, slope } of term.thresholds)
          slopes.set(abovePercent, (slopes.get(abovePercent) ?? 0) + term.weight * slope);
  const sorted = [...slopes].filter(([, slope]) => slope !== 0).sort(([a], [b]) => a - b);
  return {
    levels: Float64Array.from(sorted, ([above]) => mean + above),
    slopes: Float64Array.from(sorted, ([, slope]) => slope),
  };
}

/** Weights of the goal's terms; several terms of a kind add up. */
export function compileObjective(indexed: Indexed, loads: Loads) {
  const sum = (pick: (term: Term) => number): number =>
    indexed.problem.goal.terms.reduce((total, term) => total + pick(term), 0);
  return {
    hostWeight: sum((term) => (term.kind === 'hosts-used' ? term.weight : 0)),
    perMove: sum((term) => (term.kind === 'migration-cost' ? term.perMove : 0)),
    perGiB: sum((term) => (term.kind === 'migration-cost' ? term.perGiB : 0)),
    loads: loads.costs,
    kindOf: loads.kindOf,
  };
}
