import type { CloudConfig } from '../model/nova-config.ts';

const assumed = <Value>(value: Value) => ({ value, known: false });

/**
 * Settings where no source told them: Nova's defaults, except the scheduler's filters. Of those the stricter
 * choice is assumed, Nova's own five and every other that says all it wants in aggregates, flavors and images: a plan
 * that keeps to a filter which is off loses quality, a plan that breaks one which is on is refused by Nova. Filters that
 * count against a number of nova.conf, or read lists there, are taken to be off: their limits would be guesses.
 */
export const assumedConfig: CloudConfig = {
  enabledFilters: assumed([
    'ComputeFilter',
    'ComputeCapabilitiesFilter',
    'ImagePropertiesFilter',
    'ServerGroupAntiAffinityFilter',
    'ServerGroupAffinityFilter',
    'NUMATopologyFilter',
    'PciPassthroughFilter',
    'AggregateInstanceExtraSpecsFilter',
    'AggregateMultiTenancyIsolation',
    'AggregateImagePropertiesIsolation',
    'AggregateTypeAffinityFilter',
  ]),
  isolatedAggregateFiltering: assumed(true),
  imageIsolationPrefix: assumed(undefined),
  maxInstancesPerHost: assumed(50),
  maxIoOpsPerHost: assumed(8),
  isolatedHosts: assumed([]),
  isolatedImages: assumed([]),
  restrictIsolatedHosts: assumed(true),
  maxConcurrentLiveMigrations: assumed(1),
  cellOrder: assumed('spread'),
  imagesType: assumed('default'),
  configDriveFormat: assumed('iso9660'),
  completionTimeoutSecondsPerGiB: assumed(800),
  timeoutAction: assumed('abort'),
  migrationBandwidthMbps: assumed(0),
  downtimeLimitMs: assumed(500),
  downtimeSteps: assumed(10),
  downtimeDelaySecondsPerGiB: assumed(75),
  nativeTls: assumed(false),
  tunnelled: assumed(false),
  parallelConnections: assumed(1),
  remoteTransport: assumed('ssh'),
  permitPostCopy: assumed(false),
  permitAutoConverge: assumed(false),
  cpuMode: assumed('host-model'),
  defaultAvailabilityZone: assumed(undefined),
  imageDefaultArchitecture: assumed(undefined),
  workarounds: assumed([]),
};
