import type { HostId, ServerId } from '../model/ids.ts';
import type { ServerGroup } from '../model/server-group.ts';
import type { GroupHost, GroupView } from '../nova/server-group.ts';
import type { RuleContext } from './context.ts';
import { homeClaim, type Role, type StateView } from './state-view.ts';

/**
 * A group as Nova's checks see it now: members with the host that runs them. Anti-affinity asks for every host and
 * never looks at the others, so where members run is found when it is asked for.
 */
export function groupView(group: ServerGroup, state: StateView): GroupView {
  let found: ReadonlyMap<string, string> | undefined;
  return {
    policy: group.policy,
    maxServersPerHost: groupLimit(group, state.context),
    members: memberSet(group),
    get memberHosts() {
      found ??= memberHosts(group, state);
      return found;
    },
  };
}

function memberHosts(group: ServerGroup, state: StateView): ReadonlyMap<string, string> {
  const hosts = new Map<string, string>();
  for (const member of group.members) {
    const home = homeClaim(member, state);
    if (home !== undefined) hosts.set(member, home.host);
  }
  return hosts;
}

const memberSets = new WeakMap<readonly ServerId[], ReadonlySet<ServerId>>();

/** Who belongs to a group; made once, as the members of a group never change. */
export function memberSet({ members }: Pick<ServerGroup, 'members'>): ReadonlySet<ServerId> {
  const known = memberSets.get(members);
  if (known !== undefined) return known;
  const made: ReadonlySet<ServerId> = new Set(members);
  memberSets.set(members, made);
  return made;
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
