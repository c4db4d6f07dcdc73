import type { Arrival } from '../../constraints/arrival.ts';
import type { Cloud } from '../../model/cloud.ts';
import { localDisksOf } from '../../model/local-disks.ts';
import type { LocalDisk, Server } from '../../model/server.ts';
import { settingOf } from '../../constraints/settings.ts';
import { routeOf } from '../network.ts';

const mib = 2 ** 20;
const gib = 2 ** 30;

/** Share of a link's bandwidth that payload gets: headers, TLS, the control plane. */
const linkEfficiency = 0.8;
/** Share of the efficient bandwidth that is left when others use the link too: the pessimistic end. */
const busyLinkShare = 0.5;
/** Seconds until a live migration has passed the destination's checks and memory starts to flow. */
const liveSetupSeconds = 6;
/** Seconds from the switch-over to the record's `completed`. */
const liveFinishSeconds = 2;
/** Nova's `live_migration_downtime` default, reached at the latest; QEMU switches over when the rest takes no longer. */
const downtimeLimitMs = 500;
/** Device state and the activation of port bindings, on top of the last round (0.1 to 1 s). */
const switchOverMs = 300;
/** Memory written, as a share of what the link carries, when no dirty rate was measured. */
const assumedDirtyShare = { low: 0, expected: 0.1, high: 0.5 } as const;
/** What a measured dirty rate is multiplied with at the ends of the interval. */
const dirtyRateSpread = { low: 0.5, expected: 1, high: 2 } as const;
/** Rounds after which a guest that dirties faster than the link carries counts as stopped by Nova's timeout. */
const maxRounds = 30;
/** Seconds that a running guest takes to shut down: Nova waits 60 (`shutdown_timeout`) and then pulls the plug. */
const shutdownSeconds = { low: 5, expected: 30, high: 60 } as const;
/** Seconds from the start at the destination to a guest that answers. */
const bootSeconds = { low: 10, expected: 30, high: 120 } as const;
/** Claims, ports, volume attachments and XML of a cold migration. */
const coldOverheadSeconds = { low: 5, expected: 10, high: 30 } as const;
/** Seconds that a confirm takes: Nova removes the source's files and frees what it holds. */
export const confirmSeconds = 5;
/** Share of a local disk's size that is really there, at the optimistic end: images are sparse. */
const thinDiskShare = 0.5;

type End = 'low' | 'expected' | 'high';

/** What one migration costs. Whole numbers, never NaN: seconds are rounded up. */
export interface Transfer {
  /** Bytes expected on the network; 0 when nothing is copied. */
  readonly bytes: number;
  readonly seconds: Readonly<Record<End, number>>;
  /** Milliseconds for which the guest is expected not to run; 0 when it did not run before. */
  readonly downtimeMs: number;
  /** Mbit/s of the links at both ends while it runs; 0 when nothing is copied. */
  readonly mbps: number;
}

/**
 * How long a migration takes and what it copies.
 *
 *     B     = path bandwidth × efficiency, in bytes a second (low end of the bandwidth: × busyLinkShare)
 *     live  = setup + disks / B + precopy(memory, B, dirty rate) + finish       disks only when storage is `block`
 *     cold  = overhead + shutdown + disks without swap / B + boot               shutdown and boot only when it runs
 */
export function transferOf(arrival: Arrival, cloud: Cloud): Transfer {
  const from = cloud.hosts.get(arrival.from);
  const mbps = routeOf(arrival.from, arrival.to, cloud, arrival.method).mbps;
  const bytesPerSecond = (mbps * 1e6 * linkEfficiency) / 8;
  if (arrival.method !== 'live') return coldTransfer(arrival, bytesPerSecond, mbps);
  const perGiB = settingOf(from, cloud, 'completionTimeoutSecondsPerGiB');
  return liveTransfer(arrival, bytesPerSecond, mbps, perGiB);
}

function coldTransfer({ server, storage }: Arrival, bytesPerSecond: number, mbps: number): Transfer {
  const copied = storage === 'block' ? diskGiB(server, (disk) => disk.kind !== 'swap') * gib : 0;
  const runs = server.vmState !== 'stopped';
  const seconds = byEnd((end) => {
    const copy = (copied * diskShare(end)) / bandwidthAt(end, bytesPerSecond);
    const power = runs ? shutdownSeconds[end] + bootSeconds[end] : 0;
    return Math.ceil(coldOverheadSeconds[end] + copy + power);
  });
  const downtimeMs = runs ? seconds.expected * 1000 : 0;
  return { bytes: Math.round(copied), seconds, downtimeMs, mbps: copied === 0 ? 0 : mbps };
}

