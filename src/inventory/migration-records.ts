import { isInFlight } from '../model/migration.ts';

/** How far back finished migrations are of use: they calibrate times. A cloud keeps the records of years. */
export const migrationDays = 30;

/** In Nova's words, of migrations that may hold something: `done` evacuations do until their host is back. */
export const openStatuses: readonly string[] = [
  'accepted',
  'queued',
  'preparing',
  'pre-migrating',
  'migrating',
  'running',
  'post-migrating',
  'finished',
  'confirming',
  'reverting',
  'done',
].filter((status) => isInFlight({ status }));
