import type { Arrival } from '../../constraints/arrival.ts';
import type { Cloud } from '../../model/cloud.ts';
import { fileCopy, liveRate, takenMbps, type Way, wayBetween } from './bandwidth.ts';
import { calibrationOf } from './calibration.ts';
import { coldCourses, imageSeconds } from './cold.ts';
import { liveDisks } from './contents.ts';
import { byEnd, type ByEnd } from './ends.ts';
import type { Fit } from './fit.ts';
import { endOnTimeout, throttles } from './forced-end.ts';
import { type LiveCourse, liveCourse, liveCourses, type LiveTerms } from './live.ts';
import { assumedOverhead } from './overhead.ts';
import { patienceOf } from './patience.ts';

/** Seconds that a confirm takes: Nova removes the source's files and frees what it holds. */
export const confirmSeconds = 5;

/** What one migration costs. Whole numbers, never NaN: seconds are rounded up. */
export interface Transfer {
  /** Bytes expected on the network; 0 when nothing is copied. */
  readonly bytes: number;
  readonly seconds: ByEnd;
  /** Milliseconds for which the guest is expected not to run; 0 when it did not run before. */
  readonly downtimeMs: number;
  /** The same at worst; never less. */
  readonly downtimeHighMs: number;
  /** Mbit/s of the links at both ends while it runs; 0 when nothing is copied. */
  readonly mbps: number;
}

/**
 * How long a migration takes and what it copies.
 *
 *     live  = overhead + base image + mirrored disks + rounds of memory     `liveCourse`; disks only when storage is `block`
 *     cold  = overhead + base image + shutdown + disks without swap + boot  `coldCourses`
 *
 * By what finished migrations of the cloud tell of the network and the overhead, else by what is assumed.
 */
export function transferOf(arrival: Arrival, cloud: Cloud): Transfer {
  return arrival.method === 'live' ? liveTransfer(arrival, cloud) : coldTransfer(arrival, cloud);
}

/** What a live migration meets: for `liveCourse`, and for those who ask what would make it end. */
export function liveTermsOf(arrival: Arrival, cloud: Cloud): LiveTerms & { readonly way: Way } {
  const { from, server, storage, to } = arrival;
  const told = calibrationOf(cloud).between(from, to);
  const way = wayBetween(arrival, cloud, told?.efficiency);
  const disks = liveDisks(server, storage);
  return {
    server,
    disks,
    way,
    rate: told === undefined ? liveRate(way, arrival, cloud) : way.payload,
    patience: patienceOf(server, disks, cloud.hosts.get(from), cloud),
    forced: endOnTimeout(server, from, cloud),
    throttles: throttles(server, from, cloud),
  };
}

/** How a live migration is likely to go. */
export const predictedCourse = (arrival: Arrival, cloud: Cloud): LiveCourse =>
  liveCourse(liveTermsOf(arrival, cloud), 'expected');

function liveTransfer(arrival: Arrival, cloud: Cloud): Transfer {
  const { server, storage, to, from } = arrival;
  const terms = liveTermsOf(arrival, cloud);
  const courses = liveCourses(terms);
  const image = imageSeconds(server, storage, cloud.hosts.get(to), terms.way.payload);
  const overhead = overheadOf(calibrationOf(cloud).between(from, to));
  const seconds = inOrder(byEnd((end) => overhead[end] + image[end] + courses[end].seconds));
  const downtime = inOrder(byEnd((end) => courses[end].downtimeMs));
  return {
    bytes: Math.round(courses.expected.bytes),
    seconds: byEnd((end) => Math.ceil(seconds[end])),
    downtimeMs: Math.ceil(downtime.expected),
    downtimeHighMs: Math.ceil(downtime.high),
    mbps: takenMbps(terms.way, terms.rate),
  };
}

function coldTransfer(arrival: Arrival, cloud: Cloud): Transfer {
  const { server, storage, to } = arrival;
  const way = wayBetween(arrival, cloud);
  const copy = fileCopy(way, arrival, cloud);
  const courses = coldCourses(server, storage, copy);
  const image = imageSeconds(server, storage, cloud.hosts.get(to), way.payload);
  const seconds = byEnd((end) => Math.ceil(image[end] + courses[end].seconds));
  const bytes = Math.round(courses.expected.bytes);
  const runs = server.vmState !== 'stopped';
  return {
    bytes,
    seconds,
    downtimeMs: runs ? seconds.expected * 1000 : 0,
    downtimeHighMs: runs ? seconds.high * 1000 : 0,
    mbps: bytes === 0 ? 0 : takenMbps(way, copy.rate),
  };
}

const overheadOf = (told: Fit | undefined): ByEnd =>
  told === undefined ? assumedOverhead : byEnd(() => told.overheadSeconds);

/** Ends that stand in order: a guest that is slowed down may be done sooner the more it writes. */
const inOrder = ({ low, expected, high }: ByEnd): ByEnd => ({
  low: Math.min(low, expected),
  expected,
  high: Math.max(high, expected),
});
