import { settingOf } from '../constraints/settings.ts';
import type { Cloud } from '../model/cloud.ts';
import type { Host } from '../model/host.ts';

/**
 * Seconds after a request in which the record has surely left `accepted` (cold: `pre-migrating`): until then the
 * destination gets no other request, so that its claims happen in the order of the plan.
 */
export const acceptedSeconds = 5;

/** What Nova takes its 0, no limit, for. */
const unlimited = 1000;

/**
 * Migrations that may leave a host at the same time (`max_concurrent_live_migrations`; Nova takes 0 for 1,000). Cold
 * ones count too, though not for Nova: they read the same disks and use the same link. Nova's `max_concurrent_builds`
 * counts builds, evacuations among them, and neither live nor cold migrations.
 */
export function outboundLimit(host: Host | undefined, cloud: Cloud): number {
  const limit = settingOf(host, cloud, 'maxConcurrentLiveMigrations');
  return limit <= 0 ? unlimited : limit;
}

/** Migrations that may come to a host at the same time. Nova sets no limit; the operator may. */
export const inboundLimit = (cloud: Cloud): number => cloud.networkLimits?.maxInbound ?? Infinity;
