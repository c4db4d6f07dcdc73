import { settingOf } from '../../constraints/settings.ts';
import { hasPersistentMemory, hasVirtualGpu } from '../../constraints/special-hardware.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { HostId } from '../../model/ids.ts';
import type { Server } from '../../model/server.ts';

/** How a live migration that does not converge can be made to end. */
export type ForcedEnd = 'pause' | 'post-copy';

/**
 * What forcing the end of a live migration comes to: post-copy where the source permits it, but not for paused servers
 * nor with persistent memory, virtual GPUs and devices of the flavor; else the server is paused until all is copied.
 * Source: virt/libvirt/driver.py live_migration_force_complete, _live_migration_flags.
 */
export const forcedEnd = (server: Server, from: HostId, cloud: Cloud): ForcedEnd =>
  settingOf(cloud.hosts.get(from), cloud, 'permitPostCopy') && canPostCopy(server) ? 'post-copy' : 'pause';

/**
 * How Nova by itself ends one that takes longer than `live_migration_completion_timeout`; undefined where it aborts, or
 * waits for ever. Releases before 19 always abort: their nova.conf knows no `live_migration_timeout_action`.
 * Source: virt/libvirt/driver.py _live_migration_monitor.
 */
export function endOnTimeout(server: Server, from: HostId, cloud: Cloud): ForcedEnd | undefined {
  const host = cloud.hosts.get(from);
  const forces = settingOf(host, cloud, 'timeoutAction') === 'force_complete';
  const times = settingOf(host, cloud, 'completionTimeoutSecondsPerGiB') > 0;
  return forces && times ? forcedEnd(server, from, cloud) : undefined;
}

/** Whether the hypervisor slows the guest down as it copies: post-copy, where permitted, is preferred to that. */
export const throttles = (server: Server, from: HostId, cloud: Cloud): boolean =>
  settingOf(cloud.hosts.get(from), cloud, 'permitAutoConverge') &&
  forcedEnd(server, from, cloud) !== 'post-copy';

/** Whether post-copy is possible for it at all, where the source permits it. */
export function canPostCopy(server: Server): boolean {
  if (server.vmState === 'paused') return false;
  const carries = hasPersistentMemory(server) || hasVirtualGpu(server);
  return !carries && !(server.pciRequests ?? []).some(({ source }) => source.kind === 'alias');
}
