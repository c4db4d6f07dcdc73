import { MigrationItem, toMigration } from '../api/nova-migrations.ts';
import type { Rows } from '../table-rows.ts';
import type { Facts } from '../facts.ts';
import { parseItems } from '../replies.ts';

/** The table `migrations`: with the amounts of memory and disk that no list of the API shows. */
export const readMigrations = (rows: Rows): Facts => ({
  source: 'db:migrations',
  migrations: parseItems(MigrationItem, rows).flatMap((raw) => toMigration(raw) ?? []),
});
