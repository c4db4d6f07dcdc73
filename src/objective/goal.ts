/** What a run optimises, as data (`models/goals/*.json`). Less is better; terms add up. */
export interface Goal {
  readonly name: string;
  readonly description: string;
  readonly terms: readonly Term[];
  /** Empty, enabled hosts that each availability zone keeps before emptied hosts are disabled. */
  readonly spareHosts: number;
  /** Share of a host's capacity that arrivals may not use in the end state. */
  readonly headroomPercent: number;
  /** Hosts that the goal empties are disabled before their first step. */
  readonly disableEmptied: boolean;
}

export type Term = HostsUsed | LoadAboveMean | MigrationCost;

/** weight × number of hosts on which a server lives. */
export interface HostsUsed {
  readonly kind: 'hosts-used';
  readonly weight: number;
}

/**
 * weight × Σ over hosts h, resources r, thresholds t of  t.slope × max(0, load(h, r) − mean(r) − t.abovePercent)
 * with load in percent of capacity and mean(r) = Σ used / Σ capacity over the hosts that can receive servers today.
 */
export interface LoadAboveMean {
  readonly kind: 'load-above-mean';
  readonly weight: number;
  /** Placement resource classes. */
  readonly resources: readonly string[];
  readonly thresholds: readonly { readonly abovePercent: number; readonly slope: number }[];
}

/** Σ over migrations of perMove + perGiB × GiB to copy (memory, and local disks when they are copied). */
export interface MigrationCost {
  readonly kind: 'migration-cost';
  readonly perMove: number;
  readonly perGiB: number;
}
