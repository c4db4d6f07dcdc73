import type { Cloud } from '../model/cloud.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import type { Selector } from '../model/named.ts';
import type { ServerSelector } from '../model/selector.ts';
import type { Goal, ServersLeft } from '../objective/goal.ts';
import { createSelectors } from '../objective/selectors.ts';

/** Servers that count alike; the most important first. Whom none names comes last. */
export type Importance = readonly (readonly Selector[])[];

/**
 * The goal of an evacuation: as few servers as can be are left of the most important, then of the next, then of all
 * others; after that what the goal says by itself.
 */
export function evacuationGoal(goal: Goal, hosts: readonly HostId[], importance: Importance): Goal {
  const left = (index: number, servers: ServerSelector | undefined): ServersLeft & { priority: number } => ({
    kind: 'servers-left',
    priority: index + 1,
    weight: 1,
    hosts: { name: hosts },
    ...(servers !== undefined && { servers }),
  });
  const ranks = ranksOf(importance).map((servers, index) => left(index, servers));
  const later = ({ priority = 1 }: { readonly priority?: number }): { priority: number } => ({
    priority: priority + ranks.length,
  });
  return {
    ...goal,
    terms: [...ranks, ...goal.terms.map((term) => ({ ...term, ...later(term) }))],
    ...(goal.priorities !== undefined && {
      priorities: goal.priorities.map((entry) => ({ ...entry, ...later(entry) })),
    }),
  };
}

/** Who counts alike, once each, the most important first; last of all whom none names, which is everybody where none is. */
function ranksOf(importance: Importance): readonly (ServerSelector | undefined)[] {
  const sets = importance.map((selectors) => selectors.flatMap(criteriaOf));
  return [
    ...sets.map((own, index) => besides(anyOf(own), sets.slice(0, index).flat())),
    sets.length === 0 ? undefined : { not: anyOf(sets.flat()) },
  ];
}

const besides = (own: ServerSelector, others: readonly ServerSelector[]): ServerSelector =>
  others.length === 0 ? own : { all: [own, { not: anyOf(others) }] };

/** Flat: selectors of a goal nest only so deep. */
const anyOf = (selectors: readonly ServerSelector[]): ServerSelector => {
  const [first, ...more] = selectors;
  return first !== undefined && more.length === 0 ? first : { any: selectors };
};

function criteriaOf({ kind, value }: Selector): readonly ServerSelector[] {
  switch (kind) {
    case 'server':
      return [{ id: value }, { name: value }];
    case 'project':
    case 'tag':
    case 'flavor':
    case 'group':
    case 'metadata':
      return [{ [kind]: value }];
    case 'host':
    case 'aggregate':
    case 'zone':
    case 'rack':
      return []; // where a server runs is no importance of its own
  }
}

/**
 * In which order servers of hosts that are evacuated go: 1 for the most important, and so on. 0 for all others, which
 * move only to make room.
 */
export function rankByImportance(
  evacuated: ReadonlySet<HostId>,
  importance: Importance,
  cloud: Cloud,
): (server: ServerId) => number {
  const { servers } = createSelectors(cloud);
  const ranks = new Map<ServerId, number>();
  for (const [index, own] of ranksOf(importance).entries())
    for (const id of own === undefined ? [] : servers(own)) ranks.set(id, index + 1);
  return (id) => {
    const host = cloud.servers.get(id)?.host;
    return host !== undefined && evacuated.has(host) ? (ranks.get(id) ?? importance.length + 1) : 0;
  };
}
