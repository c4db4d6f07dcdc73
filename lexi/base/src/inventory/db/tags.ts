import { z } from 'zod';
import type { Rows } from '../table-rows.ts';
import { type ServerId, serverId } from '../../model/ids.ts';
import { groupBy } from '../../shared/collections.ts';
import type { Facts, ServerFacts } from '../facts.ts';
import { parseItems } from '../replies.ts';

const Tag = z.object({ resource_id: z.string().min(1), tag: z.string() });

/** The table `tags`. */
export function readTags(rows: Rows): Facts {
  const servers = new Map<ServerId, ServerFacts>();
  for (const [id, of] of groupBy(parseItems(Tag, rows), (raw) => raw.resource_id)) {
    servers.set(serverId(id), { tags: of.map(({ tag }) => tag) });
  }
  return { source: 'db:tags', servers };
}
