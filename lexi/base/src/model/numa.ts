/** Pages of one size on a NUMA cell of a host; counts are pages, not bytes. */
export interface PagePool {
  readonly sizeKiB: number;
  readonly total: number;
  readonly used: number;
  /** Pages that `reserved_huge_pages` keeps from servers. */
  readonly reserved: number;
}

/** Networks that are near to one NUMA cell (`[neutron_physnet_X] numa_nodes`). */
export interface NumaNetworks {
  readonly physnets: readonly string[];
  readonly tunneled: boolean;
}

/** What the hardware of a NUMA cell of a host is; the same for all hosts of one layout. */
export interface NumaCellLayout {
  /** NUMA node id; ids may have gaps. */
  readonly id: number;
  readonly socket?: number;
  /** Host CPU ids for floating vCPUs (Nova `cpuset`). */
  readonly sharedCpus: readonly number[];
  /** Host CPU ids for pinned vCPUs (Nova `pcpuset`); equal to `sharedCpus` on a legacy host. */
  readonly dedicatedCpus: readonly number[];
  /** Host CPU ids by core, limited to configured CPUs; in Nova's order. */
  readonly siblings: readonly (readonly number[])[];
  readonly memoryMiB: number;
  /** Distance to each cell of the host, in the order of its cells (SLIT); absent when unknown. */
  readonly distances?: readonly number[];
  readonly networks: NumaNetworks;
}

/**
 * A NUMA node of a host as Nova's resource tracker sees it. Usage counts servers with a NUMA topology
 * only, moves in flight included; servers without one are invisible here (Nova `NUMACell`).
 */
export interface NumaCell extends NumaCellLayout {
  readonly memoryUsedMiB: number;
  /** Floating vCPUs of servers with a NUMA topology. */
  readonly sharedCpusUsed: number;
  /** Host CPU ids taken by pins, isolated siblings and emulator threads. */
  readonly pinnedCpus: readonly number[];
  readonly pages: readonly PagePool[];
}

/** One cell of a server's NUMA topology, placed on a NUMA cell of its host. */
export interface PlacedGuestCell {
  /** NUMA node id of the host. */
  readonly hostCellId: number;
  /** Guest vCPU ids that float over the shared CPUs of the host cell. */
  readonly sharedVcpus: readonly number[];
  /** Guest vCPU ids that are pinned. */
  readonly dedicatedVcpus: readonly number[];
  /** [guest vCPU, host CPU]; absent when the source does not tell. */
  readonly pinning?: readonly (readonly [number, number])[];
  /** Host CPU ids reserved for emulator threads. */
  readonly reservedCpus?: readonly number[];
  readonly memoryMiB: number;
  /** Resolved page size; absent when none was requested. */
  readonly pageSizeKiB?: number;
}

/** A server's NUMA topology as it is placed now. */
export interface PlacedTopology {
  readonly cells: readonly PlacedGuestCell[];
}
