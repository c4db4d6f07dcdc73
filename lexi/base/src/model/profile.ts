/**
 * What a release of Nova, with a vendor's overlay, does differently: switches that rules read. Rules never ask
 * for a release by name. Values and their strictness come from `models/profiles/`.
 */
export interface Profile {
  readonly name: string;
  /** Nova majors that the profile speaks for, ascending; several when evidence does not tell them apart. */
  readonly novaMajors: readonly number[];
  readonly switches: Switches;
}

/**
 * How much a vendor's procedure asks beyond Nova: `required` refuses, `warned` tells, `off` is silent.
 */
export type Insistence = 'required' | 'warned' | 'off';

export interface Switches {
  /** Who chooses the NUMA cells at the destination: Nova anew, or the ids of the source as they are. */
  readonly cellChoice: 'nova' | 'same';
  /** Whether a server with a NUMA topology may live-migrate: at all, or only with `enable_numa_live_migration`. */
  readonly numaLiveMigration: 'allowed' | 'workaround';
  /** A live migration of a server with a NUMA topology keeps the ids of its NUMA cells. */
  readonly sameNumaCells: Insistence;
  /** A live migration of pinned, huge-page and DPDK servers, and of CPU passthrough, goes to identical hardware. */
  readonly identicalHardware: Insistence;
  /** The destination of a pinned server's live migration runs no other server (rule `twin`). */
  readonly emptyForPinned: Insistence;
  /** The destination of a live migration of a server with huge pages runs no other server (rule `twin`). */
  readonly emptyForHugePages: Insistence;
  /** The destination of a live migration of any other server with a NUMA topology runs no other server (rule `twin`). */
  readonly emptyForNuma: Insistence;
  /** Servers that the same run brought from the same source do not count against emptiness. */
  readonly batchException: boolean;
  /** Since 30.0.0 pinned guests without page size check free instead of total small pages. */
  readonly pinnedChecksFreeSmallPages: boolean;
  /**
   * Whether the destination's claim of a live migration knows overcommit ratios and networks; where not, it may
   * choose other NUMA cells than the scheduler saw.
   */
  readonly liveClaimHasLimits: boolean;
  /** Group policies are checked again at the destination, migrations in flight counted (24.0.0+). */
  readonly lateGroupCheck: boolean;
  /** Anti-affinity groups may allow more than one server a host (2.64). */
  readonly maxServerPerHostRule: boolean;
  /** Flavor PCI devices in a live migration. */
  readonly pciAliasLive: 'refused' | 'live-migratable-only';
  /** SR-IOV ports in a live migration: refused, or detached and attached again. */
  readonly sriovPortLive: 'refused' | 'detach';
  /** vDPA ports in a live migration (26.0.0+: detached and attached again). */
  readonly vdpaPortLive: 'refused' | 'detach';
  readonly vgpuLive: 'refused' | 'allowed';
  readonly vtpmLive: 'refused' | 'host-secret-only';
  /** Persistent memory in a live migration (21.0.0+). */
  readonly pmemLive: 'refused' | 'allowed';
  /** Servers with attached Manila shares exist, and do not move (31.0.0+). */
  readonly sharesRefused: boolean;
  /** Cyborg device profiles in an evacuate (22.0.0+). */
  readonly acceleratorEvacuate: 'refused' | 'allowed';
  /** A block live migration with an iso9660 config drive: refused by the vendor, copied over SSH, or left to libvirt. */
  readonly isoConfigDriveLive: 'refused' | 'copied' | 'libvirt';
  /** A disabled destination refuses scheduler-checked moves, or works since requests are forced. */
  readonly disabledDestination: 'refused' | 'forced-only';
  /** Whether a live migration can be forced past the scheduler at all (below 2.68). */
  readonly forcedLive: boolean;
  readonly forceCompleteOnTimeout: boolean;
  /** Whether `abort` reaches migrations that are queued or preparing (2.65). */
  readonly abortQueued: boolean;
  /** Compute API microversions that requests of a plan name. */
  readonly microversions: {
    readonly live: string;
    /** Of a forced live migration; absent where there is none. */
    readonly liveForced?: string;
    readonly cold: string;
    readonly evacuate: string;
    readonly service: string;
    readonly read: string;
  };
}
