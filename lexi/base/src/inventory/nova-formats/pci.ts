import { z } from 'zod';
import type { PciPool, PciRequest } from '../../model/pci.ts';
import { present } from '../present.ts';
import { maybe } from './maybe.ts';

export const devType = z.enum(['type-PCI', 'type-PF', 'type-VF', 'vdpa']);

const tags = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** `compute_nodes.pci_stats`: pools of free devices. */
export const PciPools = z.object({
  objects: z.array(
    z.object({
      vendor_id: z.string(),
      product_id: z.string(),
      numa_node: maybe(z.int().min(0)),
      count: z.int().min(0),
      tags: maybe(tags),
    }),
  ),
});

/** The pools in Nova's order, which is the order in which it takes devices. */
export const toPciPools = (raw: z.infer<typeof PciPools>): readonly PciPool[] =>
  raw.objects.map((pool) => {
    const { dev_type: type, ...others } = pool.tags ?? {};
    return present({
      vendorId: pool.vendor_id,
      productId: pool.product_id,
      devType: devType.catch('type-PCI').parse(type), // what Nova takes a pool without a type for
      numaNode: pool.numa_node,
      count: pool.count,
      tags: textTags(others),
    });
  });

const textTags = (raw: z.infer<typeof tags>): Record<string, string> =>
  Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, String(value)]));

/** `instance_extra.pci_requests`: with an alias of the flavor, or the id of a Neutron port. */
export const PciRequests = z.array(
  z.object({
    request_id: maybe(z.string()),
    count: z.int().min(0),
    spec: z.array(tags),
    alias_name: maybe(z.string()),
    requester_id: maybe(z.string()),
    numa_policy: maybe(z.enum(['required', 'legacy', 'preferred', 'socket'])),
  }),
);

export const toPciRequests = (raw: z.infer<typeof PciRequests>): PciRequest[] =>
  raw.map((request) =>
    present({
      requestId: request.request_id,
      count: request.count,
      specs: request.spec.map(textTags),
      numaPolicy: request.numa_policy,
      source:
        typeof request.alias_name === 'string'
          ? { kind: 'alias' as const, alias: request.alias_name }
          : // before Ussuri a port's request named it by its request id alone
            { kind: 'port' as const, port: request.requester_id ?? request.request_id ?? 'unknown' },
    }),
  );
