import { z } from 'zod';
import * as f from './primitives.ts';

/** A setting: `known` when a source told it, else Nova's default or the assumption that can only lose quality. */
const setting = <Value extends z.ZodType>(value: Value) =>
  f.record({ value, known: z.boolean() }).exactOptional();

/** The settings that rules and timing read. Nothing else of nova.conf ever enters an inventory. */
export const novaConfigSchema = f.record({
  enabledFilters: setting(z.array(f.id)),
  maxConcurrentLiveMigrations: setting(f.count),
  cellOrder: setting(z.enum(['spread', 'pack'])),
  imagesType: setting(f.text),
  configDriveFormat: setting(z.enum(['iso9660', 'vfat'])),
  completionTimeoutSecondsPerGiB: setting(f.count),
  timeoutAction: setting(z.enum(['abort', 'force_complete'])),
  migrationBandwidthMbps: setting(f.bandwidthMbps),
  downtimeLimitMs: setting(f.count),
  downtimeSteps: setting(f.count),
  downtimeDelaySecondsPerGiB: setting(f.count),
  nativeTls: setting(z.boolean()),
  tunnelled: setting(z.boolean()),
  parallelConnections: setting(f.count),
  remoteTransport: setting(z.enum(['ssh', 'rsync'])),
  permitPostCopy: setting(z.boolean()),
  permitAutoConverge: setting(z.boolean()),
  cpuMode: setting(f.text),
  defaultAvailabilityZone: f.record({ value: f.id.exactOptional(), known: z.boolean() }).exactOptional(),
  imageDefaultArchitecture: f.record({ value: f.text.exactOptional(), known: z.boolean() }).exactOptional(),
  isolatedAggregateFiltering: setting(z.boolean()),
  imageIsolationPrefix: f.record({ value: f.text.exactOptional(), known: z.boolean() }).exactOptional(),
  maxInstancesPerHost: setting(f.count),
  maxIoOpsPerHost: setting(f.count),
  isolatedHosts: setting(z.array(f.id)),
  isolatedImages: setting(z.array(f.id)),
  restrictIsolatedHosts: setting(z.boolean()),
  workarounds: setting(z.array(f.id)),
});

export type NovaConfigRecord = z.infer<typeof novaConfigSchema>;
