import type { Storage } from '../../constraints/arrival.ts';
import { localDisksOf } from '../../model/local-disks.ts';
import type { LocalDisk, Server } from '../../model/server.ts';
import { byEnd, type ByEnd, type End } from './ends.ts';

const mib = 2 ** 20;

/** Memory written, as a share of what the way carries, when no dirty rate was measured. */
const assumedDirtyShare: ByEnd = { low: 0, expected: 0.1, high: 0.5 };
/** What a measured rate is multiplied with at the ends of the interval. */
const measuredSpread: ByEnd = { low: 0.5, expected: 1, high: 2 };
/** Share of a sparse disk's size that is really there. */
const sparseShare: ByEnd = { low: 0.5, expected: 1, high: 1 };

/**
 * Bytes of memory that a live migration sends at least: what the host really holds of it, caches included. Pages that
 * the guest never touched cost nothing. Where only the guest's own word is known, that is the likely and the least, and
 * all of its flavor the most; where nothing is known all of its flavor counts.
 */
export function memoryBytes({ flavor, residentMemoryMiB, usage }: Server): ByEnd {
  const all = flavor.memoryMiB;
  const held = Math.min(all, residentMemoryMiB ?? all);
  const used = Math.min(held, usage?.memoryUsedMiB ?? held);
  const expected = residentMemoryMiB === undefined ? used : held;
  return { low: used * mib, expected: expected * mib, high: held * mib };
}

/**
 * What is dirty after some seconds: D · seconds, and never more than the working set W; all of its memory where W is
 * not known, and a share of the bandwidth for D where no rate was measured. Nothing of a paused server.
 */
export function dirtyAfter(server: Server, end: End, bytesPerSecond: number): (seconds: number) => number {
  const { dirtyRateMiBps: measured, flavor, workingSetMiB = flavor.memoryMiB } = server;
  const rate =
    measured === undefined ? assumedDirtyShare[end] * bytesPerSecond : measured * mib * measuredSpread[end];
  const workingSet = server.vmState === 'paused' ? 0 : workingSetMiB * mib;
  return (seconds) => Math.min(workingSet, rate * seconds);
}

/** Bytes a second that the guest writes to its local disks; none where nobody measured. */
export const diskWrites = ({ diskWriteMiBps: measured = 0 }: Server): ByEnd =>
  byEnd((end) => measured * mib * measuredSpread[end]);

/** Disks that a live migration copies: every one that is no volume. */
export const liveDisks = (server: Server, storage: Storage): readonly LocalDisk[] =>
  storage === 'block' ? localDisksOf(server) : [];

/** A cold one leaves swap behind: it is made anew. */
export const coldDisks = (server: Server, storage: Storage): readonly LocalDisk[] =>
  liveDisks(server, storage).filter(({ kind }) => kind !== 'swap');

/** Their bytes; `whole`: holes are sent as well. */
export function diskBytes(disks: readonly LocalDisk[], { whole = false } = {}): ByEnd {
  const size = disks.reduce((sum, { sizeGiB }) => sum + sizeGiB, 0) * 2 ** 30;
  return byEnd((end) => size * (whole ? 1 : sparseShare[end]));
}
