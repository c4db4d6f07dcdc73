import type { Cloud } from '../../model/cloud.ts';
import { isInFlight, type Migration } from '../../model/migration.ts';
import type { Server } from '../../model/server.ts';
import { type Check, type Finding, problem, unknown, warning } from '../check.ts';
import { ageMs, hourMs, hours } from './age.ts';
import { readThem } from './migrations.ts';

/** Servers are in a state from which they can move. */
export const serverStates: Check = {
  id: 'server-states',
  looksAt: 'cloud',
  needed:
    'no server is in ERROR, waits for a confirmation for more than a day, or has a task that nobody carries out',
  why: 'such servers do not move, and one that waits for a confirmation holds room on two hosts (Nova API guide, server concepts)',
  fine: 'none is stuck',
  examine(cloud, { migrationsUnread }) {
    const moving = new Map(cloud.migrations.filter(isInFlight).map((each) => [each.server, each]));
    const servers = [...cloud.servers.values()];
    if (migrationsUnread !== true)
      return servers.flatMap((server) => ofServer(server, moving.get(server.id), cloud));
    const busy = servers.filter(
      ({ status, taskState }) => status === 'VERIFY_RESIZE' || taskState !== undefined,
    );
    return [
      ...servers.flatMap((server) => (server.status === 'ERROR' ? ofServer(server, undefined, cloud) : [])),
      ...busy.map((server) => unknown([placeOf(server)], 'is busy, and no migrations were read', readThem)),
    ];
  },
};

const placeOf = ({ id, name }: Server): string => (name === '' ? `server ${id}` : `server ${name} (${id})`);
const eventsOf = (id: string): string => `openstack server event list ${id}`;

/** Tasks that come with a migration record. */
const migrating = /^(?:migrating|resize_|rebuild_spawning$)/;

function ofServer(server: Server, migration: Migration | undefined, cloud: Cloud): readonly Finding[] {
  const { faultMessage, id, status, taskState } = server;
  const place = [placeOf(server)];
  if (status === 'ERROR') {
    const said = faultMessage === undefined ? '' : `: ${faultMessage.slice(0, 200)}`;
    return [
      warning(
        place,
        `is in ERROR${said}`,
        `openstack server event list ${id}; when the cause is settled: openstack server set --state active ${id}`,
      ),
    ];
  }
  if (status === 'VERIFY_RESIZE') {
    const age = migration === undefined ? undefined : ageMs(migration, cloud);
    if (age === undefined)
      return [unknown(place, 'waits for a confirmation, since when is not told', eventsOf(id))];
    return age < 24 * hourMs
      ? []
      : [
          warning(
            place,
            `waits for a confirmation since ${hours(age)}`,
            `openstack server migrate confirm ${id}, or revert`,
          ),
        ];
  }
  if (taskState !== undefined && migration === undefined && migrating.test(taskState))
    return [
      problem(
        place,
        `has the task ${taskState}, and no migration of it is under way`,
        `openstack server event list ${id}; then openstack server set --state active ${id}, which also ends the task`,
      ),
    ];
  return [];
}
