import type { HostCpu } from './cpu.ts';
import type { AggregateId, HostId, StoragePoolId } from './ids.ts';
import type { CloudConfig } from './nova-config.ts';
import type { NumaCell } from './numa.ts';
import type { PciDevice, PciPool } from './pci.ts';
import type { ResourceProvider } from './placement.ts';

/** The nova-compute service of a host. */
export interface ComputeService {
  readonly status: 'enabled' | 'disabled';
  readonly state: 'up' | 'down';
  readonly forcedDown: boolean;
  readonly disabledReason?: string;
  /** The service's UUID (2.53+), which `PUT /os-services/{id}` wants. */
  readonly id?: string;
  /** Nova's object version of the service, e.g. 64 for Zed. */
  readonly version?: number;
}

/** A network interface that carries migrations. */
export interface MigrationNic {
  readonly name: string;
  readonly bandwidthMbps: number;
}

/** A service other than nova-compute that runs on a host and would suffer from its maintenance. */
export interface OtherService {
  readonly binary: string;
  readonly alive?: boolean;
}

/** A compute host. Facts that no source told are absent, never zero. */
export interface Host {
  readonly id: HostId;
  /** `hypervisor_hostname`, the name of the root resource provider. */
  readonly nodeName: string;
  /** UUID of the compute node. */
  readonly nodeId?: string;
  readonly hostIp?: string;
  readonly service: ComputeService;
  readonly availabilityZone?: string;
  readonly aggregates: readonly AggregateId[];
  /** UUID of the Nova cell (shard) that the host belongs to. */
  readonly novaCell?: string;
  readonly cpu?: HostCpu;
  readonly hypervisorType?: string;
  /** QEMU's version as a number: 7.2.0 is 7002000. */
  readonly hypervisorVersion?: number;
  readonly libvirtVersion?: number;
  /** [architecture, hypervisor type, vm mode]. */
  readonly supportedInstances?: readonly (readonly [string, string, string])[];
  readonly machineTypes?: ReadonlySet<string>;
  /** `compute_nodes.stats`, as ComputeCapabilitiesFilter sees it. */
  readonly stats: Readonly<Record<string, string>>;
  /** Ratios of the compute node, used by NUMA limits (Placement's own stand in the inventories). */
  readonly cpuAllocationRatio?: number;
  readonly ramAllocationRatio?: number;
  /** The root first. Empty when Placement was not read. */
  readonly providers: readonly ResourceProvider[];
  /** In Nova's order. Absent when unknown; empty when the host reports none. */
  readonly cells?: readonly NumaCell[];
  /** Absent when unknown. */
  readonly pciDevices?: readonly PciDevice[];
  /** Pools of free devices in Nova's order; absent when unknown. */
  readonly pciPools?: readonly PciPool[];
  readonly nics: readonly MigrationNic[];
  readonly rack?: string;
  readonly storagePool?: StoragePoolId;
  readonly diskAvailableLeastGiB?: number;
  readonly otherServices: readonly OtherService[];
  /** Physical networks that the host's Neutron agents reach (`bridge_mappings`); absent when unknown. */
  readonly physicalNetworks?: ReadonlySet<string>;
  /** Base images in the host's cache; absent when unknown. */
  readonly cachedImages?: ReadonlySet<string>;
  /** Settings of this host that differ from the cloud's. */
  readonly config?: Partial<CloudConfig>;
  /** Measured usage; absent when no metrics were read. */
  readonly usage?: MeasuredUsage;
}

/** Measured, not allocated, usage of a host or a server over the metrics' window. */
export interface MeasuredUsage {
  /** 0 to 100: of all CPUs of the host, or of all vCPUs of the server (CPU time a second / vCPUs × 100). */
  readonly cpuPercent?: number;
  /** Of a server, the share of its flavor's memory that the guest says it uses. */
  readonly memoryUsedMiB?: number;
  readonly networkMbps?: number;
}
