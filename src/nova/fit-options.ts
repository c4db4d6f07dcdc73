/** `spread` tries the emptiest cells first (Nova's default since 26.0.0), `pack` the fullest. */
type CellOrder = 'spread' | 'pack';

/** Which fit: what differs among Nova releases, configurations and callers of the same algorithm. */
export interface FitOptions {
  /**
   * Allocation ratios of the compute node. Absent: the ratios and the network affinity are not checked, as in the
   * claim of a live migration (Nova bug 2153425).
   */
  readonly limits?: { readonly cpuRatio: number; readonly ramRatio: number };
  /** `[compute] packing_host_numa_cells_allocation_strategy`: `pack` was the default of 25.0.0 only. */
  readonly cellOrder: CellOrder;
  /**
   * The scheduler's question: a guest that wants no PCI devices gets cells with devices last. Absent for the claim at
   * the destination, which decides: it hands the devices over only for a guest that wants some. Source:
   * `compute/claims.py:Claim._test_numa_topology`; seen so on a real Nova.
   */
  readonly sparesDevices?: boolean;
  /** 30.0.0 and later: without a page size asked for, the memory of a pinned guest must fit free pages, not total ones. */
  readonly pinnedChecksFreeSmallPages: boolean;
}
