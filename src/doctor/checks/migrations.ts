import type { Cloud } from '../../model/cloud.ts';
import { isUp } from '../../model/host.ts';
import { isInFlight, type Migration } from '../../model/migration.ts';
import { type Check, type Finding, problem, unknown, warning } from '../check.ts';
import { ageMs, hourMs, hours } from './age.ts';

/** What to do where no migrations were read. */
export const readThem = 'record GET /os-migrations, or the table migrations';

/** Statuses that are gone again in no time, unless somebody died on the way. */
const short = new Set([
  'accepted',
  'confirming',
  'reverting',
  'pre-migrating',
  'post-migrating',
  'preparing',
]);

/** No migration hangs. */
export const migrations: Check = {
  id: 'stuck-migrations',
  looksAt: 'cloud',
  needed: 'no migration stands still: short states end within an hour, copies within a day',
  why: 'a migration holds room at both ends until it ends, and its server refuses others; a nova-compute that was restarted leaves it so (Nova, migration states)',
  fine: 'none stands still',
  examine: (cloud, { migrationsUnread }) =>
    migrationsUnread === true
      ? [unknown(['migrations'], 'none were read', readThem)]
      : cloud.migrations.filter(isInFlight).flatMap((migration) => ofMigration(migration, cloud)),
};

function ofMigration(migration: Migration, cloud: Cloud): readonly Finding[] {
  const { destination, id, server, source, status, type } = migration;
  const age = ageMs(migration, cloud);
  const place = [`migration ${id} (${type} of server ${server})`];
  if (status === 'done') {
    const from = source === undefined ? undefined : cloud.hosts.get(source);
    return from === undefined || !isUp(from.service)
      ? []
      : [
          warning(
            place,
            `the evacuated host ${from.id} is up again and has not cleaned up`,
            'restart nova-compute there: it removes what it has lost',
          ),
        ];
  }
  if (status === 'finished') return [];
  if (age === undefined)
    return [unknown(place, `is ${status}, since when is not told`, `openstack server event list ${server}`)];
  const most = short.has(status) ? hourMs : 24 * hourMs;
  if (age < most) return [];
  const next = `openstack server event list ${server}; look for its request id in the logs of ${[source, destination].filter((host) => host !== undefined).join(' and ')}`;
  return [problem(place, `is ${status} since ${hours(age)}`, next)];
}
