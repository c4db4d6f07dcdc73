import { z } from 'zod';
import { hostId, serverId } from '../../model/ids.ts';
import type { Facts, MigrationFacts } from '../facts.ts';
import { mapIf, present } from '../present.ts';
import { bytesToMiB, type Item, parseItems, toInstant } from '../replies.ts';
import { maybe } from '../nova-formats/maybe.ts';

const type = z.enum(['live-migration', 'migration', 'resize', 'evacuation']);
const bytes = maybe(z.int().min(0));

/**
 * `GET /os-migrations` (type since 2.23, uuid since 2.59), `GET /servers/{id}/migrations` (live ones in progress,
 * with their progress) and the rows of the database, which hold the members of both.
 */
export const MigrationItem = z.object({
  id: z.int().min(0),
  uuid: maybe(z.string()),
  instance_uuid: maybe(z.string()),
  server_uuid: maybe(z.string()),
  status: maybe(z.string()),
  migration_type: maybe(type),
  source_compute: maybe(z.string()),
  dest_compute: maybe(z.string()),
  old_instance_type_id: maybe(z.int()),
  new_instance_type_id: maybe(z.int()),
  created_at: maybe(z.string()),
  updated_at: maybe(z.string()),
  memory_total: bytes,
  memory_processed: bytes,
  disk_total: bytes,
  memory_total_bytes: bytes,
  memory_processed_bytes: bytes,
  disk_total_bytes: bytes,
});

/** Every migration record of the lists; `live` are those of single servers, all of them live migrations. */
export function readMigrations(items: readonly Item[], live: readonly Item[]): Facts {
  const migrations = [
    ...parseItems(MigrationItem, items).flatMap((raw) => toMigration(raw) ?? []),
    ...parseItems(MigrationItem, live).flatMap(
      (raw) => toMigration({ ...raw, migration_type: 'live-migration' }) ?? [],
    ),
  ];
  return { source: 'api:nova-migrations', migrations };
}

/** The record; `undefined` where it names no server or status. */
export function toMigration(raw: z.infer<typeof MigrationItem>): MigrationFacts | undefined {
  const server = raw.instance_uuid ?? raw.server_uuid;
  if (server === undefined || raw.status === undefined) return undefined;
  return present({
    id: raw.id,
    uuid: raw.uuid,
    server: serverId(server),
    type: raw.migration_type ?? guessType(raw),
    status: raw.status,
    source: mapIf(raw.source_compute, hostId),
    destination: mapIf(raw.dest_compute, hostId),
    createdAt: toInstant(raw.created_at),
    updatedAt: toInstant(raw.updated_at),
    memoryTotalMiB: mapIf(raw.memory_total ?? raw.memory_total_bytes, bytesToMiB),
    memoryProcessedMiB: mapIf(raw.memory_processed ?? raw.memory_processed_bytes, bytesToMiB),
    diskTotalMiB: mapIf(raw.disk_total ?? raw.disk_total_bytes, bytesToMiB),
  });
}

/** Records older than the type: two flavors make a resize. */
const guessType = (raw: z.infer<typeof MigrationItem>): MigrationFacts['type'] =>
  raw.old_instance_type_id === raw.new_instance_type_id ? 'migration' : 'resize';
