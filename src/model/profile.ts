/**
 * What a release of Nova, with a vendor's overlay, does differently: switches that rules read. Rules never ask
 * for a release by name. Values come from `models/profiles/` (source: table 7.2 of the project's Nova notes).
 */
export interface Profile {
  readonly name: string;
  /** Nova majors that the profile speaks for, ascending; several when evidence does not tell them apart. */
  readonly novaMajors: readonly number[];
  readonly switches: Switches;
}

export interface Switches {
  /** Who chooses the NUMA cells at the destination: Nova anew, or the ids of the source as they are. */
  readonly cellChoice: 'nova' | 'same';
  /** Whether a server with a NUMA topology may live-migrate at all. */
  readonly numaLiveMigration: 'allowed' | 'refused';
  /** Since 30.0.0 pinned guests without page size check free instead of total small pages. */
  readonly pinnedChecksFreeSmallPages: boolean;
  /** Whether the destination's claim of a live migration knows overcommit ratios and networks. */
  readonly liveClaimHasLimits: boolean;
  /** Group policies are checked again at the destination, migrations in flight counted (24.0.0+). */
  readonly lateGroupCheck: boolean;
  readonly maxServerPerHostRule: boolean;
  /** Flavor PCI devices in a live migration. */
  readonly pciAliasLive: 'refused' | 'live-migratable-only';
  /** SR-IOV ports in a live migration: refused, or detached and attached again. */
  readonly sriovPortLive: 'refused' | 'detach';
  readonly vgpuLive: 'refused' | 'allowed';
  readonly vtpmLive: 'refused' | 'host-secret-only';
  /** A disabled destination refuses scheduler-checked moves. */
  readonly disabledDestination: 'refused' | 'forced-only';
  readonly forceCompleteOnTimeout: boolean;
  /** Whether `abort` reaches migrations that are queued or preparing (2.65). */
  readonly abortQueued: boolean;
  /** Compute API microversions that requests of a plan name. */
  readonly microversions: {
    readonly live: string;
    readonly cold: string;
    readonly evacuate: string;
    readonly service: string;
    readonly read: string;
  };
}
