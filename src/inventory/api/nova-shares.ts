import { z } from 'zod';
import { type ServerId, serverId } from '../../model/ids.ts';
import type { Facts, ServerFacts } from '../facts.ts';
import { parseEach, type ReplyById } from '../replies.ts';

/** `GET /servers/{id}/shares` (2.97). */
const Shares = z.object({ shares: z.array(z.object({ share_id: z.string().min(1) })) });

export function readShares(items: readonly ReplyById[]): Facts {
  const servers = new Map<ServerId, ServerFacts>();
  parseEach(Shares, items, ({ shares }, { id }) => {
    servers.set(serverId(id), { shares: shares.map((share) => share.share_id) });
  });
  return { source: 'api:nova-shares', servers };
}
