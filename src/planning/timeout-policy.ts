import type { RuleContext } from '../constraints/context.ts';
import { settingOf } from '../constraints/settings.ts';
import { hasPersistentMemory, hasVirtualGpu } from '../constraints/special-hardware.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import type { MigrationStep } from '../plan/plan.ts';

/** One live migration. */
interface Leg {
  readonly from: HostId;
  readonly server: ServerId;
}

/**
 * How Nova ends a live migration by force that takes longer than `live_migration_completion_timeout`; undefined where
 * it aborts, or waits for ever. Post-copy where the source permits it, but not for paused servers nor with persistent
 * memory, virtual GPUs and devices of the flavor; else the server is paused until everything is copied.
 * Source: virt/libvirt/driver.py _live_migration_monitor, live_migration_force_complete.
 */
export function forcedEndOf(
  { from, server: id }: Leg,
  context: RuleContext,
): 'pause' | 'post-copy' | undefined {
  const { cloud, profile } = context;
  const host = cloud.hosts.get(from);
  const forces = settingOf(host, cloud, 'timeoutAction') === 'force_complete';
  const times = settingOf(host, cloud, 'completionTimeoutSecondsPerGiB') > 0;
  if (!profile.switches.forceCompleteOnTimeout || !forces || !times) return undefined;
  return settingOf(host, cloud, 'permitPostCopy') && canPostCopy(id, context) ? 'post-copy' : 'pause';
}

/** Whether the hypervisor slows the guest down as it copies: post-copy, where permitted, is preferred to that. */
export function throttles({ from, server }: Leg, context: RuleContext): boolean {
  const { cloud } = context;
  const host = cloud.hosts.get(from);
  if (!settingOf(host, cloud, 'permitAutoConverge')) return false;
  return !(settingOf(host, cloud, 'permitPostCopy') && canPostCopy(server, context));
}

/**
 * What becomes of a live migration that does not converge: Nova may force its end only where the operator allowed the
 * way in which it would.
 */
export function timeoutPolicyOf(leg: Leg, context: RuleContext): MigrationStep['timeoutPolicy'] {
  const end = forcedEndOf(leg, context);
  return end !== undefined && context.allow.has(end) ? 'force-complete' : 'abort';
}

function canPostCopy(id: ServerId, { cloud }: RuleContext): boolean {
  const server = cloud.servers.get(id);
  if (server === undefined || server.vmState === 'paused') return false;
  const carries = hasPersistentMemory(server) || hasVirtualGpu(server);
  return !carries && !(server.pciRequests ?? []).some(({ source }) => source.kind === 'alias');
}
