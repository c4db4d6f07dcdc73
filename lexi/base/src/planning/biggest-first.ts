import type { Server } from '../model/server.ts';
import { compareText } from '../shared/collections.ts';

/** Orders servers by memory, most first, then by id: in that order Nova's own search misses the fewest packings. */
export function biggestFirst(a: Server, b: Server): number {
  const byMemory = b.flavor.memoryMiB - a.flavor.memoryMiB;
  return byMemory === 0 ? compareText(a.id, b.id) : byMemory;
}
