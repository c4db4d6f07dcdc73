import { z } from 'zod';
import {
  hostSelectorSchema as hostSelector,
  placeKindSchema as per,
  serverSelectorSchema as serverSelector,
} from '../../model/selector-schema.ts';
import type { OperatorRule, RulesDocument } from './document.ts';

/** Every member of an interface, the optional ones too: a schema cannot forget one. */
type ShapeOf<Value> = { readonly [Member in keyof Value]-?: z.ZodType };

type Of<Kind extends OperatorRule['kind']> = ShapeOf<Extract<OperatorRule, { readonly kind: Kind }>>;

const base = {
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'a name of letters, digits, dots, _ and -'),
  note: z.string().max(1024).exactOptional(),
};
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
