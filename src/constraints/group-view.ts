import type { HostId } from '../model/ids.ts';
import type { ServerGroup } from '../model/server-group.ts';
import type { GroupHost, GroupView } from '../nova/server-group.ts';
import type { RuleContext } from './context.ts';
import type { Role, StateView } from './state-view.ts';

/** A group as Nova's checks see it now: members with the host that runs them. */
export function groupView(group: ServerGroup, state: StateView): GroupView {
  const memberHosts = new Map<string, string>();
  for (const member of group.members) {
    const home = state
      .claimsOf(member)
      .find((claim) => claim.role === 'resident' || claim.role === 'outgoing');
    if (home !== undefined) memberHosts.set(member, home.host);
  }
  return {
    policy: group.policy,
    maxServersPerHost: groupLimit(group, state.context),
    members: new Set<string>(group.members),
    memberHosts,
  };
}

/** How many members a host may run: before API 2.64 (18.0.0) groups have no rule, and one is all. */
export const groupLimit = (group: ServerGroup, { profile }: Pick<RuleContext, 'profile'>): number =>
  profile.switches.maxServerPerHostRule ? group.maxServersPerHost : 1;

/**
 * A host as the late check sees it: who runs there, and who is on the way to or from it. Servers that were evacuated
 * from it are no longer counted (Nova: migrations that are `done`).
 */
export function hostView(host: HostId, state: StateView): GroupHost {
  const claims = state.claimsOn(host);
  return {
    name: host,
    servers: new Set<string>(claims.filter((c) => c.role === 'resident').map((c) => c.server)),
    migrating: new Set<string>(claims.filter((c) => isTravelling(c.role)).map((c) => c.server)),
  };
}

const isTravelling = (role: Role): boolean =>
  role === 'incoming' || role === 'outgoing' || role === 'unconfirmed';

/** Whether the destination looks at group policies again when a server arrives. */
export const checksGroupsLate = ({ cloud, profile }: RuleContext): boolean =>
  profile.switches.lateGroupCheck &&
  !cloud.config.workarounds.value.includes('disable_group_policy_check_upcall');
