import type { Assignment, Cloud } from '../model/cloud.ts';
import type { ServerId } from '../model/ids.ts';
import type { GroupPolicy } from '../model/server-group.ts';
import type { Closeness, GroupViolations, ServersLeft, Spread } from './goal.ts';
import type { Facts, Measure } from './measure.ts';
import type { PlaceKind } from '../model/selector.ts';
import type { Selectors } from './selectors.ts';
import { domainOf } from '../model/domain.ts';

export function measureSpread(term: Spread, { cloud, selectors }: Facts): Measure {
  const sets = selectors.groups(term.of);
  const most = placesOf(cloud, term.over);
  return ({ at }) => {
    let short = 0;
    for (const set of sets) short += shortOf(term, set.size, most, countIn(set, at, cloud, term.over).size);
    return term.weight * short;
  };
}

/** How many places a set of a size lacks that lives in so many of those there are. */
export const shortOf = (term: Spread, size: number, places: number, lived: number): number =>
  Math.max(0, wantedPlaces(term, size, places) - lived);

/** How many places a set of so many servers should be in. */
export const wantedPlaces = ({ atLeast }: Spread, size: number, places: number): number =>
  Math.min(atLeast ?? places, size);

/** How many places there are in the cloud. */
export const placesOf = (cloud: Cloud, kind: PlaceKind): number =>
  new Set([...cloud.hosts.keys()].map((host) => domainOf(host, kind, cloud).key)).size;

export function measureGroups({ weight, policies }: GroupViolations, { cloud }: Facts): Measure {
  const counted = new Set<GroupPolicy>(policies);
  return ({ at }) => {
    let sum = 0;
    for (const group of cloud.groups.values())
      if (counted.has(group.policy))
        sum += breaksOf(group, countIn(new Set(group.members), at, cloud, 'host').values());
    return weight * sum;
  };
}

/** What breaks a group that has so many members on each of its hosts. */
export function breaksOf(
  group: { readonly policy: GroupPolicy; readonly maxServersPerHost: number },
  members: Iterable<number>,
): number {
  let hosts = 0;
  let beyond = 0;
  for (const count of members) {
    hosts += 1;
    beyond += Math.max(0, count - limitOf(group));
  }
  return isTogether(group.policy) ? Math.max(0, hosts - 1) : beyond;
}

/** True for the policies that want members on one host. */
export const isTogether = (policy: GroupPolicy): boolean =>
  policy === 'affinity' || policy === 'soft-affinity';

/** How many members of an anti-affinity group a host may hold. */
export const limitOf = (group: {
  readonly policy: GroupPolicy;
  readonly maxServersPerHost: number;
}): number => (group.policy === 'anti-affinity' ? group.maxServersPerHost : 1);

export function measureCloseness({ weight, within, pairs }: Closeness, { cloud, selectors }: Facts): Measure {
  return ({ at }) => {
    let alone = 0;
    for (const { servers, near } of pairs) {
      const others = countIn(selectors.servers(near), at, cloud, within);
      for (const [place, count] of countIn(selectors.servers(servers), at, cloud, within))
        if (!others.has(place)) alone += count;
    }
    return weight * alone;
  };
}

export function measureServersLeft(term: ServersLeft, { selectors }: Facts): Measure {
  const hosts = selectors.hosts(term.hosts);
  const servers = serversCounted(term, selectors);
  return ({ at }) => {
    let left = 0;
    for (const [server, host] of at) if (hosts.has(host) && servers.has(server)) left += 1;
    return term.weight * left;
  };
}

/** The servers that count when they are left. */
export const serversCounted = (
  { servers = { name: '*' } }: ServersLeft,
  selectors: Selectors,
): ReadonlySet<ServerId> => selectors.servers(servers);

/** Servers of a set by place. */
export function countIn(
  set: ReadonlySet<ServerId>,
  at: Assignment,
  cloud: Cloud,
  kind: PlaceKind,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const server of set) {
    const host = at.get(server);
    if (host === undefined) continue;
    const place = domainOf(host, kind, cloud).key;
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return counts;
}
