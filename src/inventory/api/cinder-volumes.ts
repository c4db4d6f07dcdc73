import { z } from 'zod';
import { type ServerId, serverId } from '../../model/ids.ts';
import type { Volume } from '../../model/server.ts';
import { groupBy } from '../../shared/collections.ts';
import type { Facts, ServerFacts } from '../facts.ts';
import { maybe } from '../nova-formats/maybe.ts';
import { present } from '../present.ts';
import { type Item, parseItems } from '../replies.ts';

/** `GET /v3/volumes/detail?all_tenants=1`; who serves a volume is told to administrators only. */
const RawVolume = z.object({
  id: z.string().min(1),
  size: maybe(z.int().min(0)),
  availability_zone: maybe(z.string().min(1)),
  'os-vol-host-attr:host': maybe(z.string().min(1)),
  volume_type: maybe(z.string().min(1)),
  multiattach: maybe(z.boolean()),
  encrypted: maybe(z.boolean()),
  attachments: maybe(z.array(z.object({ server_id: maybe(z.string().min(1)) }))),
});

/** What Cinder alone knows of volumes, and which servers it has attached them to. */
export function readVolumes(items: readonly Item[]): Facts {
  const raws = parseItems(RawVolume, items);
  const attached = raws.flatMap(({ attachments = [], id, size }) =>
    attachments.flatMap(({ server_id: server }) =>
      server === undefined ? [] : [{ server, volume: present({ id, sizeGiB: size }) }],
    ),
  );
  return {
    source: 'api:cinder-volumes',
    volumes: new Map(raws.map((raw) => [raw.id, toVolume(raw)])),
    servers: new Map<ServerId, ServerFacts>(
      [...groupBy(attached, ({ server }) => server)].map(([id, all]) => [
        serverId(id),
        { volumes: all.map(({ volume }) => volume) },
      ]),
    ),
  };
}

const toVolume = (raw: z.infer<typeof RawVolume>): Omit<Volume, 'id'> =>
  present({
    sizeGiB: raw.size,
    multiattach: raw.multiattach,
    availabilityZone: raw.availability_zone,
    backend: raw['os-vol-host-attr:host'],
    volumeType: raw.volume_type,
    encrypted: raw.encrypted,
  });
