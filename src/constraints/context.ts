import type { Cloud } from '../model/cloud.ts';
import type { HostId } from '../model/ids.ts';
import type { Profile } from '../model/profile.ts';
import type { Server } from '../model/server.ts';
import type { CpuTable } from '../nova/cpu-compare.ts';
import type { Demands } from './demand.ts';
import type { Method, Storage } from './arrival.ts';

/** Disruptions that the operator allows by name. */
export const disruptions = ['cold', 'nic-detach', 'auto-converge', 'post-copy', 'pause', 'forced'] as const;
export type Disruption = (typeof disruptions)[number];

/** What rules may read that does not move during a plan. */
export interface RuleContext {
  readonly cloud: Cloud;
  readonly profile: Profile;
  readonly demands: Demands;
  /** What CPU models imply (`models/cpu-models.json`). */
  readonly cpuTable: CpuTable;
  readonly allow: ReadonlySet<Disruption>;
  /** What a rule that lacks facts comes to: its safe assumption, or no. */
  readonly unknown: 'assume' | 'refuse';
  /** Servers are asked about as if their host had failed: they are evacuated, and that host counts as down. */
  readonly evacuation?: true;
  /** Hosts that are evacuated: from these, and from no others, servers travel by evacuate alone. */
  readonly evacuated?: ReadonlySet<HostId>;
}

/** How a server could travel. */
export interface Way {
  readonly method: Method;
  readonly storage: Storage;
  /** Past the scheduler. */
  readonly forced?: true;
}

/**
 * The ways in which a server may be asked to travel, best first; empty when none. What its own state and the
 * allowed disruptions say; destinations are for the rules. Past the scheduler comes last, when nothing else goes.
 * Source: Nova compute/api.py live_migrate, resize (vm states), conductor/tasks/live_migrate.py (power state); a
 * stopped server goes cold without asking.
 */
export function waysOf(server: Server, context: RuleContext): readonly Way[] {
  const storage = storageOf(server, context);
  if (isEvacuated(server, context))
    return canEvacuate(server.vmState) ? [{ method: 'evacuate', storage }] : [];
  const cold = context.allow.has('cold') ? [{ method: 'cold', storage } as const] : [];
  const live = isOff(server) ? [] : [{ method: 'live', storage } as const];
  const forced = canForce(context) ? live.map((way) => ({ ...way, forced: true }) as const) : [];
  switch (server.vmState) {
    case 'active':
      return [...live, ...cold, ...forced];
    case 'paused':
      return [...live, ...forced];
    case 'stopped':
      return [{ method: 'cold', storage }];
    default:
      return [];
  }
}

/** Whether a server travels by evacuate alone: its host is down, or is taken for that. */
export const isEvacuated = (
  { host }: Pick<Server, 'host'>,
  { evacuation, evacuated }: Pick<RuleContext, 'evacuation' | 'evacuated'>,
): boolean => evacuation === true || (host !== undefined && evacuated?.has(host) === true);

/** Source: compute/api.py evacuate (reject_vm_state). */
export const canEvacuate = (vmState: string): boolean =>
  vmState === 'active' || vmState === 'stopped' || vmState === 'error';

/** Whether live migrations may go past the scheduler: the release can, and the operator allows it. */
export const canForce = ({ allow, profile }: Pick<RuleContext, 'allow' | 'profile'>): boolean =>
  allow.has('forced') && profile.switches.forcedLive;

/** True when the hypervisor runs no guest, whatever Nova's vm state says: Nova then refuses to migrate it live. */
export const isOff = ({ powerState }: Server): boolean =>
  powerState === 'shutdown' || powerState === 'crashed' || powerState === 'suspended';

/**
 * Where the disks of a server are: a volume-backed server with no local disk copies nothing. A config drive, an
 * ephemeral or a swap disk is a local disk (Nova: `is_shared_block_storage`). Volumes go wherever the server goes, so
 * they come before the pool of its host.
 */
export function storageOf(server: Server, context: RuleContext): Storage {
  if (server.bootFromVolume === true && !hasLocalDisk(server)) return 'volume';
  const host = server.host === undefined ? undefined : context.cloud.hosts.get(server.host);
  const pool = host?.storagePool === undefined ? undefined : context.cloud.storagePools.get(host.storagePool);
  return pool?.kind === 'shared' ? 'shared' : 'block';
}

function hasLocalDisk({ configDrive, flavor, localDisks }: Server): boolean {
  if (configDrive !== false) return true; // it may have one
  return localDisks === undefined ? flavor.ephemeralGiB > 0 || flavor.swapMiB > 0 : localDisks.length > 0;
}
