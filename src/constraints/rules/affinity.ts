import type { HostId } from '../../model/ids.ts';
import { destinationAcceptsGroup, schedulerAcceptsGroup } from '../../nova/server-group.ts';
import { canForce } from '../context.ts';
import { checksGroupsLate, groupView, hostView } from '../group-view.ts';
import { pairMask } from '../pair-mask.ts';
import { type Rule, type Violation, yes } from '../rule.ts';
import type { StateView } from '../state-view.ts';

/**
 * A member of an `affinity` group moves only to a host that runs members already. The scheduler counts the host that
 * the server leaves and then ignores it, so a group that is together cannot be moved; only a split one can close up.
 *
 * A forced arrival passes the scheduler. The late check at the destination (24.0.0) looks at the other members only: a
 * server that is alone in its group passes. Where there is none, members may leave; that a group is together again at
 * the end of a plan is checked then.
 *
 * Source: scheduler/filters/affinity_filter.py ServerGroupAffinityFilter; compute/manager.py
 * _validate_instance_group_policy.
 */
export const affinity: Rule = {
  id: 'affinity',
  scope: 'domain',
  holds: 'always',

  judge({ server, to, forced }, state) {
    const group = server.group === undefined ? undefined : state.context.cloud.groups.get(server.group);
    if (group?.policy !== 'affinity') return yes;
    const view = groupView(group, state);
    const host = hostView(to, state);
    const late = destinationAcceptsGroup(view, server.id, host);
    const pushed = late || !checksGroupsLate(state.context);
    if (forced === true ? pushed : late && schedulerAcceptsGroup(view, server.id, host)) return yes;
    const { switches } = state.context.profile;
    const word = forced !== true && pushed && switches.forcedLive && !canForce(state.context);
    const names = [group.name, ...(word ? ['allow forced'] : [])];
    return { kind: 'no', measured: 0, limit: 1, unit: 'other members there', where: to, names };
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
      (server, host, { forced }) => {
        const group = server.group === undefined ? undefined : context.cloud.groups.get(server.group);
        if (group?.policy !== 'affinity') return yes;
        const others = group.members.filter(
          (id) => id !== server.id && context.cloud.servers.get(id)?.host !== undefined,
        );
        if (forced === true && (others.length === 0 || !checksGroupsLate(context))) return yes;
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

  oneAtATime: ({ cloud }) =>
    [...cloud.groups.values()].flatMap(({ policy, name, id, members }) =>
      policy === 'affinity' ? [{ name: `affinity group ${name} (${id})`, servers: members }] : [],
    ),

  describe: ({ where, names, unit, measured }) =>
    unit === 'hosts'
      ? `affinity group ${names?.[0] ?? ''} is split over ${measured} hosts: ${where}`
      : `affinity group ${names?.[0] ?? ''} keeps the server: host ${where} runs no other member, and Nova's scheduler moves members only to such hosts${names?.[1] === undefined ? '' : `: ${names[1]}`}`,
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
