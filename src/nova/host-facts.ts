/**
 * A host as Nova's resource tracker reports it: the input of `host-state.ts` and `usage.ts`. CPU ids are host CPU
 * ids, page counts are pages.
 */

/** Pages of one size on a NUMA cell. */
export interface PageFacts {
  readonly sizeKiB: number;
  readonly total: number;
  readonly used: number;
  readonly reserved: number;
}

/** Networks with an affinity to a NUMA cell. */
export interface NetworkFacts {
  readonly physnets: readonly string[];
  readonly tunneled: boolean;
}

/** One NUMA cell of a host (Nova `NUMACell`), in Nova's order. */
export interface HostCellFacts {
  /** NUMA node id; may have gaps. */
  readonly id: number;
  /** Absent when the cell spans sockets or the host does not tell. */
  readonly socket?: number;
  /** CPUs for floating vCPUs (`cpuset`). */
  readonly sharedCpus: readonly number[];
  /** CPUs for pinned vCPUs (`pcpuset`); the same set as `sharedCpus` on a legacy host. */
  readonly dedicatedCpus: readonly number[];
  /** CPUs by core, limited to shared and dedicated ones. The order of the cores decides which ones a guest gets. */
  readonly siblings: readonly (readonly number[])[];
  readonly memoryMiB: number;
  /** Memory of servers with a NUMA topology; can exceed the total. */
  readonly memoryUsedMiB: number;
  /** Floating vCPUs of servers with a NUMA topology. */
  readonly sharedCpusUsed: number;
  /** Dedicated CPUs in use. */
  readonly pinnedCpus: readonly number[];
  /** Empty when the host reports no page sizes. */
  readonly pages: readonly PageFacts[];
  readonly networks: NetworkFacts;
}

/** Free PCI devices of one kind on one NUMA node (Nova `PciDevicePool`). */
export interface PciPoolFacts {
  readonly vendorId: string;
  readonly productId: string;
  readonly devType: string;
  /** Absent when the devices have no NUMA node. */
  readonly numaNode?: number;
  /** Free devices. A pool whose devices are all in use is kept with 0, so that they can come back. */
  readonly count: number;
  /** Further attributes: `physical_network`, `remote_managed`, … */
  readonly tags: Readonly<Record<string, string>>;
}

/** All that decides whether a guest fits a host. */
export interface HostFacts {
  readonly cells: readonly HostCellFacts[];
  readonly pciPools: readonly PciPoolFacts[];
}
