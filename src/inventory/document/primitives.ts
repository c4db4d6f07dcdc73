import { z } from 'zod';

/**
 * An object of the inventory whose unknown members must begin with `x-`. Its static type is the strict one: `x-`
 * members are carried from file to file and never read.
 */
export function record<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict>;
export function record(shape: z.ZodRawShape): z.ZodObject {
  const known = new Set(Object.keys(shape));
  return z.looseObject(shape).refine((value) => unknownMembers(value, known).length === 0, {
    when: ({ value }) => typeof value === 'object' && value !== null,
    params: { code: 'unknown-member' },
    error: ({ input }) => `unknown member ${unknownMembers(input, known).slice(0, 5).join(', ')}`,
  });
}

function unknownMembers(value: unknown, known: ReadonlySet<string>): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).filter((member) => !known.has(member) && !member.startsWith('x-'));
}

const most = { count: 2 ** 20, mib: 2 ** 35, cpu: 2 ** 16 - 1, cell: 1023, pages: 2 ** 45 } as const;

/** Text of a stranger's making: a name, a reason. */
export const text = z.string().max(4096);
/** A name by which things are referenced. */
export const id = z.string().min(1).max(255);
/** The first 16 hexadecimal digits of the SHA-256 of the canonical JSON of a table's entry. */
export const contentId = z.string().regex(/^[0-9a-f]{16}$/, 'a content id of 16 hexadecimal digits');
/** RFC 3339. */
export const instant = z.iso.datetime({ offset: true });

/** Servers, pages of a device, attempts: how many of a thing. */
export const count = z.int().min(0).max(most.count);
export const memoryMiB = z.int().min(0).max(most.mib);
export const diskGiB = z.int().min(0).max(most.mib);
export const diskMiB = z.int().min(0).max(most.mib);
export const bandwidthMbps = z
  .int()
  .min(0)
  .max(2 ** 31);
export const rateMiBps = z
  .int()
  .min(0)
  .max(2 ** 31);
export const percent = z
  .int()
  .min(0)
  .max(2 ** 20);
/** Nova's version numbers, such as 7002000 for 7.2.0. */
export const version = z
  .int()
  .min(0)
  .max(2 ** 31);
export const generation = z.int().min(0);
export const sizeKiB = z
  .int()
  .min(1)
  .max(2 ** 31);
export const pages = z.int().min(0).max(most.pages);
export const ratio = z.number().gt(0).max(1_000_000);

/** Id of a CPU of a host. */
const hostCpu = z.int().min(0).max(most.cpu);
export const hostCpus = z.array(hostCpu).max(most.cpu + 1);
/** Id of a vCPU of a server. */
const guestCpu = z.int().min(0).max(most.cpu);
export const guestCpus = z.array(guestCpu).max(most.cpu + 1);
/** Id of a NUMA node. */
export const cellId = z.int().min(0).max(most.cell);

/** Free-form names and values: extra specs, properties, metadata. */
export const textMap = z.record(z.string().max(255), text);
/** Amounts by resource class. */
export const amounts = z.record(id, z.int().min(0).max(most.mib));

/** Where a fact comes from: the kind of source and, after a colon, which one of it. */
export const source = z
  .string()
  .regex(/^(api|db|cli|host-facts|metrics|file|assumed)(:[a-z0-9_.-]+)?$/, 'a source such as api:nova');
/** Sources by field: `cells` of a host, `topology` of a server. */
export const sourcesByField = z.record(z.string().max(64), source);
