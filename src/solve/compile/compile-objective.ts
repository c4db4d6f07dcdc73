import { amountsOn, hasInventory } from '../../constraints/demand.ts';
import type { Host } from '../../model/host.ts';
import type { ServerId } from '../../model/ids.ts';
import { hostPrices } from '../../objective/host-terms.ts';
import { migrationPrices } from '../../objective/move-terms.ts';
import { at } from '../../shared/at.ts';
import { invariant } from '../../shared/invariant.ts';
import { compileCurves, compilePeaks, compileSlotCosts } from './compile-host-terms.ts';
import { compileSetTerms } from './compile-set-terms.ts';
import type { CompiledObjective } from './compiled-objective.ts';
import type { GoalFacts } from './goal-facts.ts';
import type { Indexed } from './indexed.ts';

/** Amounts of the goal's resources that servers put on hosts. */
export interface Loads {
  readonly kindOf: Uint8Array;
  /** Where the server is today. */
  readonly held: (server: number) => Float64Array;
  /** Elsewhere, on hosts with and without a PCPU inventory. */
  readonly arriving: (server: number) => readonly [Float64Array, Float64Array];
}

export function compileLoads(indexed: Indexed, { loads, resources, counted }: GoalFacts): Loads {
  const { cloud, demands } = indexed.problem;
  const kindOf = Uint8Array.from(indexed.hosts, (id) => {
    const host = cloud.hosts.get(id);
    return host === undefined || hasInventory(host, 'PCPU') ? 0 : 1;
  });
  const examples = [0, 1].map((kind) => {
    const index = kindOf.findIndex((k, h) => k === kind && h < indexed.arrivable);
    return index < 0 ? undefined : cloud.hosts.get(at(indexed.hosts, index));
  });
  /** Undefined where the resource is one of Placement. */
  const countOne = (server: ServerId, resource: string): number | undefined => {
    const set = counted.get(resource);
    return set === undefined ? undefined : Number(set.has(server));
  };
  return {
    kindOf,
    held: (v) => {
      const server = at(indexed.servers, v);
      const host = at(indexed.hosts, at(indexed.start, v));
      return Float64Array.from(
        resources,
        (resource) => countOne(server, resource) ?? loads.amount(server, host, resource),
      );
    },
    arriving: (v) => {
      const server = at(indexed.servers, v);
      const demand = demands.get(server);
      const on = (host: Host | undefined): Float64Array =>
        Float64Array.from(
          resources,
          (resource) =>
            countOne(server, resource) ??
            (demand === undefined || host === undefined
              ? 0
              : loads.counted(server, resource, amountsOn(demand, host)[resource] ?? 0)),
        );
      return [on(examples[0]), on(examples[1])];
    },
  };
}

/** The goal in numbers; several terms of a kind add up. */
export function compileObjective(indexed: Indexed, facts: GoalFacts, loads: Loads): CompiledObjective {
  const hostPrice = pricesOfHosts(indexed, facts);
  const own = {
    curves: compileCurves(indexed, facts),
    peaks: compilePeaks(indexed, facts),
    slots: compileSlotCosts(indexed, facts),
    ...compileSetTerms(indexed, facts),
  };
  checkPrices(indexed, hostPrice);
  return {
    hostPrice,
    paysForHosts: hostPrice.some((price) => price > 0),
    resources: facts.resources,
    kindOf: loads.kindOf,
    ...own,
    couples:
      own.peaks.length + own.slots.length + own.sets.length + own.nearness.length + own.moved.length > 0,
  };
}

function pricesOfHosts({ hosts }: Indexed, { terms, selectors }: GoalFacts): Float64Array {
  const prices = new Float64Array(hosts.length);
  for (const term of terms) {
    if (term.kind !== 'hosts-used') continue;
    const priceOf = hostPrices(term, selectors);
    for (const [h, host] of hosts.entries()) prices[h] = at(prices, h) + priceOf(host);
  }
  return prices;
}

/** Bounds and models rest on it. Prices of moves may be negative: `cost`. */
function checkPrices({ problem: { goal } }: Indexed, hostPrice: Float64Array): void {
  invariant(
    hostPrice.every((price) => price >= 0),
    'the goal rewards hosts that are used: the weight is zero or more',
  );
  for (const term of goal.terms) {
    const numbers = [
      ...('weight' in term ? [term.weight] : []),
      ...(term.kind === 'load-above-mean' ? term.thresholds.map(({ slope }) => slope) : []),
      ...(term.kind === 'route-cost' ? term.routes.map(({ price }) => price) : []),
    ];
    invariant(
      numbers.every((number) => number >= 0),
      `the goal has a negative ${term.kind}: weights, slopes and prices are zero or more`,
    );
  }
}

/** What migrating each server costs. */
export function migrationCosts({ servers, problem }: Indexed, facts: GoalFacts): Float64Array {
  const costs = new Float64Array(servers.length);
  for (const term of facts.terms) {
    if (term.kind !== 'migration-cost') continue;
    const priceOf = migrationPrices(term, facts);
    for (const [v, server] of servers.entries()) costs[v] = at(costs, v) + priceOf(problem.volumeOf(server));
  }
  return costs;
}
