import { z } from 'zod';
import { hostSelectorSchema, placeKindSchema, serverSelectorSchema } from '../model/selector-schema.ts';
import type { Goal, Term } from './goal.ts';

const amount = z.number().min(0).max(1e12);
const percent = z.number().min(0).max(100);
const resource = z.string().regex(/^[A-Z0-9_]+$/, 'a Placement resource class');
const resources = z.array(resource).min(1);
const name = z.string().min(1).max(255);

const priority = z.int().min(1).max(1000);
const prioritised = { priority: priority.exactOptional() };

const grouping = z.union([
  z.strictObject({ sets: z.array(serverSelectorSchema).min(1) }),
  z.strictObject({ each: z.enum(['group', 'project', 'flavor']) }),
  z.strictObject({ eachMetadata: name }),
]);

const hostsUsed = z.strictObject({
  kind: z.literal('hosts-used'),
  ...prioritised,
  weight: amount,
  prices: z.array(z.strictObject({ hosts: hostSelectorSchema, weight: amount })).exactOptional(),
});

const loadAbove = z.strictObject({
  kind: z.literal('load-above'),
  ...prioritised,
  weight: amount,
  resources,
  threshold: z.union([
    z.strictObject({ percent: z.number().min(0).max(10_000) }),
    z.strictObject({ amounts: z.array(z.strictObject({ hosts: hostSelectorSchema, amount })).min(1) }),
  ]),
});

const loadAboveMean = z.strictObject({
  kind: z.literal('load-above-mean'),
  ...prioritised,
  weight: amount,
  resources,
  thresholds: z.array(z.strictObject({ abovePercent: percent, slope: amount })).min(1),
});

const highestLoad = z.strictObject({
  kind: z.literal('highest-load'),
  ...prioritised,
  weight: amount,
  resource,
});

const strandedCapacity = z.strictObject({
  kind: z.literal('stranded-capacity'),
  ...prioritised,
  weight: amount,
  resource,
  needs: resource,
  target: amount,
});

const freeSlots = z.strictObject({
  kind: z.literal('free-slots'),
  ...prioritised,
  weight: amount,
  amounts: z
    .record(resource, z.number().positive().max(1e12))
    .refine((amounts) => Object.keys(amounts).length > 0, 'amounts of one resource class at least'),
  wanted: amount.exactOptional(),
  hosts: hostSelectorSchema.exactOptional(),
});

const spread = z.strictObject({
  kind: z.literal('spread'),
  ...prioritised,
  weight: amount,
  of: grouping,
  over: placeKindSchema,
  atLeast: z.int().min(1).max(1_000_000).exactOptional(),
});

const groupViolations = z.strictObject({
  kind: z.literal('group-violations'),
  ...prioritised,
  weight: amount,
  policies: z.array(z.enum(['affinity', 'anti-affinity', 'soft-affinity', 'soft-anti-affinity'])).min(1),
});

const closeness = z.strictObject({
  kind: z.literal('closeness'),
  ...prioritised,
  weight: amount,
  within: placeKindSchema,
  pairs: z.array(z.strictObject({ servers: serverSelectorSchema, near: serverSelectorSchema })).min(1),
});

const routeCost = z.strictObject({
  kind: z.literal('route-cost'),
  ...prioritised,
  weight: amount,
  routes: z.array(z.strictObject({ from: hostSelectorSchema, to: hostSelectorSchema, price: amount })).min(1),
});

const mostMoved = z.strictObject({
  kind: z.literal('most-moved'),
  ...prioritised,
  weight: amount,
  of: grouping,
});

const serversLeft = z.strictObject({
  kind: z.literal('servers-left'),
  ...prioritised,
  weight: amount,
  hosts: hostSelectorSchema,
  servers: serverSelectorSchema.exactOptional(),
});

const migrationCost = z.strictObject({
  kind: z.literal('migration-cost'),
  ...prioritised,
  perMove: amount,
  perGiB: amount,
  perDiskGiB: amount.exactOptional(),
  perDirtyMiBps: amount.exactOptional(),
  perMethod: z.strictObject({ live: amount.exactOptional(), cold: amount.exactOptional() }).exactOptional(),
  perDowntimeSecond: amount.exactOptional(),
  perMetadata: z.strictObject({ key: name, weight: amount }).exactOptional(),
  factors: z.array(z.strictObject({ servers: serverSelectorSchema, factor: amount })).exactOptional(),
});

const term: z.ZodType<Term> = z.discriminatedUnion('kind', [
  hostsUsed,
  loadAbove,
  loadAboveMean,
  highestLoad,
  strandedCapacity,
  freeSlots,
  spread,
  groupViolations,
  closeness,
  routeCost,
  mostMoved,
  serversLeft,
  migrationCost,
]);

/** Usage says nothing of whether Placement would take one server more. */
const countsSlotsAsPlacement = ({ loads, terms }: Goal): boolean =>
  loads === undefined || !terms.some(({ kind }) => kind === 'free-slots');

const tolerance = z
  .strictObject({ absolute: amount.exactOptional(), percent: percent.exactOptional() })
  .refine((given) => Object.keys(given).length > 0, 'a tolerance, absolute, in percent, or both');

/** Each entry is of a priority that terms have, and that others come after; none has two. */
function checkPriorities({ value, issues }: z.core.ParsePayload<Goal>): void {
  const known = [...new Set(value.terms.map((own) => own.priority ?? 1))].sort((a, b) => a - b);
  const seen = new Set<number>();
  for (const [index, { priority: named }] of (value.priorities ?? []).entries()) {
    const message = !known.includes(named)
      ? `no term has this priority: ${known.join(', ')}`
      : seen.has(named)
        ? 'this priority has an entry already'
        : named === known.at(-1)
          ? 'nothing comes after the last priority, so nothing is won by giving some of it away'
          : undefined;
    if (message !== undefined)
      issues.push({ code: 'custom', input: named, path: ['priorities', index, 'priority'], message });
    seen.add(named);
  }
}

/** A goal as data: `models/goals/*.json` and `--goal-file`. Nothing in it is negative: less is never worth more. */
export const goalSchema: z.ZodType<Goal> = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'a name of small letters, digits and hyphens'),
    description: z.string(),
    spareHosts: z.int().min(0).max(10_000),
    headroomPercent: z.int().min(0).max(99),
    disableEmptied: z.boolean(),
    loads: z
      .strictObject({ by: z.literal('usage'), marginPercent: z.int().min(0).max(1000) })
      .exactOptional(),
    terms: z.array(term).min(1),
    priorities: z.array(z.strictObject({ priority, tolerance })).exactOptional(),
  } satisfies Record<keyof Goal, z.ZodType>)
  .check(checkPriorities)
  .refine(countsSlotsAsPlacement, {
    path: ['loads'],
    message: 'free slots are what Placement would allocate: a goal with a term free-slots cannot count usage',
  });
