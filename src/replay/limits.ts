import { settingOf } from '../constraints/settings.ts';
import type { Cloud } from '../model/cloud.ts';
import { type Host, isUp } from '../model/host.ts';

/**
 * Seconds after a request in which the record has surely left `accepted` (cold: `pre-migrating`): until then the
 * destination gets no other request, so that its claims happen in the order of the plan.
 */
export const acceptedSeconds = 5;

/**
 * Share of a capacity by which parts of it may seem to exceed it: thirds do not add up to the last bit. Slots and Mbit/s
 * are whole numbers, of which this lets in none too many; and a bound that is proven with it is off by less than a second
 * in thirty years.
 */
export const capacityTolerance = 1e-9;

/** Seconds that times of a document may be off by: fractions of a second are no sums of others to the last bit. */
export const timeTolerance = 1e-6;

/** What Nova takes its 0, no limit, for. */
const unlimited = 1000;

/**
 * Migrations that may leave a host at the same time (`max_concurrent_live_migrations`; Nova takes 0 for 1,000). Cold
 * ones count too, though not for Nova: they read the same disks and use the same link. Nova's `max_concurrent_builds`
 * counts builds, evacuations among them, and neither live nor cold migrations. A host whose nova-compute is down sends
 * nobody: its servers are rebuilt elsewhere, as many at a time as the destinations take.
 */
export function outboundLimit(host: Host | undefined, cloud: Cloud): number {
  if (host !== undefined && !isUp(host.service)) return Infinity;
  const limit = settingOf(host, cloud, 'maxConcurrentLiveMigrations');
  return limit <= 0 ? unlimited : limit;
}

/** Migrations that may come to a host at the same time. Nova sets no limit; the operator may. */
export const inboundLimit = (cloud: Cloud): number => cloud.networkLimits?.maxInbound ?? Infinity;
