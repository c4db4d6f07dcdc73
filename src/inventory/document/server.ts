import { z } from 'zod';
import { usageSchema } from './host.ts';
import { pciAddress, pciRequestSchema } from './pci.ts';
import { allocationSchema } from './placement.ts';
import * as f from './primitives.ts';

/** One cell of a server's topology. `hostCpus` in step with `dedicatedVcpus`; absent when the pins are unknown. */
export const placedCellSchema = f.record({
  hostCellId: f.cellId,
  sharedVcpus: f.guestCpus.exactOptional(),
  dedicatedVcpus: f.guestCpus.exactOptional(),
  hostCpus: f.hostCpus.exactOptional(),
  reservedCpus: f.hostCpus.exactOptional(),
  memoryMiB: f.memoryMiB,
  pageSizeKiB: f.sizeKiB.exactOptional(),
});

/** Members whose absence says that there are none: a record names those of which no source told. */
export const absentIfNone = [
  'bootFromVolume',
  'configDrive',
  'locked',
  'metadata',
  'tags',
  'volumes',
] as const;
export type AbsentIfNone = (typeof absentIfNone)[number];

const powerStates = ['running', 'paused', 'shutdown', 'crashed', 'suspended', 'none'] as const;

/**
 * A server. `vmState` and `powerState` are absent where they are the usual ones of the status. A member that no
 * source told is absent; the flags, `volumes`, `tags` and `metadata` are absent where there are none, unless `unknown`
 * names them.
 */
export const serverSchema = f.record({
  id: f.id,
  name: f.text,
  projectId: f.id.exactOptional(),
  userId: f.id.exactOptional(),
  flavor: f.contentId,
  image: f.contentId.exactOptional(),
  status: f.id,
  vmState: f.id.exactOptional(),
  taskState: f.id.exactOptional(),
  powerState: z.enum(powerStates).exactOptional(),
  host: f.id.exactOptional(),
  launchedOn: f.id.exactOptional(),
  /** Empty when the server has no NUMA topology. */
  topology: z.array(placedCellSchema).max(1024).exactOptional(),
  /** Empty when it holds nothing in Placement. */
  allocations: z.array(allocationSchema).exactOptional(),
  pciRequests: z.array(pciRequestSchema).exactOptional(),
  pciDevices: z.array(pciAddress).exactOptional(),
  ports: z
    .array(
      f.record({
        id: f.id,
        vnicType: f.id,
        physicalNetwork: f.text.exactOptional(),
        tunneled: z.boolean().exactOptional(),
        hasResourceRequest: z.boolean().exactOptional(),
      }),
    )
    .exactOptional(),
  bootFromVolume: z.literal(true).exactOptional(),
  volumes: z
    .array(
      f.record({
        id: f.id,
        sizeGiB: f.diskGiB.exactOptional(),
        multiattach: z.boolean().exactOptional(),
        availabilityZone: f.text.exactOptional(),
        backend: f.text.exactOptional(),
        volumeType: f.text.exactOptional(),
        encrypted: z.boolean().exactOptional(),
      }),
    )
    .exactOptional(),
  localDisks: f.contentId.exactOptional(),
  /** Ids of attached Manila shares. */
  shares: z.array(f.id).exactOptional(),
  configDrive: z.literal(true).exactOptional(),
  configDriveFormat: z.enum(['iso9660', 'vfat']).exactOptional(),
  machineType: f.text.exactOptional(),
  cpu: f.contentId.exactOptional(),
  requestedAz: z
    .discriminatedUnion('kind', [
      f.record({ kind: z.literal('any') }),
      f.record({ kind: z.literal('zone'), name: f.id }),
    ])
    .exactOptional(),
  schedulerHints: z.record(z.string().max(255), z.array(f.text)).exactOptional(),
  locked: z.literal(true).exactOptional(),
  lockedReason: f.text.exactOptional(),
  tags: z.array(f.text).exactOptional(),
  metadata: f.textMap.exactOptional(),
  launchedAt: f.instant.exactOptional(),
  usage: usageSchema.exactOptional(),
  dirtyRateMiBps: f.rateMiBps.exactOptional(),
  /** What the guest keeps writing; what its host really holds of its memory. */
  workingSetMiB: f.memoryMiB.exactOptional(),
  residentMemoryMiB: f.memoryMiB.exactOptional(),
  /** To its local disks. */
  diskWriteMiBps: f.rateMiBps.exactOptional(),
  faultMessage: f.text.exactOptional(),
  unknown: z.array(z.enum(absentIfNone)).exactOptional(),
  /** Where this server's facts do not come from the source that the document names for the field. */
  sources: f.sourcesByField.exactOptional(),
});

export type ServerRecord = z.infer<typeof serverSchema>;
export type PlacedCellRecord = z.infer<typeof placedCellSchema>;
