import type { Storage } from '../constraints/arrival.ts';
import { localDisksOf } from '../model/local-disks.ts';
import type { Server } from '../model/server.ts';
import type { MigrationVolume } from './evaluation.ts';

/**
 * What one migration of a server copies: its memory (flavor size; what it really uses is less or equal) and, when the
 * storage is neither shared nor on volumes, its local disks, in whole GiB.
 */
export function migrationVolume(server: Server, storage: Storage): MigrationVolume {
  const disks = storage === 'block' ? localDisksOf(server) : [];
  return {
    server: server.id,
    memoryMiB: server.flavor.memoryMiB,
    diskGiB: Math.ceil(disks.reduce((sum, { sizeGiB }) => sum + sizeGiB, 0)),
  };
}
