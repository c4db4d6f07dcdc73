import { z } from 'zod';
import { pciAddress } from './pci.ts';
import * as f from './primitives.ts';
import { placedCellSchema } from './server.ts';

export const aggregateSchema = f.record({
  id: f.id,
  name: f.text,
  hosts: z.array(f.id),
  metadata: f.textMap,
});

/** A server group; `maxServersPerHost` only where the group sets it. Members may be deleted servers. */
export const groupSchema = f.record({
  id: f.id,
  name: f.text,
  policy: z.enum(['affinity', 'anti-affinity', 'soft-affinity', 'soft-anti-affinity']),
  members: z.array(f.id),
  maxServersPerHost: z
    .int()
    .min(1)
    .max(2 ** 20)
    .exactOptional(),
});

/** A pool of disks that are no volumes; one that hosts share stands here once. */
export const storagePoolSchema = f.record({
  id: f.id,
  kind: z.enum(['local', 'shared']),
  imagesType: f.text.exactOptional(),
  totalGiB: f.diskGiB.exactOptional(),
});

/** `uplink` where no kind is told. */
export const linkSchema = f.record({
  name: f.text,
  kind: z.enum(['uplink', 'switch']).exactOptional(),
  members: z.array(f.id),
  bandwidthMbps: f.bandwidthMbps.min(1),
  fullDuplex: z.boolean(),
});

/** What a move holds at one of its ends. */
const heldSchema = f.record({
  topology: z.array(placedCellSchema).max(1024).exactOptional(),
  pciDevices: z.array(pciAddress).exactOptional(),
  flavor: f.contentId.exactOptional(),
});

/** A migration record of Nova, in flight or finished; its server may be deleted since. */
export const migrationSchema = f.record({
  id: z.int().min(0),
  uuid: f.id.exactOptional(),
  server: f.id,
  type: z.enum(['live-migration', 'migration', 'resize', 'evacuation']),
  status: f.id,
  source: f.id.exactOptional(),
  destination: f.id.exactOptional(),
  createdAt: f.instant.exactOptional(),
  updatedAt: f.instant.exactOptional(),
  memoryTotalMiB: f.memoryMiB.exactOptional(),
  memoryProcessedMiB: f.memoryMiB.exactOptional(),
  diskTotalMiB: f.diskMiB.exactOptional(),
  heldAtSource: heldSchema.exactOptional(),
  heldAtDestination: heldSchema.exactOptional(),
});

/** Two sources that say different things of one field, and which of them this inventory follows. */
export const contradictionSchema = f.record({
  subject: f.text,
  field: f.text,
  values: z.array(f.record({ source: f.source, value: f.text })),
  taken: f.source.exactOptional(),
});

/** Something that the import looked for and did not get. */
export const gapSchema = f.record({ code: f.id, summary: f.text, hint: f.text.exactOptional() });

export type AggregateRecord = z.infer<typeof aggregateSchema>;
export type GroupRecord = z.infer<typeof groupSchema>;
export type StoragePoolRecord = z.infer<typeof storagePoolSchema>;
export type MigrationRecord = z.infer<typeof migrationSchema>;
export type HeldRecord = z.infer<typeof heldSchema>;
export type Contradiction = z.infer<typeof contradictionSchema>;
export type Gap = z.infer<typeof gapSchema>;
