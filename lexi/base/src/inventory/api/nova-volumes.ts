import { z } from 'zod';
import { type ServerId, serverId } from '../../model/ids.ts';
import type { Volume } from '../../model/server.ts';
import type { Facts, ServerFacts } from '../facts.ts';
import { parseEach, type ReplyById } from '../replies.ts';

/** `GET /servers/{id}/os-volume_attachments`. */
const Attachments = z.object({ volumeAttachments: z.array(z.object({ volumeId: z.string().min(1) })) });

export function readVolumeAttachments(items: readonly ReplyById[]): Facts {
  const servers = new Map<ServerId, ServerFacts>();
  parseEach(Attachments, items, ({ volumeAttachments }, { id }) => {
    servers.set(serverId(id), {
      volumes: volumeAttachments.map(({ volumeId }): Volume => ({ id: volumeId })),
    });
  });
  return { source: 'api:nova-volumes', servers };
}
