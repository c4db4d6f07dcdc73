import type { Cloud } from '../../model/cloud.ts';
import type { HostId, ServerId } from '../../model/ids.ts';
import { groupBy } from '../../shared/collections.ts';
import type { OperatorRule } from './document.ts';
import type { ResolvedRule } from './resolved.ts';

/** What a rule asks of an assignment, in the four forms that contradictions are looked for in. */
export type Ask = { readonly of: Source; readonly servers: ReadonlySet<ServerId> } &
  /** Each server on one of the hosts. */
  (
    | { readonly kind: 'within'; readonly hosts: ReadonlySet<HostId> }
    /** All servers on hosts of one of the groups. */
    | { readonly kind: 'one-of'; readonly groups: readonly ReadonlySet<HostId>[] }
    /** No more than so many of the servers in each domain; hosts in none of them do not count. */
    | { readonly kind: 'at-most'; readonly domains: readonly ReadonlySet<HostId>[]; readonly count: number }
    /** Servers in so many of the domains. */
    | { readonly kind: 'at-least'; readonly domains: readonly ReadonlySet<HostId>[]; readonly count: number }
  );

/** Who asks: a rule of the operator, or the cloud by itself. */
export type Source =
  | { readonly rule: OperatorRule; readonly index: number }
  | { readonly rule?: undefined; readonly words: string };

/** What the rules ask. Servers that run on no host of the cloud have no say. */
export function asksOf(rules: readonly ResolvedRule[], cloud: Cloud): readonly Ask[] {
  const all = new Set(cloud.hosts.keys());
  return rules.flatMap((resolved): readonly Ask[] => {
    const { rule, index, groups, hosts } = resolved;
    const servers = new Set(resolved.servers.filter((id) => homeOf(id, cloud) !== undefined));
    if (servers.size === 0) return [];
    const base = { of: { rule, index }, servers };
    switch (rule.kind) {
      case 'fence':
        return [{ ...base, kind: 'within', hosts }];
      case 'ban':
        return [{ ...base, kind: 'within', hosts: new Set([...all].filter((host) => !hosts.has(host))) }];
      case 'among':
      case 'near':
        return [{ ...base, kind: 'one-of', groups }];
      case 'keep-apart':
        return [{ ...base, kind: 'at-most', domains: groups, count: rule.atMost ?? 1 }];
      case 'spread':
        return [{ ...base, kind: 'at-least', domains: groups, count: rule.atLeast }];
      case 'max-servers':
        return [
          { ...base, kind: 'at-most', domains: [...hosts].map((h) => new Set([h])), count: rule.atMost },
        ];
    }
  });
}

/** The host that a server runs on, where the cloud has it. */
function homeOf(server: ServerId, { servers, hosts }: Cloud): HostId | undefined {
  const host = servers.get(server)?.host;
  return host !== undefined && hosts.has(host) ? host : undefined;
}

/**
 * What the cloud itself asks, where it is so today: the zone that servers asked for, and anti-affinity groups. What is
 * broken already is left out, since nobody has to mend it.
 */
export function asksOfCloud(cloud: Cloud): readonly Ask[] {
  return [...asksOfZones(cloud), ...asksOfGroups(cloud)];
}

function asksOfZones({ servers, hosts }: Cloud): readonly Ask[] {
  const byZone = new Map<string, Set<ServerId>>();
  for (const { id, host, requestedAz } of servers.values()) {
    if (requestedAz?.kind !== 'zone' || host === undefined) continue;
    if (hosts.get(host)?.availabilityZone !== requestedAz.name) continue;
    const known = byZone.get(requestedAz.name) ?? new Set<ServerId>();
    byZone.set(requestedAz.name, known.add(id));
  }
  return [...byZone].map(([zone, members]) => ({
    of: { words: `availability zone ${zone}, which the servers asked for` },
    servers: members,
    kind: 'within',
    hosts: new Set(
      [...hosts.values()]
        .filter(({ availabilityZone }) => availabilityZone === undefined || availabilityZone === zone)
        .map(({ id }) => id),
    ),
  }));
}

function asksOfGroups(cloud: Cloud): readonly Ask[] {
  const domains = [...cloud.hosts.keys()].map((host) => new Set([host]));
  return [...cloud.groups.values()].flatMap((group): readonly Ask[] => {
    if (group.policy !== 'anti-affinity') return [];
    const members = [...new Set(group.members)].filter((id) => homeOf(id, cloud) !== undefined);
    const perHost = groupBy(members, (id) => homeOf(id, cloud));
    const count = group.maxServersPerHost;
    const most = Math.max(0, ...[...perHost.values()].map(({ length }) => length));
    if (members.length === 0 || most > count) return [];
    const words = `anti-affinity group ${group.name}`;
    return [{ of: { words }, servers: new Set(members), kind: 'at-most', domains, count }];
  });
}
