import { z } from 'zod';
import type { Aggregate } from '../../model/aggregate.ts';
import { aggregateId, hostId } from '../../model/ids.ts';
import type { Facts } from '../facts.ts';
import { type Item, parseItems } from '../replies.ts';

/** `GET /os-aggregates`; `uuid` since 2.41. */
const AggregateItem = z.object({
  id: z.int(),
  uuid: z.string().min(1).optional(),
  name: z.string(),
  hosts: z.array(z.string().min(1)),
  metadata: z.record(z.string(), z.string()),
});

export function readAggregates(items: readonly Item[]): Facts {
  const aggregates = parseItems(AggregateItem, items).map((raw): Aggregate => ({
    id: aggregateId(raw.uuid ?? String(raw.id)),
    name: raw.name,
    hosts: raw.hosts.map(hostId),
    metadata: raw.metadata,
  }));
  return { source: 'api:nova-aggregates', aggregates };
}
