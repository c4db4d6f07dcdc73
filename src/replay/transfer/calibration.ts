import type { Cloud } from '../../model/cloud.ts';
import type { HostId } from '../../model/ids.ts';
import type { Migration } from '../../model/migration.ts';
import { groupBy } from '../../shared/collections.ts';
import { outboundLimit } from '../limits.ts';
import { routeOf } from '../network.ts';
import { fit, type Fit, leastSamples, type Sample } from './fit.ts';

/** What the finished live migrations of a cloud tell of its network. */
export interface Calibration {
  /** By those between the two hosts, else those that left the source, else all; undefined where they are too few. */
  readonly between: (from: HostId, to: HostId) => Fit | undefined;
  /** By all of them. */
  readonly whole: Fit | undefined;
}

/** Records that take less are left out: Nova writes progress every 5 seconds, and times in whole ones. */
const leastSeconds = 10;
/** Newer ones say more of today, and pairs are many. */
const mostRecords = 200;

interface Copy {
  readonly from: HostId;
  readonly to: HostId;
  readonly sample: Sample;
}

/** Made once for a cloud. */
export function calibrationOf(cloud: Cloud): Calibration {
  const known = calibrations.get(cloud);
  if (known !== undefined) return known;
  const calibration = calibrate(cloud);
  calibrations.set(cloud, calibration);
  return calibration;
}

const calibrations = new WeakMap<Cloud, Calibration>();

function calibrate(cloud: Cloud): Calibration {
  const copies = finishedCopies(cloud);
  const whole = fitOf(copies);
  const byPair = fitsBy(copies, ({ from, to }) => pairOf(from, to));
  const bySource = fitsBy(copies, ({ from }) => from);
  return {
    whole,
    between: (from, to) => byPair.get(pairOf(from, to)) ?? bySource.get(from) ?? whole,
  };
}

const pairOf = (from: HostId, to: HostId): string => JSON.stringify([from, to]);

function fitsBy<Key>(copies: readonly Copy[], keyOf: (copy: Copy) => Key): ReadonlyMap<Key, Fit> {
  return new Map(
    [...groupBy(copies, keyOf)].flatMap(([key, group]) => {
      const found = fitOf(group);
      return found === undefined ? [] : [[key, found] as const];
    }),
  );
}

const fitOf = (copies: readonly Copy[]): Fit | undefined =>
  copies.length < leastSamples ? undefined : fit(copies.slice(-mostRecords).map(({ sample }) => sample));

/** Oldest first. */
function finishedCopies(cloud: Cloud): readonly Copy[] {
  const records = cloud.migrations.flatMap((migration) => recordOf(migration) ?? []);
  return [...groupBy(records, ({ from }) => from)]
    .flatMap(([from, group]) => alone(group, outboundLimit(cloud.hosts.get(from), cloud) === 1))
    .flatMap((record) => copyOf(record, cloud))
    .toSorted((a, b) => a.ended - b.ended);
}

interface Finished {
  readonly from: HostId;
  readonly to: HostId;
  /** Seconds since 1970. */
  readonly created: number;
  readonly ended: number;
  readonly bytes: number;
}

/** A live migration that was done, and of which is known how long it took and what it sent. */
function recordOf(migration: Migration): Finished | undefined {
  const { source: from, destination: to, createdAt, updatedAt, memoryProcessedMiB: memory = 0 } = migration;
  if (migration.type !== 'live-migration' || migration.status !== 'completed' || memory === 0)
    return undefined;
  if (from === undefined || to === undefined || createdAt === undefined || updatedAt === undefined)
    return undefined;
  const [created, ended] = [Date.parse(createdAt) / 1000, Date.parse(updatedAt) / 1000];
  return { from, to, created, ended, bytes: (memory + (migration.diskTotalMiB ?? 0)) * 2 ** 20 };
}

/**
 * Records of one source without the time that they waited for each other: one at a time, the next begins when the last
 * has ended; else those that overlapped are left out, since they shared the way.
 */
function alone(records: readonly Finished[], oneAtATime: boolean): readonly Finished[] {
  const overlaps = (a: Finished, b: Finished): boolean =>
    a !== b && a.created < b.ended && b.created < a.ended;
  if (!oneAtATime) return records.filter((one) => !records.some((other) => overlaps(one, other)));
  const sorted = records.toSorted((a, b) => a.ended - b.ended);
  return sorted.map((one, index) => ({
    ...one,
    created: Math.max(one.created, sorted[index - 1]?.ended ?? one.created),
  }));
}

function copyOf(
  { from, to, created, ended, bytes }: Finished,
  cloud: Cloud,
): readonly (Copy & { ended: number })[] {
  const seconds = ended - created;
  if (!cloud.hosts.has(from) || !cloud.hosts.has(to) || !(seconds >= leastSeconds)) return [];
  const linkSeconds = (bytes * 8) / (routeOf(from, to, cloud, 'live').mbps * 1e6);
  return [{ from, to, ended, sample: { linkSeconds, seconds } }];
}
