import { z } from 'zod';
import { novaConfigSchema } from './nova-config.ts';
import { pciDevicesSchema, pciPoolSchema } from './pci.ts';
import { providerSchema } from './placement.ts';
import * as f from './primitives.ts';

/** Measured, not allocated, usage. */
export const usageSchema = f.record({
  cpuPercent: f.percent.exactOptional(),
  memoryUsedMiB: f.memoryMiB.exactOptional(),
  networkMbps: f.bandwidthMbps.exactOptional(),
});

/** What is in use of one NUMA cell; moves in flight count. `usedPages` in the order of the layout's `pages`. */
const cellUseSchema = f.record({
  memoryUsedMiB: f.memoryMiB,
  sharedCpusUsed: f.count,
  pinnedCpus: f.hostCpus,
  usedPages: z.array(f.pages),
});

const serviceSchema = f.record({
  status: z.enum(['enabled', 'disabled']),
  state: z.enum(['up', 'down']),
  forcedDown: z.boolean().exactOptional(),
  disabledReason: f.text.exactOptional(),
  id: f.id.exactOptional(),
  /** Nova's object version, such as 64 for Zed. */
  version: f.version.exactOptional(),
});

/** A compute host. A member that no source told is absent. */
export const hostSchema = f.record({
  id: f.id,
  nodeName: f.id.exactOptional(),
  nodeId: f.id.exactOptional(),
  hostIp: f.text.exactOptional(),
  service: serviceSchema.exactOptional(),
  availabilityZone: f.id.exactOptional(),
  novaCell: f.id.exactOptional(),
  cpu: f.contentId.exactOptional(),
  hypervisorType: f.text.exactOptional(),
  hypervisorVersion: f.version.exactOptional(),
  libvirtVersion: f.version.exactOptional(),
  supportedInstances: z.array(z.tuple([f.text, f.text, f.text])).exactOptional(),
  machineTypes: f.contentId.exactOptional(),
  stats: f.textMap.exactOptional(),
  cpuAllocationRatio: f.ratio.exactOptional(),
  ramAllocationRatio: f.ratio.exactOptional(),
  /** The root first. */
  providers: z.array(providerSchema).exactOptional(),
  layout: f.contentId.exactOptional(),
  /** One for each cell of the layout, in its order. */
  cells: z.array(cellUseSchema).exactOptional(),
  pciDevices: z.array(pciDevicesSchema).exactOptional(),
  pciPools: z.array(pciPoolSchema).exactOptional(),
  nics: z.array(f.record({ name: f.text, bandwidthMbps: f.bandwidthMbps })).exactOptional(),
  rack: f.id.exactOptional(),
  storagePool: f.id.exactOptional(),
  /** Negative where disks are overcommitted. */
  diskAvailableLeastGiB: z
    .int()
    .min(-(2 ** 35))
    .max(2 ** 35)
    .exactOptional(),
  otherServices: z.array(f.record({ binary: f.text, alive: z.boolean().exactOptional() })).exactOptional(),
  /** Those that the Neutron agents of the host reach. */
  physicalNetworks: z.array(f.text).exactOptional(),
  cachedImages: z.array(f.id).exactOptional(),
  /** Settings of this host that differ from the cloud's. */
  novaConfig: novaConfigSchema.exactOptional(),
  usage: usageSchema.exactOptional(),
  /** Where this host's facts do not come from the source that the document names for the field. */
  sources: f.sourcesByField.exactOptional(),
});

export type HostRecord = z.infer<typeof hostSchema>;
export type CellUseRecord = z.infer<typeof cellUseSchema>;
