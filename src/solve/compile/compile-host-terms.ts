import type { HostId } from '../../model/ids.ts';
import type { LoadAbove, LoadAboveMean, ServersLeft, StrandedCapacity } from '../../objective/goal.ts';
import { amountsOf, meanLoadPercent, slotHosts, wantedSlots } from '../../objective/host-terms.ts';
import type { HostCurve, PeakCost, SlotCost } from './compiled-objective.ts';
import { byHostIndex, countOf, type GoalFacts } from './goal-facts.ts';
import type { Indexed } from './indexed.ts';

/** Load above levels, what is stranded, and servers that are left. */
export function compileCurves(indexed: Indexed, facts: GoalFacts): readonly HostCurve[] {
  const means = facts.terms.filter((term) => term.kind === 'load-above-mean');
  const resources = [...new Set(means.flatMap((term) => term.resources))];
  return [
    ...resources.map((resource) => meanCurve(indexed, facts, means, resource)),
    ...facts.terms.flatMap((term) => {
      if (term.kind === 'load-above') return aboveCurves(indexed, facts, term);
      if (term.kind === 'servers-left') return [leftCurve(indexed, facts, term)];
      return term.kind === 'stranded-capacity' ? [strandedCurve(indexed, facts, term)] : [];
    }),
  ].filter(({ levels }) => levels.length > 0);
}

/** Thresholds of all terms on a resource, as absolute levels in percent with weighted slopes. */
function meanCurve(
  indexed: Indexed,
  facts: GoalFacts,
  terms: readonly LoadAboveMean[],
  resource: string,
): HostCurve {
  const { loads } = facts;
  const mean = meanLoadPercent(loads, resource, indexed.problem.start);
  const slopes = new Map<number, number>();
  for (const term of terms)
    for (const named of term.resources)
      if (named === resource)
        for (const { abovePercent, slope } of term.thresholds)
          slopes.set(abovePercent, (slopes.get(abovePercent) ?? 0) + term.weight * slope);
  const sorted = [...slopes].filter(([, slope]) => slope !== 0).sort(([a], [b]) => a - b);
  return {
    ...percentCurve(indexed, facts, resource, loads.receivers(resource)),
    levels: Float64Array.from(sorted, ([above]) => mean + above),
    slopes: Float64Array.from(sorted, ([, slope]) => slope),
  };
}

function aboveCurves(
  indexed: Indexed,
  facts: GoalFacts,
  { weight, resources, threshold }: LoadAbove,
): HostCurve[] {
  if (weight === 0) return [];
  const slopes = Float64Array.of(weight);
  if ('percent' in threshold)
    return resources.map((resource) => ({
      ...percentCurve(indexed, facts, resource, facts.loads.holders(resource)),
      levels: Float64Array.of(threshold.percent),
      slopes,
    }));
  const amounts = amountsOf(threshold.amounts, facts.selectors);
  return resources.map((resource) => {
    const hosts = facts.loads.holders(resource).filter((host) => amounts.has(host));
    return {
      name: `above ${resource}`,
      counts: flagsOf(indexed, hosts),
      constant: byHostIndex(
        indexed,
        hosts,
        (host) => facts.loads.foreign(host, resource) - (amounts.get(host) ?? 0),
      ),
      parts: [{ resource: facts.resources.indexOf(resource), factor: byHostIndex(indexed, hosts, () => 1) }],
      levels: Float64Array.of(0),
      slopes,
    };
  });
}

/** Every server of the set costs the same on each of the hosts. */
function leftCurve(indexed: Indexed, { selectors, resources }: GoalFacts, term: ServersLeft): HostCurve {
  const { weight } = term;
  const hosts = [...selectors.hosts(term.hosts)];
  const resource = resources.indexOf(countOf(term));
  return {
    name: 'left',
    counts: flagsOf(indexed, hosts),
    constant: new Float64Array(indexed.hosts.length),
    parts: [{ resource, factor: byHostIndex(indexed, hosts, () => 1) }],
    levels: weight === 0 ? new Float64Array(0) : Float64Array.of(0),
    slopes: weight === 0 ? new Float64Array(0) : Float64Array.of(weight),
  };
}

function percentCurve(
  indexed: Indexed,
  { loads, resources }: GoalFacts,
  resource: string,
  hosts: readonly HostId[],
) {
  const factor = byHostIndex(indexed, hosts, (host) => 100 / loads.capacity(host, resource));
  return {
    name: `load ${resource}`,
    counts: flagsOf(indexed, hosts),
    constant: byHostIndex(
      indexed,
      hosts,
      (host) => (100 * loads.foreign(host, resource)) / loads.capacity(host, resource),
    ),
    parts: [{ resource: resources.indexOf(resource), factor }],
  };
}

function strandedCurve(
  indexed: Indexed,
  { loads, resources }: GoalFacts,
  { weight, resource, needs, target }: StrandedCapacity,
): HostCurve {
  const hosts = loads.holders(resource).filter((host) => loads.capacity(host, needs) > 0);
  const freeWithout = (host: HostId, of: string): number =>
    loads.capacity(host, of) - loads.foreign(host, of);
  return {
    name: `stranded ${resource}`,
    counts: flagsOf(indexed, hosts),
    constant: byHostIndex(
      indexed,
      hosts,
      (host) => target * freeWithout(host, resource) - freeWithout(host, needs),
    ),
    parts: [
      { resource: resources.indexOf(resource), factor: byHostIndex(indexed, hosts, () => -target) },
      { resource: resources.indexOf(needs), factor: byHostIndex(indexed, hosts, () => 1) },
    ],
    levels: weight === 0 ? new Float64Array(0) : Float64Array.of(0),
    slopes: weight === 0 ? new Float64Array(0) : Float64Array.of(weight),
  };
}

export function compilePeaks(indexed: Indexed, facts: GoalFacts): readonly PeakCost[] {
  return facts.terms.flatMap((term) => {
    if (term.kind !== 'highest-load' || term.weight === 0) return [];
    const { parts, constant } = percentCurve(
      indexed,
      facts,
      term.resource,
      facts.loads.holders(term.resource),
    );
    return parts.map(({ resource, factor }) => ({ weight: term.weight, resource, factor, constant }));
  });
}

export function compileSlotCosts(indexed: Indexed, facts: GoalFacts): readonly SlotCost[] {
  const { loads, resources } = facts;
  return facts.terms.flatMap((term) => {
    if (term.kind !== 'free-slots' || term.weight === 0) return [];
    const hosts = slotHosts(term, facts);
    return [
      {
        weight: term.weight,
        wanted: wantedSlots(term, facts),
        counts: flagsOf(indexed, hosts),
        parts: Object.entries(term.amounts).map(([resource, amount]) => ({
          resource: resources.indexOf(resource),
          amount,
          room: byHostIndex(
            indexed,
            hosts,
            (host) => loads.capacity(host, resource) - loads.foreign(host, resource),
          ),
        })),
      },
    ];
  });
}

const flagsOf = (indexed: Indexed, hosts: readonly HostId[]): Uint8Array =>
  Uint8Array.from(byHostIndex(indexed, hosts, () => 1));
