import type { HostId, ServerId } from '../../model/ids.ts';
import type { ServersLeft, Term } from '../../objective/goal.ts';
import { loadTable } from '../../objective/loads.ts';
import type { Facts } from '../../objective/measure.ts';
import { createSelectors } from '../../objective/selectors.ts';
import { serversCounted } from '../../objective/set-terms.ts';
import type { Indexed } from './indexed.ts';

/** The goal's terms and what they are measured on. */
export interface GoalFacts extends Facts {
  readonly terms: readonly Term[];
  /** Resource classes of all terms, and sets of servers that they count (`countOf`), each once. */
  readonly resources: readonly string[];
  /** The servers of each such set, by its name among the resources. */
  readonly counted: ReadonlyMap<string, ReadonlySet<ServerId>>;
}

export function goalFacts({ problem }: Indexed): GoalFacts {
  const { cloud, demands, goal } = problem;
  const loads = loadTable(cloud, demands, goal.loads);
  const selectors = createSelectors(cloud);
  const lefts = goal.terms.filter((term) => term.kind === 'servers-left');
  return {
    cloud,
    loads,
    selectors,
    terms: goal.terms,
    resources: [...new Set(goal.terms.flatMap(resourcesOf))],
    counted: new Map(lefts.map((term) => [countOf(term), serversCounted(term, selectors)])),
  };
}

/** What a set of servers is called as if it were a resource of which each of them takes one. */
export const countOf = ({ servers }: ServersLeft): string => `servers ${JSON.stringify(servers ?? 'all')}`;

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
    case 'servers-left':
      return [countOf(term)];
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
