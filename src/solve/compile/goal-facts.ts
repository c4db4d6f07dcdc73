import type { HostId } from '../../model/ids.ts';
import type { Term } from '../../objective/goal.ts';
import { loadTable } from '../../objective/loads.ts';
import type { Facts } from '../../objective/measure.ts';
import { createSelectors } from '../../objective/selectors.ts';
import type { Indexed } from './indexed.ts';

/** The goal's terms and what they are measured on. */
export interface GoalFacts extends Facts {
  readonly terms: readonly Term[];
  /** Resource classes of all terms, each once. */
  readonly resources: readonly string[];
}

export function goalFacts({ problem }: Indexed): GoalFacts {
  const { cloud, demands, goal } = problem;
  const loads = loadTable(cloud, demands, goal.loads);
  return {
    cloud,
    loads,
    selectors: createSelectors(cloud),
    terms: goal.terms,
    resources: [...new Set(goal.terms.flatMap(resourcesOf))],
  };
}

function resourcesOf(term: Term): readonly string[] {
  switch (term.kind) {
    case 'load-above':
    case 'load-above-mean':
      return term.resources;
    case 'highest-load':
      return [term.resource];
    case 'stranded-capacity':
      return [term.resource, term.needs];
    case 'free-slots':
      return Object.keys(term.amounts);
    case 'hosts-used':
    case 'spread':
    case 'group-violations':
    case 'closeness':
    case 'route-cost':
    case 'most-moved':
    case 'migration-cost':
      return [];
  }
}

/** An array with a number for each of these hosts. */
export function byHostIndex(
  { hosts, hostIndex }: Indexed,
  ids: Iterable<HostId>,
  valueOf: (host: HostId) => number,
): Float64Array {
  const values = new Float64Array(hosts.length);
  for (const host of ids) {
    const h = hostIndex.get(host);
    if (h !== undefined) values[h] = valueOf(host);
  }
  return values;
}
