import type { HostId, ServerId } from '../../model/ids.ts';
import type { ServerGroup } from '../../model/server-group.ts';
import { memberSet } from '../group-view.ts';
import type { StateView } from '../state-view.ts';
import type { WarningRule } from '../warning-rule.ts';

/**
 * A move makes a soft server group worse: more members on one host for `soft-anti-affinity`, fewer for
 * `soft-affinity`. Nova weighs these policies and never refuses for them.
 *
 * Source: scheduler/weights/affinity.py.
 */
export const softGroups: WarningRule = {
  id: 'soft-groups',
  summary: 'soft server groups are not as their policy wishes',

  onArrival({ server, from, to }, state) {
    const group = server.group === undefined ? undefined : state.context.cloud.groups.get(server.group);
    if (group === undefined || !isSoft(group)) return [];
    const [before, after] = [from, to].map((host) => othersOn(host, group, server.id, state).size);
    if (before === undefined || after === undefined) return [];
    if (group.policy === 'soft-anti-affinity' ? after <= before : after >= before) return [];
    const text = `server ${server.name} would be with ${after} other members of ${group.policy} group ${group.name} on host ${to}, now with ${before}`;
    return [{ text, servers: [server.id], host: to }];
  },

  onState: (state) =>
    [...state.context.cloud.groups.values()].filter(isSoft).flatMap((group) => {
      const spread = new Map<HostId, ServerId[]>();
      for (const member of group.members)
        for (const { role, host } of state.claimsOf(member))
          if (role === 'resident') spread.set(host, [...(spread.get(host) ?? []), member]);
      if (group.policy === 'soft-affinity') {
        if (spread.size < 2) return [];
        const text = `soft-affinity group ${group.name} is spread over ${spread.size} hosts`;
        return [{ text, servers: [...spread.values()].flat().toSorted() }];
      }
      return [...spread]
        .filter(([, members]) => members.length > 1)
        .map(([host, members]) => ({
          text: `${members.length} servers of soft-anti-affinity group ${group.name} run on host ${host}`,
          servers: members.toSorted(),
          host,
        }));
    }),
};

const isSoft = ({ policy }: ServerGroup): boolean =>
  policy === 'soft-affinity' || policy === 'soft-anti-affinity';

function othersOn(
  host: HostId,
  group: ServerGroup,
  server: ServerId,
  state: StateView,
): ReadonlySet<ServerId> {
  const members = memberSet(group);
  const others = state.claimsOn(host).filter((claim) => claim.server !== server && members.has(claim.server));
  return new Set(others.map((claim) => claim.server));
}
