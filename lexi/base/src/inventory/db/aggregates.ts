import { z } from 'zod';
import type { Rows } from '../table-rows.ts';
import type { Aggregate } from '../../model/aggregate.ts';
import { aggregateId, hostId } from '../../model/ids.ts';
import { groupBy } from '../../shared/collections.ts';
import type { Facts } from '../facts.ts';
import { parseItems } from '../replies.ts';
import { maybe } from '../nova-formats/maybe.ts';

const AggregateRow = z.object({ id: z.int(), uuid: maybe(z.string()), name: z.string() });
const HostRow = z.object({ aggregate_id: z.int(), host: z.string().min(1) });
const MetadataRow = z.object({ aggregate_id: z.int(), key: z.string(), value: z.string() });

/** The tables `aggregates`, `aggregate_hosts` and `aggregate_metadata` of the API database. */
export function readAggregates(aggregates: Rows, hosts: Rows, metadata: Rows): Facts {
  const hostsOf = groupBy(parseItems(HostRow, hosts), (row) => row.aggregate_id);
  const metadataOf = groupBy(parseItems(MetadataRow, metadata), (row) => row.aggregate_id);
  return {
    source: 'db:aggregates',
    aggregates: parseItems(AggregateRow, aggregates).map((row): Aggregate => ({
      id: aggregateId(row.uuid ?? String(row.id)),
      name: row.name,
      hosts: (hostsOf.get(row.id) ?? []).map(({ host }) => hostId(host)),
      metadata: Object.fromEntries((metadataOf.get(row.id) ?? []).map(({ key, value }) => [key, value])),
    })),
  };
}
