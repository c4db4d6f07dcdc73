import type { CellOrder } from './cell-order.ts';

/** Which fit: what differs among Nova releases, configurations and callers of the same algorithm. */
export interface FitOptions {
  /**
   * Allocation ratios of the compute node. Absent: the ratios and the network affinity are not checked, as in the
   * claim of a live migration (Nova bug 2153425).
   */
  readonly limits?: { readonly cpuRatio: number; readonly ramRatio: number };
  /** `[compute] packing_host_numa_cells_allocation_strategy`: `pack` was the default of 25.0.0 only. */
  readonly cellOrder: CellOrder;
  /** 30.0.0 and later: without a page size asked for, the memory of a pinned guest must fit free pages, not total ones. */
  readonly pinnedChecksFreeSmallPages: boolean;
}
