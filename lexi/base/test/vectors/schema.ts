import { z } from 'zod';

/** The parts of FORMAT.md that several suites share. `null` there is undefined here. */

export const count = z.number().int();
export const optionalCount = count.nullable().transform((value) => value ?? undefined);
export const strings = z.record(z.string(), z.string());
export const optionalText = z
  .string()
  .nullable()
  .transform((value) => value ?? undefined);

export const cpuPolicy = z
  .enum(['shared', 'dedicated', 'mixed'])
  .nullable()
  .transform((value) => value ?? undefined);
export const threadPolicy = z
  .enum(['prefer', 'require', 'isolate'])
  .nullable()
  .transform((value) => value ?? undefined);
export const numaPolicy = z.enum(['required', 'legacy', 'preferred', 'socket']);
export const networks = z.object({ physnets: z.array(z.string()), tunneled: z.boolean() });

export const hostCell = z
  .object({
    id: count,
    socket: count.nullable(),
    sharedCpus: z.array(count),
    dedicatedCpus: z.array(count),
    siblings: z.array(z.array(count)),
    memoryMiB: count,
    memoryUsedMiB: count,
    sharedCpusUsed: count,
    pinnedCpus: z.array(count),
    pages: z.array(z.object({ sizeKiB: count, total: count, used: count, reserved: count })),
    network: networks,
  })
  .transform(({ socket, network, ...cell }) => ({
    ...cell,
    ...(socket === null ? {} : { socket }),
    networks: network,
  }));

export const guest = z.object({
  emulatorPolicy: z
    .enum(['isolate', 'share'])
    .nullable()
    .transform((value) => value ?? undefined),
  cells: z.array(
    z.object({
      id: count,
      sharedVcpus: z.array(count),
      dedicatedVcpus: z.array(count),
      memoryMiB: count,
      pageSize: z
        .union([z.enum(['small', 'large', 'any']), count])
        .nullable()
        .transform((value) => value ?? undefined),
      cpuPolicy,
      threadPolicy,
    }),
  ),
});

export const fitInput = z.object({
  host: z.object({ cells: z.array(hostCell) }),
  guest,
  limits: z
    .object({ cpuRatio: z.number(), ramRatio: z.number(), network: networks.nullable() })
    .nullable()
    .transform((value) => value ?? undefined),
  cellOrder: z.enum(['spread', 'pack']),
});

export const pciPools = z.array(
  z
    .object({ numaNode: count.nullable(), count, attrs: strings })
    .transform(
      ({ numaNode, attrs: { vendor_id = '', product_id = '', dev_type = '', ...tags }, ...pool }) => ({
        ...pool,
        ...(numaNode === null ? {} : { numaNode }),
        vendorId: vendor_id,
        productId: product_id,
        devType: dev_type,
        tags,
      }),
    ),
);

export const pciRequests = z.array(
  z
    .object({ count, numaPolicy: numaPolicy.nullable(), specs: z.array(strings) })
    .transform(({ numaPolicy: policy, ...request }) => ({
      ...request,
      ...(policy === null ? {} : { numaPolicy: policy }),
    })),
);
