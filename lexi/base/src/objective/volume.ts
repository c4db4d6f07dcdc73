import type { Storage } from '../constraints/arrival.ts';
import type { Server } from '../model/server.ts';
import type { MigrationVolume } from './evaluation.ts';

/**
 * What one migration of a server copies: its memory (flavor size; what it really uses is less or equal) and, when the
 * storage is neither shared nor on volumes, its local disks at their flavor's size.
 */
export function migrationVolume(server: Server, storage: Storage): MigrationVolume {
  const { flavor } = server;
  const disks = server.localDisks?.reduce((sum, disk) => sum + disk.sizeGiB, 0);
  const bySize =
    (server.bootFromVolume ? 0 : flavor.rootGiB) + flavor.ephemeralGiB + Math.ceil(flavor.swapMiB / 1024);
  return {
    server: server.id,
    memoryMiB: flavor.memoryMiB,
    diskGiB: storage === 'block' ? (disks ?? bySize) : 0,
  };
}