function liveTransfer(
  { server, storage }: Arrival,
  bytesPerSecond: number,
  mbps: number,
  timeoutPerGiB: number,
): Transfer {
  const disks = storage === 'block' ? diskGiB(server, () => true) : 0;
  const copies = byEnd((end) => {
    const bandwidth = bandwidthAt(end, bytesPerSecond);
    return precopy(memoryBytes(server, end), bandwidth, dirtyBytesPerSecond(server, end, bandwidth));
  });
  const timeout = completionTimeout(server, disks, timeoutPerGiB);
  const seconds = byEnd((end) => {
    const copy = (disks * gib * diskShare(end)) / bandwidthAt(end, bytesPerSecond) + copies[end].seconds;
    return Math.ceil(liveSetupSeconds + Math.min(copy, timeout) + liveFinishSeconds);
  });
  const { bytes, downtimeMs } = copies.expected;
  return { bytes: Math.round(bytes + disks * gib), seconds, downtimeMs: Math.ceil(downtimeMs), mbps };
}

/**
 * Pre-copy with a constant dirty rate, in closed form. With r = dirty rate / B, held to at most 1
 * because a round never carries more than all memory, and d the downtime limit:
 *
 *     rounds n = ⌈ln(B·d / memory) / ln r⌉, 0 when memory ≤ B·d, at most maxRounds
 *     bytes    = memory · (1 − r^(n+1)) / (1 − r), or memory · (n + 1) when r = 1
 *     seconds  = bytes / B
 *     downtime = memory · r^n / B + switch-over
 */
export function precopy(
  memory: number,
  bytesPerSecond: number,
  dirtyPerSecond: number,
): { readonly bytes: number; readonly seconds: number; readonly downtimeMs: number } {
  const r = Math.min(1, dirtyPerSecond / bytesPerSecond);
  const rounds = roundsUntil((bytesPerSecond * downtimeLimitMs) / 1000 / Math.max(memory, 1), r);
  const bytes = r === 1 ? memory * (rounds + 1) : (memory * (1 - r ** (rounds + 1))) / (1 - r);
  const lastRound = (memory * r ** rounds) / bytesPerSecond;
  return { bytes, seconds: bytes / bytesPerSecond, downtimeMs: lastRound * 1000 + switchOverMs };
}

/** Rounds until what is left is at most this share of the memory. */
function roundsUntil(share: number, r: number): number {
  if (share >= 1) return 0;
  if (r === 0) return 1;
  if (r === 1) return maxRounds;
  return Math.min(maxRounds, Math.max(1, Math.ceil(Math.log(share) / Math.log(r))));
}

/** Seconds after which Nova aborts, or forces the end: per GiB of memory and of each copied disk, 2 GiB at least. */
function completionTimeout(server: Server, disksGiB: number, perGiB: number): number {
  if (perGiB <= 0) return Number.POSITIVE_INFINITY;
  return perGiB * (Math.max(2, server.flavor.memoryMiB / 1024) + (disksGiB > 0 ? Math.max(2, disksGiB) : 0));
}

/** Pages that the guest never touched cost nothing; where nothing was measured all of its memory counts. */
function memoryBytes(server: Server, end: End): number {
  const all = server.flavor.memoryMiB;
  const used = end === 'high' ? all : Math.min(all, server.usage?.memoryUsedMiB ?? all);
  return used * mib;
}

function dirtyBytesPerSecond(server: Server, end: End, bandwidth: number): number {
  const measured = server.dirtyRateMiBps;
  return measured === undefined ? assumedDirtyShare[end] * bandwidth : measured * mib * dirtyRateSpread[end];
}

const diskGiB = (server: Server, copied: (disk: LocalDisk) => boolean): number =>
  localDisksOf(server)
    .filter(copied)
    .reduce((sum, { sizeGiB }) => sum + sizeGiB, 0);

const diskShare = (end: End): number => (end === 'low' ? thinDiskShare : 1);

const bandwidthAt = (end: End, bytesPerSecond: number): number =>
  end === 'high' ? bytesPerSecond * busyLinkShare : bytesPerSecond;

function byEnd<Value>(valueAt: (end: End) => Value): Readonly<Record<End, Value>> {
  return { low: valueAt('low'), expected: valueAt('expected'), high: valueAt('high') };
}
