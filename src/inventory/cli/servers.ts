import { z } from 'zod';
import { readServers, toRequestedAz } from '../api/nova-servers.ts';
import { type HostId, hostId, type ServerId, serverId } from '../../model/ids.ts';
import type { Facts, ServerFacts } from '../facts.ts';
import { mapIf, present } from '../present.ts';
import { type Item, parseEach, parseItems, type ReplyById, toPowerState } from '../replies.ts';
import { maybe } from '../nova-formats/maybe.ts';
import { vmStateOf } from '../nova-formats/server-status.ts';
import { inApiWords, nameAndId, propertiesOf, withMembers } from './columns.ts';

/** What the client prints in place of an image's name and id. */
const bootedFromVolume = 'N/A (booted from volume)';

/** `openstack server show`: the API's reply with some members under other names. */
export function readShownServers(shown: readonly ReplyById[]): Facts {
  const items = shown.map((item) =>
    withMembers(
      inApiWords(item, {
        project_id: 'tenant_id',
        properties: 'metadata',
        volumes_attached: 'os-extended-volumes:volumes_attached',
      }),
      ({ flavor, image, metadata, tags }) => ({
        image: toImage(image),
        flavor: toFlavor(flavor),
        metadata: propertiesOf(metadata),
        tags: typeof tags === 'string' ? tags.split(/,\s*/).filter((tag) => tag !== '') : tags,
      }),
    ),
  );
  return { ...readServers(items), source: 'cli:servers' };
}

/** Name and id in one text, or the object that `server show` of newer clients passes on. */
function toImage(image: unknown): unknown {
  if (typeof image !== 'string') return image;
  return image === bootedFromVolume || image === '' ? '' : { id: nameAndId(image)?.id ?? image };
}

/** The embedded flavor since 2.47; before, today's name and id in one text. */
function toFlavor(flavor: unknown): unknown {
  if (typeof flavor !== 'string') return flavor;
  const parts = nameAndId(flavor);
  return parts === undefined ? { original_name: flavor } : { original_name: parts.name, id: parts.id };
}

/** `openstack server list --all-projects --long`: `Flavor` is a name; `Host Status` and others come and go. */
const Row = z.object({
  ID: z.string().min(1),
  Name: maybe(z.string()),
  Status: z.string(),
  'Task State': maybe(z.string()),
  'Power State': maybe(z.union([z.number(), z.string()])),
  'Image ID': maybe(z.string()),
  Flavor: maybe(z.string()),
  'Flavor Name': maybe(z.string()),
  Host: z.string().nullish(),
  Properties: z.unknown(),
  'Pinned Availability Zone': z.string().nullish(),
});

export function readServerList(rows: readonly Item[]): Facts {
  const servers = new Map<ServerId, ServerFacts>();
  for (const raw of parseItems(Row, rows)) servers.set(serverId(raw.ID), toFacts(raw));
  return { source: 'cli:server-list', servers };
}

const texts = z.record(z.string(), z.string());

function toFacts(raw: z.infer<typeof Row>): ServerFacts {
  const zone = raw['Pinned Availability Zone'];
  const task = raw['Task State'];
  const image = raw['Image ID'];
  return present({
    name: raw.Name ?? raw.ID,
    flavorRef: mapIf(raw.Flavor ?? raw['Flavor Name'], (name) => ({ name: nameAndId(name)?.name ?? name })),
    image:
      image === undefined || image === ''
        ? undefined
        : image === bootedFromVolume
          ? { kind: 'none' as const }
          : { kind: 'image' as const, id: image },
    states: present({
      status: raw.Status,
      vmState: vmStateOf(raw.Status),
      // old clients print the word
      taskState: task === 'None' ? undefined : task,
      powerState: toPowerState(typeof raw['Power State'] === 'number' ? raw['Power State'] : undefined),
    }),
    location: locationOf(raw.Host),
    metadata: texts.safeParse(propertiesOf(raw.Properties)).data,
    requestedAz: zone === undefined ? undefined : toRequestedAz(zone),
  });
}

/** Only administrators are shown hosts: no column is no answer. */
function locationOf(host: string | null | undefined): { readonly on?: HostId } | undefined {
  if (host === undefined) return undefined;
  return host === null || host === '' || host === 'None' ? {} : { on: hostId(host) };
}

const Volume = z.object({ 'Volume ID': z.string().min(1) });

/** `openstack server volume list` of single servers. */
export function readVolumeLists(
  lists: readonly { readonly id: string; readonly rows: readonly Item[] }[],
): Facts {
  const servers = new Map<ServerId, ServerFacts>();
  for (const { id, rows } of lists) {
    servers.set(serverId(id), {
      volumes: parseEach(Volume, rows, (raw) => ({ id: raw['Volume ID'] })),
    });
  }
  return { source: 'cli:volumes', servers };
}
