import type { GuestCpu } from './cpu.ts';
import type { Flavor } from './flavor.ts';
import type { MeasuredUsage } from './host.ts';
import type { HostId, ServerGroupId, ServerId } from './ids.ts';
import type { PlacedTopology } from './numa.ts';
import type { PciRequest } from './pci.ts';
import type { Allocation } from './placement.ts';

/** A Neutron port of a server. */
export interface Port {
  readonly id: string;
  /** `normal`, `direct`, `macvtap`, `direct-physical`, `vdpa`, … */
  readonly vnicType: string;
  readonly physicalNetwork?: string;
  readonly tunneled?: boolean;
  readonly hasResourceRequest: boolean;
}

/** A disk of a server that is not a volume: it must be copied unless the storage pool is shared. */
export interface LocalDisk {
  readonly kind: 'root' | 'ephemeral' | 'swap' | 'config-drive';
  readonly sizeGiB: number;
}

/** An attached volume. */
export interface Volume {
  readonly id: string;
  readonly sizeGiB?: number;
  readonly multiattach?: boolean;
  /** Cinder's zone, which may be called otherwise than Nova's. */
  readonly availabilityZone?: string;
  /** Who serves it: `host@backend#pool`. */
  readonly backend?: string;
  readonly volumeType?: string;
  readonly encrypted?: boolean;
}

export type PowerState = 'running' | 'paused' | 'shutdown' | 'crashed' | 'suspended' | 'none';

/** A server as the API names it. Facts that no source told are absent, never zero. */
export interface Server {
  readonly id: ServerId;
  readonly name: string;
  readonly projectId?: string;
  readonly userId?: string;
  readonly flavor: Flavor;
  /** UUID of the image it was built from; absent for boot from volume. */
  readonly imageId?: string;
  /** Image properties as Glance writes them (`hw_cpu_policy`, …); absent when no source told them. */
  readonly imageProperties?: Readonly<Record<string, string>>;
  /** The API's status, e.g. `ACTIVE`, `SHUTOFF`, `VERIFY_RESIZE`. */
  readonly status: string;
  /** `active`, `stopped`, `resized`, … */
  readonly vmState: string;
  /** Absent when no task runs. */
  readonly taskState?: string;
  readonly powerState: PowerState;
  /** Absent for a server that never was scheduled, or is shelved-offloaded. */
  readonly host?: HostId;
  /** Host on which the guest was last started, where known. */
  readonly launchedOn?: HostId;
  /**
   * `placed` with the topology on its host, `none` when it has none; absent when no source told.
   * The wanted topology follows from flavor and image (`nova/guest-topology`).
   */
  readonly topology?:
    { readonly kind: 'none' } | { readonly kind: 'placed'; readonly topology: PlacedTopology };
  /** What the server itself holds in Placement; empty when it holds nothing; absent when unknown. */
  readonly allocations?: readonly Allocation[];
  /** Absent when unknown. */
  readonly pciRequests?: readonly PciRequest[];
  /** Addresses of the devices it holds on its host; absent when unknown. */
  readonly pciDevices?: readonly string[];
  readonly ports?: readonly Port[];
  readonly bootFromVolume?: boolean;
  /** Empty when it has none, like the lists and flags below; absent when no source told. */
  readonly volumes?: readonly Volume[];
  readonly localDisks?: readonly LocalDisk[];
  /** Ids of attached Manila shares; absent when unknown. */
  readonly shares?: readonly string[];
  readonly configDrive?: boolean;
  readonly configDriveFormat?: 'iso9660' | 'vfat';
  readonly machineType?: string;
  readonly cpu?: GuestCpu;
  readonly group?: ServerGroupId;
  /** The zone asked for at create; `any` when the request named none; absent when no source told. */
  readonly requestedAz?: { readonly kind: 'any' } | { readonly kind: 'zone'; readonly name: string };
  readonly schedulerHints?: Readonly<Record<string, readonly string[]>>;
  readonly locked?: boolean;
  readonly lockedReason?: string;
  readonly tags?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
  /** RFC 3339. */
  readonly launchedAt?: string;
  readonly usage?: MeasuredUsage;
  /** Memory written, in MiB a second. */
  readonly dirtyRateMiBps?: number;
  /** Memory that the guest keeps writing (its writable working set): more is never dirty at a time. */
  readonly workingSetMiB?: number;
  /** Memory of the guest that its host really holds, caches of the guest included: what a migration sends. */
  readonly residentMemoryMiB?: number;
  /** Written to its local disks, in MiB a second. */
  readonly diskWriteMiBps?: number;
  readonly faultMessage?: string;
}
