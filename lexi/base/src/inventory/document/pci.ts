import { z } from 'zod';
import * as f from './primitives.ts';

const hexId = z.string().regex(/^[0-9a-fA-F]{1,8}$/, 'a hexadecimal PCI id');
const devType = z.enum(['type-PCI', 'type-PF', 'type-VF', 'vdpa']);
const numaPolicy = z.enum(['required', 'legacy', 'preferred', 'socket']);

/** `domain:bus:slot.function`. */
export const pciAddress = z
  .string()
  .regex(/^[0-9a-f]{4,8}:[0-9a-f]{2}:[01][0-9a-f]\.[0-7]$/, 'a PCI address such as 0000:18:02.1');

/** A device, or `count` equal devices at consecutive addresses that nobody holds. */
export const pciDevicesSchema = f.record({
  address: pciAddress,
  count: z.int().min(2).max(65_536).exactOptional(),
  vendorId: hexId,
  productId: hexId,
  devType,
  numaNode: f.cellId.exactOptional(),
  parentAddress: pciAddress.exactOptional(),
  status: z.enum(['available', 'claimed', 'allocated', 'unclaimable', 'unavailable', 'removed', 'deleted']),
  server: f.id.exactOptional(),
  requestId: f.id.exactOptional(),
  tags: f.textMap.exactOptional(),
});

/** Free devices of one kind on one NUMA node, in Nova's order. */
export const pciPoolSchema = f.record({
  vendorId: hexId,
  productId: hexId,
  devType,
  numaNode: f.cellId.exactOptional(),
  count: f.count,
  tags: f.textMap.exactOptional(),
});

/** What a server asks of PCI. */
export const pciRequestSchema = f.record({
  requestId: f.id.exactOptional(),
  count: f.count,
  specs: z.array(f.textMap),
  numaPolicy: numaPolicy.exactOptional(),
  source: z.discriminatedUnion('kind', [
    f.record({ kind: z.literal('alias'), alias: f.text }),
    f.record({ kind: z.literal('port'), port: f.id }),
  ]),
});

export type PciDevicesRecord = z.infer<typeof pciDevicesSchema>;
export type PciPoolRecord = z.infer<typeof pciPoolSchema>;
