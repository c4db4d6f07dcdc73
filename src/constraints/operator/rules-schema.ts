import { z } from 'zod';
import type {
  HostCriteria,
  HostSelector,
  OperatorRule,
  RulesDocument,
  ServerCriteria,
  ServerSelector,
} from './document.ts';

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

const serverSelector = servers(deepest);
const hostSelector = hosts(deepest);

type Of<Kind extends OperatorRule['kind']> = ShapeOf<Extract<OperatorRule, { readonly kind: Kind }>>;

const base = {
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'a name of letters, digits, dots, _ and -'),
  note: z.string().max(longest).exactOptional(),
};
const per = z.enum(['host', 'rack', 'zone']);
const count = (least: number) => z.int().min(least).max(1_000_000);

const rule = z.discriminatedUnion('kind', [
  z.strictObject({
    ...base,
    kind: z.literal('fence'),
    servers: serverSelector,
    hosts: hostSelector,
  } satisfies Of<'fence'>),
  z.strictObject({
    ...base,
    kind: z.literal('ban'),
    servers: serverSelector,
    hosts: hostSelector,
  } satisfies Of<'ban'>),
  z.strictObject({
    ...base,
    kind: z.literal('among'),
    servers: serverSelector,
    groups: z.array(hostSelector).min(1).max(1000),
  } satisfies Of<'among'>),
  z.strictObject({
    ...base,
    kind: z.literal('keep-apart'),
    servers: serverSelector,
    per: per.exactOptional(),
    atMost: count(1).exactOptional(),
  } satisfies Of<'keep-apart'>),
  z.strictObject({
    ...base,
    kind: z.literal('spread'),
    servers: serverSelector,
    per,
    atLeast: count(2),
  } satisfies Of<'spread'>),
  z.strictObject({ ...base, kind: z.literal('near'), servers: serverSelector, per } satisfies Of<'near'>),
  z.strictObject({
    ...base,
    kind: z.literal('max-servers'),
    servers: serverSelector.exactOptional(),
    hosts: hostSelector.exactOptional(),
    atMost: count(0),
  } satisfies Of<'max-servers'>),
]);

/** Rules as data: the file of `--rules`, and what a plan keeps of it. */
export const rulesSchema: z.ZodType<RulesDocument> = z.strictObject({
  formatVersion: z.literal(1),
  kind: z.literal('rules'),
  rules: z.array(rule).min(1).max(1000),
} satisfies ShapeOf<RulesDocument>);
