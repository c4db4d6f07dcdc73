import { invariant } from '../../shared/invariant.ts';
import type { HostId, ServerId } from '../../model/ids.ts';
import type { Leg } from '../lane.ts';
import type { SerialSets } from '../serial-sets.ts';
import type { Trip } from '../ways.ts';

/**
 * A sequence that the timetable follows: legs may overlap in time, but each finds its destination as it was in the
 * sequence, so rules allow it and Nova chooses the same cells.
 *
 * A leg waits until those before it have been requested that come to one of its hosts, and until those before it have
 * left that leave its destination, or are of one of its serial sets.
 */
export interface Script {
  /** Where the next leg of a server goes; undefined when it has none. */
  nextStop(server: ServerId): HostId | undefined;
  /** Whether the leg may be requested. */
  hasTurn(leg: Leg, to: HostId): boolean;
  /** Call when a leg of the script was requested, and when its server has left. */
  requested(server: ServerId): void;
  left(server: ServerId): void;
}

interface Line {
  readonly leg: Trip;
  readonly sets: readonly string[];
  status: 'waiting' | 'requested' | 'left';
}

export function createScript(legs: readonly Trip[], setsOf: SerialSets): Script {
  const lines = legs.map((leg): Line => ({ leg, sets: setsOf(leg.server.id), status: 'waiting' }));
  const nextOf = (server: ServerId): number =>
    lines.findIndex(({ leg, status }) => leg.server.id === server && status === 'waiting');

  return {
    nextStop: (server) => lines[nextOf(server)]?.leg.to,
    hasTurn({ server }, to) {
      const index = nextOf(server.id);
      const line = lines[index];
      return line?.leg.to === to && lines.slice(0, index).every((before) => !holdsUp(before, line));
    },
    requested(server) {
      const line = lines[nextOf(server)];
      invariant(line !== undefined, `server ${server} has another leg in the script`);
      line.status = 'requested';
    },
    left(server) {
      const line = lines.find(({ leg, status }) => leg.server.id === server && status === 'requested');
      if (line !== undefined) line.status = 'left';
    },
  };
}

function holdsUp(before: Line, line: Line): boolean {
  if (before.status === 'left') return false;
  if (before.leg.from === line.leg.to || before.sets.some((set) => line.sets.includes(set))) return true;
  return before.status === 'waiting' && (before.leg.to === line.leg.to || before.leg.to === line.leg.from);
}
