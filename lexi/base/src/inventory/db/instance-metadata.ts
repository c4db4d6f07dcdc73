import { z } from 'zod';
import type { Rows } from '../table-rows.ts';
import { type ServerId, serverId } from '../../model/ids.ts';
import { groupBy } from '../../shared/collections.ts';
import type { Facts, ServerFacts } from '../facts.ts';
import { parseItems } from '../replies.ts';
import { maybe } from '../nova-formats/maybe.ts';

const Metadata = z.object({ instance_uuid: z.string().min(1), key: z.string(), value: maybe(z.string()) });

/** The table `instance_metadata`: what users attached. */
export function readInstanceMetadata(rows: Rows): Facts {
  const servers = new Map<ServerId, ServerFacts>();
  for (const [id, of] of groupBy(parseItems(Metadata, rows), (raw) => raw.instance_uuid)) {
    const metadata = Object.fromEntries(of.map(({ key, value }) => [key, value ?? '']));
    servers.set(serverId(id), { metadata });
  }
  return { source: 'db:instance_metadata', servers };
}
