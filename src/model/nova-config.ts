/** A setting of nova.conf with where it came from: read from a source, or taken as Nova's default. */
export interface Setting<Value> {
  readonly value: Value;
  readonly known: boolean;
}

/** The settings that rules and timing read; nothing else of nova.conf is ever kept. */
export interface CloudConfig {
  /** Scheduler filters that are enabled. */
  readonly enabledFilters: Setting<readonly string[]>;
  readonly maxConcurrentLiveMigrations: Setting<number>;
  /** Whether Nova packs or spreads guests over NUMA cells. */
  readonly cellOrder: Setting<'spread' | 'pack'>;
  readonly imagesType: Setting<string>;
  readonly configDriveFormat: Setting<'iso9660' | 'vfat'>;
  /** Seconds a GiB, 0 for never (`[libvirt] live_migration_completion_timeout`). */
  readonly completionTimeoutSecondsPerGiB: Setting<number>;
  readonly timeoutAction: Setting<'abort' | 'force_complete'>;
  /** Mbit/s cap of one migration; 0 for none (`live_migration_bandwidth`, converted from MiB/s). */
  readonly migrationBandwidthMbps: Setting<number>;
  /** Ms for which the guest may stand still at the switch-over, at most (`live_migration_downtime`). */
  readonly downtimeLimitMs: Setting<number>;
  /** In how many steps, and after how many seconds a GiB each, the limit rises to that. */
  readonly downtimeSteps: Setting<number>;
  readonly downtimeDelaySecondsPerGiB: Setting<number>;
  /** Whether copies are encrypted by QEMU (`live_migration_with_native_tls`), or go through libvirt's own channel. */
  readonly nativeTls: Setting<boolean>;
  readonly tunnelled: Setting<boolean>;
  /** Channels of one live migration (`live_migration_parallel_connections`, 33.0.0). */
  readonly parallelConnections: Setting<number>;
  /** What copies the disks of a cold migration (`remote_filesystem_transport`). */
  readonly remoteTransport: Setting<'ssh' | 'rsync'>;
  readonly permitPostCopy: Setting<boolean>;
  readonly permitAutoConverge: Setting<boolean>;
  readonly cpuMode: Setting<string>;
  readonly defaultAvailabilityZone: Setting<string | undefined>;
  readonly imageDefaultArchitecture: Setting<string | undefined>;
  /** `[scheduler] enable_isolated_aggregate_filtering`. */
  readonly isolatedAggregateFiltering: Setting<boolean>;
  /** Only metadata under this prefix isolate images (`aggregate_image_properties_isolation_namespace`, separator). */
  readonly imageIsolationPrefix: Setting<string | undefined>;
  /** `[filter_scheduler] max_instances_per_host`, for NumInstancesFilter. */
  readonly maxInstancesPerHost: Setting<number>;
  /** `[filter_scheduler] max_io_ops_per_host`, for IoOpsFilter. */
  readonly maxIoOpsPerHost: Setting<number>;
  /** `[filter_scheduler] isolated_hosts`, `isolated_images` (UUIDs), for IsolatedHostsFilter. */
  readonly isolatedHosts: Setting<readonly string[]>;
  readonly isolatedImages: Setting<readonly string[]>;
  /** Isolated hosts take isolated images only. */
  readonly restrictIsolatedHosts: Setting<boolean>;
  /** `[workarounds]` switches that are on. */
  readonly workarounds: Setting<readonly string[]>;
}
