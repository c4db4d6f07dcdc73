import type { CloudConfig, Setting } from '../../model/nova-config.ts';
import { mapIf, present } from '../present.ts';
import type { OptionReader } from './ini-options.ts';

const known = <const Value>(value: Value): Setting<Value> => ({ value, known: true });

/** The switches of `[workarounds]` that rules ask for; no other is kept. */
const workarounds = [
  'disable_fallback_pcpu_query',
  'disable_group_policy_check_upcall',
  'enable_numa_live_migration',
  'skip_hypervisor_version_check_on_lm',
] as const;

/**
 * The settings that rules and timing go by, as far as a nova.conf says them; what it does not say is nobody's to know,
 * since an excerpt may leave out anything. Names and sections are those of Nova 17 to 33.
 */
export function novaSettings(options: OptionReader, whole: boolean): Partial<CloudConfig> {
  return present({ ...schedulerSettings(options, whole), ...computeSettings(options) });
}

/** Options that the API, the scheduler and the conductor read, wherever these run. */
export const controllerSettings = [
  'enabledFilters',
  'maxInstancesPerHost',
  'maxIoOpsPerHost',
  'isolatedHosts',
  'isolatedImages',
  'restrictIsolatedHosts',
  'imageDefaultArchitecture',
  'imageIsolationPrefix',
  'isolatedAggregateFiltering',
  'defaultAvailabilityZone',
  'workarounds',
] as const satisfies readonly (keyof CloudConfig)[];

function schedulerSettings(options: OptionReader, whole: boolean): Partial<CloudConfig> {
  const { count, flag, last, list } = options;
  const filters = 'filter_scheduler';
  return present({
    enabledFilters: mapIf(list(filters, 'enabled_filters'), known),
    maxInstancesPerHost: mapIf(count(filters, 'max_instances_per_host'), known),
    maxIoOpsPerHost: mapIf(count(filters, 'max_io_ops_per_host'), known),
    isolatedHosts: mapIf(list(filters, 'isolated_hosts'), known),
    isolatedImages: mapIf(list(filters, 'isolated_images'), known),
    restrictIsolatedHosts: mapIf(flag(filters, 'restrict_isolated_hosts_to_isolated_images'), known),
    imageDefaultArchitecture: mapIf(last(filters, 'image_properties_default_architecture'), known),
    imageIsolationPrefix: isolationPrefix(options),
    isolatedAggregateFiltering: mapIf(flag('scheduler', 'enable_isolated_aggregate_filtering'), known),
    defaultAvailabilityZone: mapIf(last('DEFAULT', 'default_availability_zone'), known),
    workarounds: workaroundsOf(options, whole),
  } satisfies Record<(typeof controllerSettings)[number], unknown>);
}

/** Options that nova-compute reads. */
function computeSettings(options: OptionReader): Partial<CloudConfig> {
  const { count, flag, last } = options;
  const format = last('DEFAULT', 'config_drive_format');
  return present({
    cellOrder: mapIf(flag('compute', 'packing_host_numa_cells_allocation_strategy'), (packs) =>
      known<'pack' | 'spread'>(packs ? 'pack' : 'spread'),
    ),
    maxConcurrentLiveMigrations: mapIf(count('DEFAULT', 'max_concurrent_live_migrations'), known),
    imagesType: mapIf(last('libvirt', 'images_type'), known),
    configDriveFormat: format === 'vfat' || format === 'iso9660' ? known(format) : undefined,
    cpuMode: mapIf(last('libvirt', 'cpu_mode'), known),
    ...migrationSettings(options),
  });
}

/** What decides how fast a migration copies, and what ends it. */
function migrationSettings({ count, flag, last, number }: OptionReader): Partial<CloudConfig> {
  const section = 'libvirt';
  const action = last(section, 'live_migration_timeout_action');
  const transport = last(section, 'remote_filesystem_transport');
  return present({
    completionTimeoutSecondsPerGiB: mapIf(count(section, 'live_migration_completion_timeout'), known),
    timeoutAction: action === 'abort' || action === 'force_complete' ? known(action) : undefined,
    // MiB/s
    migrationBandwidthMbps: mapIf(number(section, 'live_migration_bandwidth'), (rate) =>
      known(Math.round(rate * 8.388608)),
    ),
    downtimeLimitMs: mapIf(count(section, 'live_migration_downtime'), known),
    downtimeSteps: mapIf(count(section, 'live_migration_downtime_steps'), known),
    downtimeDelaySecondsPerGiB: mapIf(count(section, 'live_migration_downtime_delay'), known),
    nativeTls: mapIf(flag(section, 'live_migration_with_native_tls'), known),
    tunnelled: mapIf(flag(section, 'live_migration_tunnelled'), known),
    parallelConnections: mapIf(count(section, 'live_migration_parallel_connections'), known),
    remoteTransport: transport === 'ssh' || transport === 'rsync' ? known(transport) : undefined,
    permitPostCopy: mapIf(flag(section, 'live_migration_permit_post_copy'), known),
    permitAutoConverge: mapIf(flag(section, 'live_migration_permit_auto_converge'), known),
  });
}

/** Nova puts the separator (a dot unless set) between the namespace and the name of a property. */
function isolationPrefix({ last }: OptionReader): CloudConfig['imageIsolationPrefix'] | undefined {
  const option = 'aggregate_image_properties_isolation';
  const separator = last('filter_scheduler', `${option}_separator`) ?? '.';
  return mapIf(last('filter_scheduler', `${option}_namespace`), (name) => known(`${name}${separator}`));
}

/** Off by default: which are on is known where the file is whole, or its section was recorded. */
function workaroundsOf({ flag, has }: OptionReader, whole: boolean): CloudConfig['workarounds'] | undefined {
  if (!whole && !has('workarounds')) return undefined;
  return known(workarounds.filter((name) => flag('workarounds', name) === true));
}
