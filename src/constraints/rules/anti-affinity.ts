import type { ServerId } from '../../model/ids.ts';
import type { ServerGroup } from '../../model/server-group.ts';
import { countMembers, destinationAcceptsGroup } from '../../nova/server-group.ts';
import { groupLimit, groupView, hostView, memberSet } from '../group-view.ts';
import { type Rule, yes } from '../rule.ts';

/**
 * At most `maxServersPerHost` members of an `anti-affinity` group run on one host.
 *
 *     for all groups g, hosts h:  |{ s in g : s claims h }| <= maxServersPerHost(g)
 *
 * A server on its way claims both ends, so a swap through a shared host is refused half-way, as Nova's late check at
 * the destination does. Releases without that check (before 24.0.0), and forced arrivals there, are
 * held to the same: Nova would let them break the group.
 */
export const antiAffinity: Rule = {
  id: 'anti-affinity',
  scope: 'domain',
  holds: 'always',

  judge({ server, to }, state) {
    const group = server.group === undefined ? undefined : state.context.cloud.groups.get(server.group);
    if (group?.policy !== 'anti-affinity') return yes;
    const host = hostView(to, state);
    if (destinationAcceptsGroup(groupView(group, state), server.id, host)) return yes;
    const others = [...host.servers, ...host.migrating].filter((id) => id !== server.id);
    const clashing = membersIn(group, others);
    return {
      kind: 'no',
      measured: clashing.length + 1,
      limit: groupLimit(group, state.context),
      unit: 'servers',
      where: to,
      names: [group.name],
    };
  },

  audit: (state) =>
    antiGroups([...state.context.cloud.groups.values()]).flatMap((group) => {
      const hosts = new Set(group.members.flatMap((id) => state.claimsOf(id).map((claim) => claim.host)));
      return [...hosts].toSorted().flatMap((host) => {
        const { servers: residents, migrating } = hostView(host, state);
        const servers = membersIn(group, [...residents, ...migrating]);
        const measured = countMembers(groupView(group, state), new Set<string>(servers));
        const limit = groupLimit(group, state.context);
        if (measured <= limit) return [];
        return [
          {
            rule: 'anti-affinity',
            host,
            servers,
            measured,
            limit,
            unit: 'servers',
            where: host,
            names: [group.name],
            key: `${group.id} ${host}`,
          },
        ];
      });
    }),

  compile: (context) =>
    antiGroups([...context.cloud.groups.values()]).map((group) => ({
      kind: 'domainCount',
      rule: 'anti-affinity',
      members: group.members.filter((id) => context.cloud.servers.get(id)?.host !== undefined),
      per: 'host',
      atMost: groupLimit(group, context),
    })),

  describe: ({ measured, limit, where, names }) =>
    `host ${where}: ${measured} servers of anti-affinity group ${names?.[0] ?? ''}, limit ${limit}`,
};

const antiGroups = (groups: readonly ServerGroup[]): readonly ServerGroup[] =>
  groups.filter((group) => group.policy === 'anti-affinity');

function membersIn(group: ServerGroup, servers: readonly string[]): readonly ServerId[] {
  const members: ReadonlySet<string> = memberSet(group);
  return [...new Set(servers)].filter((id): id is ServerId => members.has(id)).toSorted();
}
