import { z } from 'zod';
import type { Rows } from '../table-rows.ts';
import { type ServerId, serverId } from '../../model/ids.ts';
import { groupBy } from '../../shared/collections.ts';
import type { Facts, ServerFacts } from '../facts.ts';
import { present } from '../present.ts';
import { parseItems } from '../replies.ts';
import { maybe } from '../nova-formats/maybe.ts';

const Metadata = z.object({
  instance_uuid: z.string().min(1),
  key: z.string(),
  value: maybe(z.string()),
});

const prefix = 'image_';

/** Members of the image itself that Nova keeps beside the properties. */
const own = new Set(['base_image_ref', 'container_format', 'disk_format', 'min_disk', 'min_ram']);

/** The table `instance_system_metadata`: the image's properties as the server was made from them. */
export function readInstanceSystemMetadata(rows: Rows): Facts {
  const servers = new Map<ServerId, ServerFacts>();
  for (const [id, of] of groupBy(parseItems(Metadata, rows), (raw) => raw.instance_uuid)) {
    const properties = Object.fromEntries(
      of
        .filter(({ key, value }) => key.startsWith(prefix) && typeof value === 'string')
        .map(({ key, value }) => [key.slice(prefix.length), value ?? ''] as const)
        .filter(([name]) => !own.has(name)),
    );
    servers.set(
      serverId(id),
      // since Wallaby Nova records the machine type here when a server starts
      present({ imageProperties: properties, machineType: properties['hw_machine_type'] }),
    );
  }
  return { source: 'db:instance_system_metadata', servers };
}
