import { z } from 'zod';
import { type ServerId, serverId } from '../../model/ids.ts';
import type { Volume } from '../../model/server.ts';
import type { Facts, ServerFacts } from '../facts.ts';
import { type Item, parseItems } from '../replies.ts';

/** `GET /servers/{id}/os-volume_attachments`. */
const Attachments = z.object({ volumeAttachments: z.array(z.object({ volumeId: z.string().min(1) })) });

export function readVolumeAttachments(items: readonly (Item & { readonly id: string })[]): Facts {
  const servers = new Map<ServerId, ServerFacts>();
  for (const [at, raw] of parseItems(Attachments, items).entries()) {
    const id = items[at]?.id;
    const volumes = raw.volumeAttachments.map(({ volumeId }): Volume => ({ id: volumeId }));
    if (id !== undefined) servers.set(serverId(id), { volumes });
  }
  return { source: 'api:nova-volumes', servers };
}
