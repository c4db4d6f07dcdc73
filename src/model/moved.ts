import type { Assignment } from './cloud.ts';
import type { HostId, ServerId } from './ids.ts';

/** An assignment that differs from another in a few servers of it. */
export function withMoves(base: Assignment, moves: ReadonlyMap<ServerId, HostId>): Assignment {
  return moves.size === 0 ? base : new MovedAssignment(base, moves);
}

/** A server that is elsewhere in one assignment than in another; `from` is undefined where that one does not place it. */
export interface Move {
  readonly server: ServerId;
  readonly from: HostId | undefined;
  readonly to: HostId;
}

/** The servers that `after` has elsewhere than `before`, in the order of `after`. */
export function movesBetween(before: Assignment, after: Assignment): readonly Move[] {
  if (before === after) return [];
  const pairs = after instanceof MovedAssignment && after.base === before ? after.moves : after;
  const moves: Move[] = [];
  for (const [server, to] of pairs) {
    const from = before.get(server);
    if (from !== to) moves.push({ server, from, to });
  }
  return moves;
}

class MovedAssignment implements Assignment {
  readonly base: Assignment;
  readonly moves: ReadonlyMap<ServerId, HostId>;

  constructor(base: Assignment, moves: ReadonlyMap<ServerId, HostId>) {
    this.base = base;
    this.moves = moves;
  }

  get size(): number {
    return this.base.size;
  }

  has(server: ServerId): boolean {
    return this.base.has(server);
  }

  get(server: ServerId): HostId | undefined {
    return this.moves.get(server) ?? this.base.get(server);
  }

  keys(): MapIterator<ServerId> {
    return this.base.keys();
  }

  *entries(): MapIterator<[ServerId, HostId]> {
    for (const [server, host] of this.base) yield [server, this.moves.get(server) ?? host];
  }

  *values(): MapIterator<HostId> {
    for (const [, host] of this.entries()) yield host;
  }

  [Symbol.iterator](): MapIterator<[ServerId, HostId]> {
    return this.entries();
  }

  forEach(visit: (host: HostId, server: ServerId, map: Assignment) => void): void {
    for (const [server, host] of this.entries()) visit(host, server, this);
  }
}
