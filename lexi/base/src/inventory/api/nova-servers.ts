import { z } from 'zod';
import { hostId, type ServerId, serverId } from '../../model/ids.ts';
import type { Gap } from '../document/cloud-records.ts';
import type { Facts, ServerFacts } from '../facts.ts';
import { mapIf, present } from '../present.ts';
import { type Item, parseItems, toInstant, toPowerState } from '../replies.ts';
import { flavorAmounts, toAmounts } from './nova-flavors.ts';
import { maybe } from '../nova-formats/maybe.ts';

const flavor = flavorAmounts.extend({
  original_name: z.string().optional(),
  id: z.string().optional(),
  extra_specs: z.record(z.string(), z.string()).optional(),
});

/** `GET /servers/detail`, any microversion; `host` and its like only for administrators. */
const Server = z.object({
  id: z.string().min(1),
  name: maybe(z.string()),
  status: z.string(),
  tenant_id: z.string(),
  user_id: z.string().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  image: maybe(
    z.union([
      z.literal(''),
      z.object({ id: z.string(), properties: z.record(z.string(), z.unknown()).optional() }),
    ]),
  ),
  flavor: flavor.partial(),
  config_drive: maybe(z.union([z.string(), z.boolean()])),
  'OS-SRV-USG:launched_at': maybe(z.string()),
  'OS-EXT-SRV-ATTR:host': z.string().nullish(),
  'OS-EXT-STS:vm_state': maybe(z.string()),
  'OS-EXT-STS:task_state': maybe(z.string()),
  'OS-EXT-STS:power_state': maybe(z.number()),
  'os-extended-volumes:volumes_attached': z.array(z.object({ id: z.string() })).optional(),
  locked: maybe(z.boolean()),
  locked_reason: maybe(z.string()),
  tags: maybe(z.array(z.string())),
  pinned_availability_zone: z.string().nullish(),
  scheduler_hints: maybe(z.record(z.string(), z.union([z.string(), z.array(z.string())]))),
  fault: maybe(z.object({ message: z.string() })),
});

/** A cell that does not answer leaves rows of status UNKNOWN with next to nothing in them (2.69). */
const DownCellRow = z.object({ id: z.string(), status: z.literal('UNKNOWN') });

/** What the servers API tells. It does not tell the zone that was asked for before 2.96: only the present one. */
export function readServers(items: readonly Item[]): Facts {
  const gaps: Gap[] = [];
  const whole = items.filter(({ value }) => {
    const down = DownCellRow.safeParse(value);
    if (down.success && !Server.safeParse(value).success) {
      gaps.push({
        code: 'nova.down-cell',
        summary: `server ${down.data.id} is in a Nova cell that does not answer: left out`,
      });
      return false;
    }
    return true;
  });
  const servers = new Map<ServerId, ServerFacts>();
  for (const raw of parseItems(Server, whole)) servers.set(serverId(raw.id), toFacts(raw));
  return { source: 'api:nova-servers', servers, gaps };
}

type Raw = z.infer<typeof Server>;

function toFacts(raw: Raw): ServerFacts {
  return present({
    name: raw.name ?? raw.id,
    projectId: raw.tenant_id,
    ...flavorFacts(raw),
    ...imageFacts(raw),
    ...stateFacts(raw),
    ...requestFacts(raw),
    configDrive: mapIf(raw.config_drive, isTrue),
    launchedAt: toInstant(raw['OS-SRV-USG:launched_at']),
    volumes: raw['os-extended-volumes:volumes_attached']?.map(({ id }) => ({ id })),
    tags: raw.tags,
    metadata: raw.metadata,
    faultMessage: raw.fault?.message.slice(0, 1000),
  });
}

function flavorFacts({ flavor: raw }: Raw) {
  const { original_name: name, extra_specs: extraSpecs } = raw;
  const amounts = flavorAmounts.safeParse(raw);
  if (name !== undefined && extraSpecs !== undefined && amounts.success) {
    return { flavor: { name, ...toAmounts(amounts.data), extraSpecs } };
  }
  return { flavorRef: present({ id: raw.id, name }) };
}

function imageFacts({ image }: Raw) {
  if (image === undefined) return {};
  if (image === '') return { image: { kind: 'none' as const }, bootFromVolume: true };
  return present({
    image: { kind: 'image' as const, id: image.id },
    bootFromVolume: false,
    imageProperties: mapIf(image.properties, textOf),
  });
}

const textOf = (properties: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, String(value)]));

function stateFacts(raw: Raw) {
  const vmState = raw['OS-EXT-STS:vm_state'];
  const host = raw['OS-EXT-SRV-ATTR:host'];
  return present({
    states:
      typeof vmState === 'string'
        ? present({
            status: raw.status,
            vmState,
            taskState: raw['OS-EXT-STS:task_state'],
            powerState: toPowerState(raw['OS-EXT-STS:power_state']),
          })
        : undefined,
    // null: the server has no host; absent: we may not know (not an administrator)
    location: host === undefined ? undefined : present({ on: host === null ? undefined : hostId(host) }),
    lock:
      typeof raw.locked === 'boolean'
        ? present({ locked: raw.locked, reason: raw.locked_reason })
        : undefined,
  });
}

function requestFacts({ pinned_availability_zone: zone, scheduler_hints: hints }: Raw) {
  return present({
    requestedAz: zone === undefined ? undefined : toRequestedAz(zone),
    schedulerHints: mapIf(hints, toHints),
  });
}

/** The zone that a request named; Nova writes null when it named none. */
export const toRequestedAz = (zone: string | null): NonNullable<ServerFacts['requestedAz']> =>
  zone === null ? { kind: 'any' } : { kind: 'zone', name: zone };

/** Scheduler hints, each as a list. */
export const toHints = (
  hints: Readonly<Record<string, string | readonly string[]>>,
): Record<string, readonly string[]> =>
  Object.fromEntries(
    Object.entries(hints).map(([name, value]) => [name, typeof value === 'string' ? [value] : value]),
  );

const isTrue = (raw: string | boolean): boolean => raw === true || raw === 'True' || raw === '1';
