import { describe, expect, it } from 'vitest';
import { importBundle } from '../../../src/inventory/bundle.ts';
import { readNovaConf } from '../../../src/inventory/host-facts/nova-conf.ts';
import { bundleOf, oneHost, problemsOf } from '../support/bundles.ts';

const settingsIn = (text: string, whole = false) => readNovaConf(text, 'nova.conf', whole).facts.novaConfig;

const everything = `[DEFAULT]
max_concurrent_live_migrations = 2
config_drive_format = vfat
default_availability_zone = az1
transport_url = rabbit://nova:secret@10.0.0.1
[compute]
packing_host_numa_cells_allocation_strategy = true
[filter_scheduler]
enabled_filters = ComputeFilter, NUMATopologyFilter,
  PciPassthroughFilter
max_instances_per_host = 40
max_io_ops_per_host = 4
isolated_hosts = h1,h2
isolated_images = 8c0d7a52-4c0f-4f5b-9b25-2d0e5f7a9001
restrict_isolated_hosts_to_isolated_images = False
image_properties_default_architecture = x86_64
aggregate_image_properties_isolation_namespace = kept
aggregate_image_properties_isolation_separator = _
[scheduler]
enable_isolated_aggregate_filtering = True
[libvirt]
images_type = rbd
cpu_mode = host-model
live_migration_completion_timeout = 600
live_migration_timeout_action = force_complete
live_migration_bandwidth = 100
live_migration_downtime = 300
live_migration_downtime_steps = 5
live_migration_downtime_delay = 20
live_migration_with_native_tls = true
live_migration_tunnelled = false
live_migration_parallel_connections = 4
remote_filesystem_transport = rsync
live_migration_permit_post_copy = t
live_migration_permit_auto_converge = off
[workarounds]
enable_numa_live_migration = yes
disable_group_policy_check_upcall = false
never_download_image_if_on_rbd = true
[keystone_authtoken]
password = secret
`;

describe('nova.conf', () => {
  it('tells every setting that planning goes by, and nothing else', () => {
    const settings = settingsIn(everything);

    expect(
      Object.fromEntries(Object.entries(settings ?? {}).map(([name, { value }]) => [name, value])),
    ).toEqual({
      enabledFilters: ['ComputeFilter', 'NUMATopologyFilter', 'PciPassthroughFilter'],
      maxConcurrentLiveMigrations: 2,
      cellOrder: 'pack',
      imagesType: 'rbd',
      configDriveFormat: 'vfat',
      completionTimeoutSecondsPerGiB: 600,
      timeoutAction: 'force_complete',
      migrationBandwidthMbps: 839,
      downtimeLimitMs: 300,
      downtimeSteps: 5,
      downtimeDelaySecondsPerGiB: 20,
      nativeTls: true,
      tunnelled: false,
      parallelConnections: 4,
      remoteTransport: 'rsync',
      permitPostCopy: true,
      permitAutoConverge: false,
      cpuMode: 'host-model',
      defaultAvailabilityZone: 'az1',
      imageDefaultArchitecture: 'x86_64',
      isolatedAggregateFiltering: true,
      imageIsolationPrefix: 'kept_',
      maxInstancesPerHost: 40,
      maxIoOpsPerHost: 4,
      isolatedHosts: ['h1', 'h2'],
      isolatedImages: ['8c0d7a52-4c0f-4f5b-9b25-2d0e5f7a9001'],
      restrictIsolatedHosts: false,
      workarounds: ['enable_numa_live_migration'],
    });
    expect(Object.values(settings ?? {}).every(({ known }) => known)).toBe(true);
  });

  it('says which workarounds are on only where their section was recorded, or all of the file', () => {
    expect(settingsIn('[DEFAULT]\n')?.workarounds).toBeUndefined();
    expect(settingsIn('[workarounds]\n')?.workarounds).toEqual({ value: [], known: true });
    expect(settingsIn('[DEFAULT]\n', true)?.workarounds).toEqual({ value: [], known: true });
  });

  it('puts a dot after the namespace of isolated images', () => {
    const option = 'aggregate_image_properties_isolation_namespace';

    expect(settingsIn(`[filter_scheduler]\n${option} = kept\n`)?.imageIsolationPrefix?.value).toBe('kept.');
  });

  it('is refused where a number or a switch is none, each named', () => {
    const text =
      '[filter_scheduler]\nmax_io_ops_per_host = 8.5\n[libvirt]\nlive_migration_permit_post_copy = maybe\n';

    expect(problemsOf(() => settingsIn(text)).map(({ path, value }) => [path, value])).toEqual([
      ['[filter_scheduler] max_io_ops_per_host', '8.5'],
      ['[libvirt] live_migration_permit_post_copy', 'maybe'],
    ]);
  });

  it("counts for the whole cloud where it is a controller's, as far as controllers read it", () => {
    const { inventory, report } = importBundle(
      bundleOf({
        ...oneHost,
        'host-facts/h1/nova.conf': '[filter_scheduler]\nmax_instances_per_host = 9\n',
        'host-facts/ctl1/nova.conf': everything,
        'host-facts/ctl2/nova.conf': everything.replace('max_io_ops_per_host = 4', 'max_io_ops_per_host = 5'),
      }),
      { capturedAt: '2026-01-01T00:00:00Z' },
    );

    expect(inventory.novaConfig).toMatchObject({
      maxInstancesPerHost: { value: 40, known: true },
      workarounds: { value: ['enable_numa_live_migration'], known: true },
      maxIoOpsPerHost: { known: false },
      imagesType: { known: false },
    });
    expect(report.gaps.map(({ summary }) => summary)).toEqual(
      ['ctl1', 'ctl2'].map(
        (name) =>
          `no host, node or address is called ${name}: of what was recorded of it only the controllers' settings in nova.conf count`,
      ),
    );
  });
});
