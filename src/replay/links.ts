import { settingOf } from '../constraints/settings.ts';
import type { Cloud } from '../model/cloud.ts';
import type { Host } from '../model/host.ts';

/** Bandwidth of a host of whose NICs nothing is known, Mbit/s each way. */
const assumedNicMbps = 10_000;

/**
 * Mbit/s that a host can send, and at the same time receive, for migrations: its fastest migration NIC, since one
 * migration runs between two addresses and Nova uses one address a host (`live_migration_inbound_addr`).
 */
export function nicMbps(host: Host | undefined): number {
  const known = (host?.nics ?? []).map((nic) => nic.bandwidthMbps).filter((mbps) => mbps > 0);
  return known.length === 0 ? assumedNicMbps : Math.max(...known);
}

/**
 * Mbit/s that one migration takes on its way:
 *
 *     min(NIC of the source, NIC of the destination, live_migration_bandwidth of the source unless 0)
 *
 * A migration takes all of it: two that share a link are never sooner done than one after the other, and dirty
 * longer.
 */
export function pathMbps(from: Host | undefined, to: Host | undefined, cloud: Cloud): number {
  const cap = settingOf(from, cloud, 'migrationBandwidthMbps');
  const path = Math.min(nicMbps(from), nicMbps(to));
  return cap > 0 ? Math.min(path, cap) : path;
}

/**
 * Migrations that may leave a host at the same time (`max_concurrent_live_migrations`). Nova's 0 sets no limit; here
 * it means one at a time, which a link that one migration fills is as fast with. Cold ones count too: they read the
 * same disks and use the same link.
 */
export function outboundLimit(host: Host | undefined, cloud: Cloud): number {
  return Math.max(1, settingOf(host, cloud, 'maxConcurrentLiveMigrations'));
}
