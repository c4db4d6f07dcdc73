import type { HostId } from '../../model/ids.ts';
import { destinationAcceptsGroup, schedulerAcceptsGroup } from '../../nova/server-group.ts';
import { groupView, hostView } from '../group-view.ts';
import { pairMask } from '../pair-mask.ts';
import { type Rule, type Violation, yes } from '../rule.ts';
import type { StateView } from '../state-view.ts';

/**
 * A member of an `affinity` group moves only to a host that runs members already. The scheduler counts the host that
 * the server leaves and then ignores it, so a group that is together cannot be moved; only a split one can close up.
 *
 * Source: scheduler/filters/affinity_filter.py ServerGroupAffinityFilter; reference 3.10.
 */
export const affinity: Rule = {
  id: 'affinity',
  scope: 'domain',
  holds: 'always',

  judge({ server, to }, state) {
    const group = server.group === undefined ? undefined : state.context.cloud.groups.get(server.group);
    if (group?.policy !== 'affinity') return yes;
    const view = groupView(group, state);
    const host = hostView(to, state);
    if (schedulerAcceptsGroup(view, server.id, host) && destinationAcceptsGroup(view, server.id, host))
      return yes;
    return { kind: 'no', measured: 0, limit: 1, unit: 'other members there', where: to, names: [group.name] };
  },

  audit: (state) =>
    [...state.context.cloud.groups.values()].flatMap((group) =>
      group.policy === 'affinity' ? audit(group, state) : [],
    ),

  compile: (context) =>
    pairMask(
      'affinity',
      context,
      (server) => {
        const group = server.group === undefined ? undefined : context.cloud.groups.get(server.group);
        return group?.policy === 'affinity' ? group.id : '';
      },
      (server, host) => {
        const group = server.group === undefined ? undefined : context.cloud.groups.get(server.group);
        if (group?.policy !== 'affinity') return yes;
        // Members only ever join hosts of members, so today's hosts are all that any of them can reach.
        const hosts = new Set<HostId | undefined>(
          group.members.map((id) => context.cloud.servers.get(id)?.host),
        );
        return hosts.has(host.id)
          ? yes
          : {
              kind: 'no',
              measured: 0,
              limit: 1,
              unit: 'other members there',
              where: host.id,
              names: [group.name],
            };
      },
    ),

  describe: ({ where, names, unit, measured }) =>
    unit === 'hosts'
      ? `affinity group ${names?.[0] ?? ''} is split over ${measured} hosts: ${where}`
      : `affinity group ${names?.[0] ?? ''} keeps the server: host ${where} runs no other member, and Nova's scheduler moves members only to such hosts`,
};

function audit(group: Parameters<typeof groupView>[0], state: StateView): readonly Violation[] {
  const view = groupView(group, state);
  const hosts = [...new Set(view.memberHosts.values())].toSorted();
  if (hosts.length < 2) return [];
  const servers = group.members.filter((id) => view.memberHosts.has(id)).toSorted();
  return [
    {
      rule: 'affinity',
      servers,
      measured: hosts.length,
      limit: 1,
      unit: 'hosts',
      where: hosts.join(', '),
      names: [group.name],
      key: group.id,
    },
  ];
}
