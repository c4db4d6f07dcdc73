import { z } from 'zod';
import type { Admin } from './admin.ts';
import { waitFor } from './wait.ts';

const Migration = z.object({
  id: z.int(),
  instance_uuid: z.string(),
  migration_type: z.string(),
  status: z.string(),
  source_compute: z.string().nullable(),
  dest_compute: z.string().nullable(),
});

export type ApiMigration = z.infer<typeof Migration>;

/** A server's migrations, newest first. */
export async function migrationsOf(admin: Admin, serverId: string): Promise<ApiMigration[]> {
  const Migrations = z.object({ migrations: z.array(Migration) });
  const { migrations } = await admin.read('compute', `/os-migrations?instance_uuid=${serverId}`, Migrations);
  return migrations.toSorted((one, other) => other.id - one.id);
}

/** Every migration the cloud has had, oldest first. */
export async function allMigrations(admin: Admin): Promise<ApiMigration[]> {
  const { migrations } = await admin.read(
    'compute',
    '/os-migrations',
    z.object({ migrations: z.array(Migration) }),
  );
  return migrations.toSorted((one, other) => one.id - other.id);
}

/** Waits until a server's newest migration has one of these states. */
export function migrationIs(
  admin: Admin,
  serverId: string,
  ...wanted: readonly string[]
): Promise<ApiMigration> {
  return waitFor({ what: `a migration of ${serverId} to be ${wanted.join(' or ')}` }, async () => {
    const [newest] = await migrationsOf(admin, serverId);
    return newest !== undefined && wanted.includes(newest.status) && newest;
  });
}
