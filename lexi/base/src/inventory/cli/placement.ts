import { z } from 'zod';
import { readAllocations } from '../api/placement-allocations.ts';
import { readProviders } from '../api/placement-providers.ts';
import type { Bundle } from '../bundle-files.ts';
import type { Facts } from '../facts.ts';
import { type Item, parseItems, type ReplyById } from '../replies.ts';
import { rowsById, rowsOf, shownById } from './cli-files.ts';

const Provider = z.object({ uuid: z.string().min(1), name: z.string() });
const InventoryRow = z.looseObject({ resource_class: z.string().min(1) });
const TraitRow = z.object({ name: z.string() });
const AggregateRow = z.object({ uuid: z.string() });
const UsageRow = z.object({ resource_class: z.string(), usage: z.int().min(0) });
const AllocationRow = z.object({
  resource_provider: z.string().min(1),
  resources: z.record(z.string(), z.int().min(0)),
});

/** `openstack resource provider …`: rows in place of Placement's objects; files go by a provider's name or its UUID. */
export function readCliProviders(bundle: Bundle): Facts | undefined {
  const listed = rowsOf(bundle, 'resource-provider-list');
  if (listed === undefined) return undefined;
  const idOf = idsByName(listed);
  const inventories = byProvider(bundle, 'resource-provider-inventory', idOf);
  const traits = byProvider(bundle, 'resource-provider-trait', idOf);
  const aggregates = byProvider(bundle, 'resource-provider-aggregate', idOf);
  const facts = readProviders(listed, (id) => ({
    inventories: reply(inventories.get(id), InventoryRow, (rows) => ({
      inventories: Object.fromEntries(rows.map((row) => [row.resource_class, row])),
    })),
    traits: reply(traits.get(id), TraitRow, (rows) => ({ traits: rows.map(({ name }) => name) })),
    aggregates: reply(aggregates.get(id), AggregateRow, (rows) => ({
      aggregates: rows.map(({ uuid }) => uuid),
    })),
  }));
  return { ...facts, source: 'cli:placement' };
}

/** `resource provider show --allocations`, `resource provider allocation show` of consumers, and `usage show`. */
export function readCliAllocations(bundle: Bundle): Facts | undefined {
  const listed = rowsOf(bundle, 'resource-provider-list') ?? [];
  const idOf = idsByName(listed);
  const byProviderShown = shownById(bundle, 'resource-provider-show-allocations');
  const byConsumer = rowsById(bundle, 'resource-provider-allocation');
  if (byProviderShown.length === 0 && byConsumer.length === 0) return undefined;
  const facts = readAllocations({
    byProvider: byProviderShown.map((item): ReplyById => ({ ...item, id: idOf.get(item.id) ?? item.id })),
    byConsumer: byConsumer.map(({ id, rows }): ReplyById => ({ ...heldBy(rows), id })),
    usages: [...byProvider(bundle, 'resource-provider-usage', idOf)].flatMap(([id, rows]): ReplyById[] => {
      const item = reply(rows, UsageRow, (all) => ({
        usages: Object.fromEntries(all.map((row) => [row.resource_class, row.usage])),
      }));
      return item === undefined ? [] : [{ ...item, id }];
    }),
    providers: listed.length,
  });
  return { ...facts, source: 'cli:placement' };
}

const heldBy = (rows: readonly Item[]): Item =>
  reply(rows, AllocationRow, (all) => ({
    allocations: Object.fromEntries(all.map((row) => [row.resource_provider, { resources: row.resources }])),
  })) ?? nothingHeld;

/** A consumer that holds nothing prints no row. */
const nothingHeld: Item = { source: 'cli', path: [], value: { allocations: {} } };

const idsByName = (listed: readonly Item[]): ReadonlyMap<string, string> =>
  new Map(parseItems(Provider, listed).map(({ name, uuid }) => [name, uuid]));

const byProvider = (
  bundle: Bundle,
  command: string,
  idOf: ReadonlyMap<string, string>,
): ReadonlyMap<string, readonly Item[]> =>
  new Map(rowsById(bundle, command).map(({ id, rows }) => [idOf.get(id) ?? id, rows]));

/** Rows as the one reply that Placement gave; `undefined` where there is no file. */
function reply<Schema extends z.ZodType>(
  rows: readonly Item[] | undefined,
  schema: Schema,
  toValue: (rows: z.output<Schema>[]) => unknown,
): Item | undefined {
  if (rows === undefined) return undefined;
  const [first] = rows;
  return { source: first?.source ?? 'cli', path: [], value: toValue(parseItems(schema, rows)) };
}
