import type { Storage } from '../../constraints/arrival.ts';
import type { Host } from '../../model/host.ts';
import type { Server } from '../../model/server.ts';
import type { FileCopy } from './bandwidth.ts';
import { coldDisks, diskBytes } from './contents.ts';
import { byEnd, type ByEnd } from './ends.ts';

/** Seconds that a running guest takes to shut down: Nova waits 60 (`shutdown_timeout`) and then pulls the plug. */
const shutdownSeconds: ByEnd = { low: 5, expected: 30, high: 60 };
/** Seconds from the start at the destination to a guest that answers. */
const bootSeconds: ByEnd = { low: 10, expected: 30, high: 120 };
/** Claims, ports, volume attachments and XML. */
const overheadSeconds: ByEnd = { low: 5, expected: 10, high: 30 };
/** Share of its root disk's size that a base image has. */
const imageShare: ByEnd = { low: 0.05, expected: 0.25, high: 1 };

/** How a cold migration goes. */
export interface ColdCourse {
  readonly bytes: number;
  readonly seconds: number;
}

/**
 * seconds = overhead + shutdown + disks without swap / rate + boot; shutdown and boot only where it runs.
 */
export function coldCourses(server: Server, storage: Storage, copy: FileCopy): ByEnd<ColdCourse> {
  const copied = diskBytes(coldDisks(server, storage), copy);
  return byEnd((end) => {
    const power = server.vmState === 'stopped' ? 0 : shutdownSeconds[end] + bootSeconds[end];
    return { bytes: copied[end], seconds: overheadSeconds[end] + power + copied[end] / copy.rate[end] };
  });
}

/**
 * Seconds until the destination has the base image of a server whose disks are copied; 0 unless its cache is known not
 * to have it. It comes from Glance, over another way, at what the destination can receive.
 */
export function imageSeconds(
  { bootFromVolume, flavor, imageId }: Server,
  storage: Storage,
  to: Host | undefined,
  payload: ByEnd,
): ByEnd {
  const lacks =
    storage === 'block' &&
    bootFromVolume !== true &&
    imageId !== undefined &&
    to?.cachedImages?.has(imageId) === false;
  return byEnd((end) => (lacks ? (flavor.rootGiB * 2 ** 30 * imageShare[end]) / payload[end] : 0));
}
