import { z } from 'zod';
import type { Rows } from '../table-rows.ts';
import { hostId, type ServerId, serverId } from '../../model/ids.ts';
import type { Facts, ServerFacts } from '../facts.ts';
import { mapIf, present } from '../present.ts';
import { parseItems, toInstant, toPowerState } from '../replies.ts';
import { statusOf } from '../nova-formats/server-status.ts';
import { maybe } from '../nova-formats/maybe.ts';

/** The table `instances`, and that of cell0 for servers that never found a host. */
const Instance = z.object({
  uuid: z.string().min(1),
  display_name: maybe(z.string()),
  project_id: z.string().min(1),
  host: maybe(z.string().min(1)),
  launched_on: maybe(z.string().min(1)),
  vm_state: maybe(z.string()),
  task_state: maybe(z.string()),
  power_state: maybe(z.int()),
  image_ref: z.string().nullish(),
  config_drive: maybe(z.string()),
  locked: maybe(z.union([z.int(), z.boolean()])),
  launched_at: maybe(z.string()),
  updated_at: maybe(z.string()),
});

export function readInstances(rows: Rows): Facts {
  const servers = new Map<ServerId, ServerFacts>();
  const seenAt: string[] = [];
  for (const raw of parseItems(Instance, rows)) {
    if (raw.vm_state === 'deleted') continue;
    servers.set(serverId(raw.uuid), toFacts(raw));
    seenAt.push(...[toInstant(raw.updated_at)].filter((at) => at !== undefined));
  }
  return { source: 'db:instances', servers, seenAt };
}

function toFacts(raw: z.infer<typeof Instance>): ServerFacts {
  const { image_ref: image, locked, config_drive: configDrive } = raw;
  const vmState = raw.vm_state ?? 'building';
  const taskState = raw.task_state;
  return present({
    name: raw.display_name ?? raw.uuid,
    projectId: raw.project_id,
    location: present({ on: mapIf(raw.host, hostId) }),
    launchedOn: mapIf(raw.launched_on, hostId),
    states: present({
      status: statusOf(vmState, taskState),
      vmState,
      taskState,
      powerState: toPowerState(raw.power_state),
    }),
    image: toImage(image),
    // cell0 dumps may leave columns out: absent is unknown there
    configDrive: configDrive === undefined ? undefined : configDrive === 'True' || configDrive === '1',
    lock: mapIf(locked, (raw) => ({ locked: Boolean(raw) })),
    launchedAt: toInstant(raw.launched_at),
  });
}

function toImage(image: string | null | undefined): ServerFacts['image'] {
  if (image === undefined) return undefined;
  return image === null || image === '' ? { kind: 'none' } : { kind: 'image', id: image };
}
