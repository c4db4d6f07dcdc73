import { settingOf } from '../../constraints/settings.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { Host } from '../../model/host.ts';
import type { LocalDisk, Server } from '../../model/server.ts';
import type { DowntimeLimit } from './precopy.ts';

/** Nova takes no less for `live_migration_downtime`, `_steps` and `_delay` (ms, steps, seconds). */
const least = { limitMs: 100, steps: 3, delay: 3 } as const;
/** Seconds a GiB after which somebody looks, where Nova itself never gives up: its own default. */
const defaultSecondsPerGiB = 800;
/** Nova counts memory, and each disk that it copies, as two GiB at least. */
const leastGiB = 2;

/** How long Nova waits for a live migration, and which downtime it allows meanwhile. */
export interface Patience {
  /** Ascending in both; the first is in force from the start. */
  readonly limits: readonly DowntimeLimit[];
  /** Seconds from the start of the copy. */
  readonly seconds: number;
}

/**
 * Nova's schedule for a server that copies these disks, with g = max(2, memory in GiB) + Σ max(2, GiB of the disk):
 *
 *     base = L / s, offset = (L − base) / s: from i · ⌊delay · g⌋ seconds on the limit is ⌊base + offset · i⌋ ms, i = 0 … s
 *     patience = live_migration_completion_timeout · g
 *
 * L `live_migration_downtime`, s `_steps`, delay `_delay`. Source: virt/libvirt/migration.py downtime_steps,
 * driver.py _live_migration_data_gb.
 */
export function patienceOf(
  server: Server,
  copied: readonly LocalDisk[],
  source: Host | undefined,
  cloud: Cloud,
): Patience {
  const disks = copied.reduce((sum, { sizeGiB }) => sum + Math.max(leastGiB, sizeGiB), 0);
  const gib = Math.max(leastGiB, server.flavor.memoryMiB / 1024) + disks;
  const limitMs = Math.max(least.limitMs, settingOf(source, cloud, 'downtimeLimitMs'));
  const steps = Math.max(least.steps, settingOf(source, cloud, 'downtimeSteps'));
  const delay = Math.max(least.delay, settingOf(source, cloud, 'downtimeDelaySecondsPerGiB'));
  const base = limitMs / steps;
  const offset = (limitMs - base) / steps;
  const perGiB = settingOf(source, cloud, 'completionTimeoutSecondsPerGiB');
  return {
    limits: Array.from({ length: steps + 1 }, (_, step) => ({
      fromSeconds: step * Math.floor(delay * gib),
      milliseconds: Math.floor(base + offset * step),
    })),
    seconds: (perGiB > 0 ? perGiB : defaultSecondsPerGiB) * gib,
  };
}
