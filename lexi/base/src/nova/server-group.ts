/** A server group as a check of one server sees it. Names are whatever the caller uses for servers and hosts. */
export interface GroupView {
  /** Undefined for a server without a group. */
  readonly policy: 'affinity' | 'anti-affinity' | 'soft-affinity' | 'soft-anti-affinity' | undefined;
  /** `max_server_per_host`; Nova's default is 1. */
  readonly maxServersPerHost: number | undefined;
  readonly members: ReadonlySet<string>;
  /** Hosts of members; those that have none are left out. */
  readonly memberHosts: ReadonlyMap<string, string>;
}

/** The host as the checker sees it. */
export interface GroupHost {
  readonly name: string;
  /** Servers on the host. */
  readonly servers: ReadonlySet<string>;
  /** Servers that are migrating to or from the host; only the destination check counts them. */
  readonly migrating: ReadonlySet<string>;
}

/**
 * Whether the scheduler lets `server` go to `host`. Soft policies never refuse.
 *
 * Affinity counts the host that the server is on now, so that a group on one host does not leave it; anti-affinity
 * passes where the server is already. Source: `scheduler/filters/affinity_filter.py`.
 */
export function schedulerAcceptsGroup(group: GroupView, server: string, host: GroupHost): boolean {
  switch (group.policy) {
    case 'anti-affinity':
      return host.servers.has(server) || countMembers(group, host.servers) < limitOf(group);
    case 'affinity':
      return joinsHosts([...group.memberHosts.values()], host.name);
    case 'soft-affinity':
    case 'soft-anti-affinity':
    case undefined:
      return true;
  }
}

/**
 * Whether the destination compute service lets `server` in (the late check, since 24.0.0 for moves too).
 *
 * Servers that migrate to or from the host count as being on it. Source:
 * `compute/manager.py:_validate_instance_group_policy`.
 */
export function destinationAcceptsGroup(group: GroupView, server: string, host: GroupHost): boolean {
  switch (group.policy) {
    case 'anti-affinity': {
      const others = new Set([...host.servers, ...host.migrating]);
      others.delete(server);
      return countMembers(group, others) < limitOf(group);
    }
    case 'affinity': {
      const others = [...group.memberHosts].filter(([member]) => member !== server).map(([, name]) => name);
      return joinsHosts(others, host.name);
    }
    case 'soft-affinity':
    case 'soft-anti-affinity':
    case undefined:
      return true;
  }
}

/** How many of `servers` are members of the group: what anti-affinity compares with `max_server_per_host`. */
export function countMembers(group: GroupView, servers: ReadonlySet<string>): number {
  let count = 0;
  for (const server of servers) if (group.members.has(server)) count++;
  return count;
}

function limitOf(group: GroupView): number {
  return group.maxServersPerHost ?? 1;
}

function joinsHosts(hosts: readonly string[], host: string): boolean {
  return hosts.length === 0 || hosts.includes(host);
}
