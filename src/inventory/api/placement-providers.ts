import { z } from 'zod';
import { providerId } from '../../model/ids.ts';
import type { ResourceInventory, ResourceProvider } from '../../model/placement.ts';
import { compareText } from '../../shared/collections.ts';
import type { Gap } from '../document/cloud-records.ts';
import type { Facts } from '../facts.ts';
import { present } from '../present.ts';
import { type Item, parseItems } from '../replies.ts';
import { maybe } from '../nova-formats/maybe.ts';

/** `GET /resource_providers`; parents since 1.14. */
const Provider = z.object({
  uuid: z.string().min(1),
  name: z.string(),
  generation: z.int().min(0).optional(),
  parent_provider_uuid: maybe(z.string()),
});

const Inventories = z.object({
  inventories: z.record(
    z.string(),
    z.object({
      total: z.int().min(0),
      reserved: z.int().min(0).default(0),
      min_unit: z.int().min(0).default(1),
      max_unit: z.int().min(0),
      step_size: z.int().min(1).default(1),
      allocation_ratio: z.number().positive().default(1),
    }),
  ),
});

const Traits = z.object({ traits: z.array(z.string()) });

/** Aggregates since 1.1; an object with a generation since 1.19. */
const Aggregates = z.object({ aggregates: z.array(z.string()) });

/** The replies about one provider. */
export interface ProviderReplies {
  readonly inventories: Item | undefined;
  readonly traits: Item | undefined;
  readonly aggregates: Item | undefined;
}

/** Resource providers with their inventories, traits and aggregates: what Nova's scheduler asks first. */
export function readProviders(items: readonly Item[], of: (provider: string) => ProviderReplies): Facts {
  const gaps: Gap[] = [];
  const providers = parseItems(Provider, items).flatMap((raw) => {
    const replies = of(raw.uuid);
    if (replies.inventories === undefined || replies.traits === undefined) {
      gaps.push({
        code: 'placement.provider',
        summary: `inventories or traits of resource provider ${raw.name} are missing: it is left out`,
        hint: 'record GET /resource_providers/{id}/inventories and /traits of every provider',
      });
      return [];
    }
    return [toProvider(raw, replies.inventories, replies.traits, replies.aggregates)];
  });
  const lonely = providers.filter(({ id }) => of(id).aggregates === undefined).length;
  if (lonely > 0)
    gaps.push({
      code: 'placement.aggregates',
      summary: `aggregates of ${lonely} of ${providers.length} resource providers are missing: whether they share storage is not known`,
      hint: 'record GET /resource_providers/{id}/aggregates of every provider',
    });
  return { source: 'api:placement', providers, gaps };
}

function toProvider(
  raw: z.infer<typeof Provider>,
  inventories: Item,
  traits: Item,
  aggregates: Item | undefined,
): ResourceProvider {
  const parent = raw.parent_provider_uuid;
  return present({
    id: providerId(raw.uuid),
    name: raw.name,
    parent: typeof parent === 'string' ? providerId(parent) : undefined,
    generation: raw.generation,
    inventories: new Map(parseItems(Inventories, [inventories]).flatMap(inventoriesOf)),
    traits: new Set(parseItems(Traits, [traits]).flatMap((reply) => reply.traits.toSorted(compareText))),
    aggregates: parseItems(Aggregates, aggregates === undefined ? [] : [aggregates])
      .flatMap((reply) => reply.aggregates)
      .sort(compareText),
  });
}

const inventoriesOf = (reply: z.infer<typeof Inventories>): [string, ResourceInventory][] =>
  Object.entries(reply.inventories)
    .sort(([a], [b]) => compareText(a, b))
    .map(([resourceClass, raw]) => [
      resourceClass,
      {
        total: raw.total,
        reserved: raw.reserved,
        allocationRatio: raw.allocation_ratio,
        minUnit: raw.min_unit,
        maxUnit: raw.max_unit,
        stepSize: raw.step_size,
      },
    ]);
