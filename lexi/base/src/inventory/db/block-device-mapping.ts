import { z } from 'zod';
import type { Rows } from '../table-rows.ts';
import { type ServerId, serverId } from '../../model/ids.ts';
import type { Volume } from '../../model/server.ts';
import { groupBy } from '../../shared/collections.ts';
import type { Facts, ServerFacts } from '../facts.ts';
import { present } from '../present.ts';
import { parseItems } from '../replies.ts';
import { maybe } from '../nova-formats/maybe.ts';

/** The table `block_device_mapping`: volumes with their size, and local disks. */
const Mapping = z.object({
  instance_uuid: z.string().min(1),
  destination_type: maybe(z.enum(['local', 'volume'])).catch(undefined),
  guest_format: maybe(z.string()),
  boot_index: maybe(z.int()),
  volume_id: maybe(z.string()),
  volume_size: maybe(z.int().min(0)),
  no_device: maybe(z.union([z.int(), z.boolean()])),
});

type Raw = z.infer<typeof Mapping>;

export function readBlockDeviceMapping(rows: Rows): Facts {
  const mappings = parseItems(Mapping, rows).filter((raw) => !Boolean(raw.no_device));
  const servers = new Map<ServerId, ServerFacts>();
  for (const [id, of] of groupBy(mappings, (raw) => raw.instance_uuid)) {
    servers.set(serverId(id), {
      bootFromVolume: of.some((raw) => raw.boot_index === 0 && raw.destination_type === 'volume'),
      volumes: of.flatMap((raw) => toVolume(raw) ?? []),
      localDisks: of.filter((raw) => raw.destination_type === 'local').map(toLocalDisk),
    });
  }
  return { source: 'db:block_device_mapping', servers };
}

const toVolume = (raw: Raw): Volume | undefined =>
  typeof raw.volume_id === 'string' ? present({ id: raw.volume_id, sizeGiB: raw.volume_size }) : undefined;

/** The size of a swap disk stands in another unit than the others', depending on who wrote it: the flavor tells. */
function toLocalDisk(raw: Raw): NonNullable<ServerFacts['localDisks']>[number] {
  if (raw.guest_format === 'swap') return { kind: 'swap' };
  const kind = raw.boot_index === 0 ? 'root' : 'ephemeral';
  return present({ kind, sizeGiB: raw.volume_size } as const);
}
