import { type Assignment, type Cloud, currentAssignment } from '../model/cloud.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import { movesBetween } from '../model/moved.ts';
import type { Server } from '../model/server.ts';

export interface HostUse {
  /** What the servers of an assignment use of a class on each host. */
  readonly use: (at: Assignment, resource: string) => ReadonlyMap<HostId, number>;
}

/** Amount of a class that a server counts with on a host. */
type AmountOf = (server: Server, host: HostId, resource: string) => number;

/** A server that an assignment has elsewhere than today, or nowhere. */
interface Change {
  readonly server: ServerId;
  readonly from: HostId | undefined;
  readonly to: HostId | undefined;
}

/**
 * What servers use of each host. Today's use is added up once a class; of any other assignment only what differs from
 * today is looked at.
 */
export function createUse(cloud: Cloud, amountOf: AmountOf): HostUse {
  const today = new Map<string, ReadonlyMap<HostId, number>>();
  const start = currentAssignment(cloud);
  const moved = new WeakMap<Assignment, readonly Change[]>();
  const useToday = (resource: string): ReadonlyMap<HostId, number> => {
    const known = today.get(resource);
    if (known !== undefined) return known;
    const use = new Map<HostId, number>();
    for (const server of cloud.servers.values())
      if (server.host !== undefined) addTo(use, server.host, amountOf(server, server.host, resource));
    today.set(resource, use);
    return use;
  };
  const movedIn = (at: Assignment): readonly Change[] => {
    const known = moved.get(at) ?? changesOf(start, at);
    moved.set(at, known);
    return known;
  };
  return {
    use(at, resource) {
      const changes = movedIn(at);
      if (changes.length === 0) return useToday(resource);
      const use = new Map(useToday(resource));
      for (const { server: id, from, to } of changes) {
        const server = cloud.servers.get(id);
        if (server === undefined) continue;
        if (from !== undefined) addTo(use, from, -amountOf(server, from, resource));
        if (to !== undefined) addTo(use, to, amountOf(server, to, resource));
      }
      return use;
    },
  };
}

/** Those that `at` has elsewhere, or nowhere. */
function changesOf(start: Assignment, at: Assignment): readonly Change[] {
  const moves = movesBetween(start, at);
  const came = moves.reduce((count, { from }) => count + (from === undefined ? 1 : 0), 0);
  if (at.size - came === start.size) return moves;
  const gone = [...start].filter(([server]) => !at.has(server));
  return [...moves, ...gone.map(([server, from]) => ({ server, from, to: undefined }))];
}

function addTo(use: Map<HostId, number>, host: HostId, amount: number): void {
  use.set(host, (use.get(host) ?? 0) + amount);
}
