import { z } from 'zod';
import type { HostCriteria, HostSelector, ServerCriteria, ServerSelector } from './selector.ts';

/** Every member of an interface, the optional ones too: a schema cannot forget one. */
type ShapeOf<Value> = { readonly [Member in keyof Value]-?: z.ZodType };

const longest = 1024;
const word = z.string().min(1).max(longest);
const values = z.union([word, z.array(word).min(1).max(10_000)], {
  error: 'expected a text, or a list of texts, none of them empty',
});
const pair = z
  .string()
  .max(longest)
  .regex(/^[^=]+=/, 'expected key=value');
const metadata = z.union([pair, z.array(pair).min(1).max(10_000)], {
  error: 'expected key=value, or a list of such texts',
});

const serverCriteria = {
  name: values.exactOptional(),
  id: values.exactOptional(),
  tag: values.exactOptional(),
  project: values.exactOptional(),
  flavor: values.exactOptional(),
  group: values.exactOptional(),
  metadata: metadata.exactOptional(),
} satisfies ShapeOf<ServerCriteria>;

const hostCriteria = {
  name: values.exactOptional(),
  id: values.exactOptional(),
  aggregate: values.exactOptional(),
  zone: values.exactOptional(),
  rack: values.exactOptional(),
  metadata: metadata.exactOptional(),
} satisfies ShapeOf<HostCriteria>;

/** How often `all`, `any` and `not` may stand in each other. Spelled out, so that no file is too deep to be read. */
const deepest = 4;

const isNotEmpty = (selector: object): boolean => Object.keys(selector).length > 0;
const notEmpty = { error: 'a selector says at least one thing' };

function combined<Selector>(inner: z.ZodType<Selector>) {
  return {
    all: z.array(inner).min(1).exactOptional(),
    any: z.array(inner).min(1).exactOptional(),
    not: inner.exactOptional(),
  };
}

const servers = (depth: number): z.ZodType<ServerSelector> =>
  (depth === 0
    ? z.strictObject(serverCriteria)
    : z.strictObject({ ...serverCriteria, ...combined(servers(depth - 1)) })
  )
    .refine(isNotEmpty, notEmpty)
    .meta({ minProperties: 1 });

const hosts = (depth: number): z.ZodType<HostSelector> =>
  (depth === 0
    ? z.strictObject(hostCriteria)
    : z.strictObject({ ...hostCriteria, ...combined(hosts(depth - 1)) })
  )
    .refine(isNotEmpty, notEmpty)
    .meta({ minProperties: 1 });

/** Servers, as data: in rules of an operator and in goals. */
export const serverSelectorSchema = servers(deepest);
/** Hosts, likewise. */
export const hostSelectorSchema = hosts(deepest);
export const placeKindSchema = z.enum(['host', 'rack', 'zone']);
