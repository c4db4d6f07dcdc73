import type { LocalDisk, Server } from '../../model/server.ts';
import { diskBytes, diskWrites, dirtyAfter, memoryBytes } from './contents.ts';
import { byEnd, type ByEnd, type End } from './ends.ts';
import type { ForcedEnd } from './forced-end.ts';
import type { Patience } from './patience.ts';
import { precopy } from './precopy.ts';

/** Device state and the activation of port bindings, on top of the last round. */
const switchOverMs: ByEnd = { low: 100, expected: 300, high: 1000 };
/** Share of the bandwidth that memory gets at least, however much the guest writes to disks that are mirrored. */
const leastShare = 0.01;

/** What a live migration of a server meets. */
export interface LiveTerms {
  readonly server: Server;
  /** Disks that it copies. */
  readonly disks: readonly LocalDisk[];
  /** Bytes a second. */
  readonly rate: ByEnd;
  readonly patience: Patience;
  /** What ends it when the patience is over; undefined: it is given up. */
  readonly forced: ForcedEnd | undefined;
  /** Whether the hypervisor slows the guest down. */
  readonly throttles: boolean;
}

/** How it goes. */
export interface LiveCourse {
  /** Whether the guest switches over by itself before the patience is over. */
  readonly converges: boolean;
  /** From the first byte to the last, or until it is given up. */
  readonly seconds: number;
  /** Sent until it is done; where it is given up, what ending it then would have made it. */
  readonly bytes: number;
  /** For which the guest stands still; where it is given up, what stopping it then would have cost. */
  readonly downtimeMs: number;
  /** Share of its time for which the hypervisor stops the guest at the end. */
  readonly throttled: number;
}

/**
 * Disks first, mirrored while the guest goes on writing w bytes a second, then memory in rounds, at what the mirrors
 * leave of the bandwidth B:
 *
 *     mirror = disks / (B − w),  rounds as in `precopy` at B − w;  bytes = (disks + rounds) · B / (B − w)
 *
 * When the patience is over, a pause stops the guest while the rest is copied; post-copy starts it at the destination
 * and has the rest follow.
 */
export function liveCourse(terms: LiveTerms, end: End): LiveCourse {
  const { disks, forced, patience, server } = terms;
  const rate = terms.rate[end];
  const written = disks.length > 0 ? diskWrites(server)[end] : 0;
  const free = Math.max(rate - written, rate * leastShare);
  const disk = diskBytes(disks)[end];
  const mirror = Math.min(disk / free, patience.seconds);
  const unmirrored = disk - mirror * free;
  const rounds = precopy({
    memory: memoryBytes(server)[end],
    bytesPerSecond: free,
    dirtyAfter: dirtyAfter(server, end, free),
    limits: patience.limits.map((limit) => ({
      ...limit,
      fromSeconds: Math.max(0, limit.fromSeconds - mirror),
    })),
    patienceSeconds: patience.seconds - mirror,
    throttles: terms.throttles,
  });
  const converges = rounds.converges && unmirrored < 1;
  const rest = (rounds.left + unmirrored) / free;
  const running = mirror + rounds.seconds;
  const copiesRest = converges || forced !== undefined;
  const stands = !converges && forced === 'post-copy' ? 0 : rest;
  return {
    converges,
    seconds: running + (copiesRest ? rest : 0),
    bytes: (running + rest) * rate,
    downtimeMs: server.vmState === 'paused' ? 0 : stands * 1000 + switchOverMs[end],
    throttled: rounds.throttled,
  };
}

export const liveCourses = (terms: LiveTerms): ByEnd<LiveCourse> => byEnd((end) => liveCourse(terms, end));
