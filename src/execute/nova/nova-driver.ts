import type { ServerId } from '../../model/ids.ts';
import { isInFlight } from '../../model/migration.ts';
import { chooseMicroversion } from '../../openstack/microversion.ts';
import { OpenStackError } from '../../openstack/openstack-error.ts';
import type { Session } from '../../openstack/session.ts';
import { pages } from '../../openstack/pages.ts';
import type {
  ActionSeen,
  Answer,
  Call,
  Driver,
  Look,
  MigrationSeen,
  NewServer,
  ServerSeen,
} from '../driver.ts';
import {
  actionsIn,
  cellsIn,
  errorsIn,
  isOpen,
  migrationsIn,
  newServersIn,
  serverIdsIn,
  serverIn,
  servicesIn,
} from './replies.ts';
import { requestOf } from './requests.ts';
import { groupMembers, hasRoom } from './room.ts';

/** The newest microversion that each read uses; older clouds get their own newest. */
const newest = {
  server: '2.90',
  migrations: '2.80',
  actions: '2.84',
  services: '2.69',
  topology: '2.78',
  endEarly: '2.65',
};

/** So many of the newest actions are asked what went wrong with them. */
const actionsRead = 4;
const actionsOf = (id: ServerId): string => `/servers/${encodeURIComponent(id)}/os-instance-actions`;

/** Actions with a migration record. */
const moves = new Set(['live-migration', 'migrate', 'evacuate']);
/** As many migration records as one page may hold. */
const mostRecords = 1000;

/**
 * A cloud by its compute API. Reads reject with `OpenStackError`; a request that may have been carried out all the same
 * is answered `lost`.
 */
export function createNovaDriver(session: Session): Driver {
  const version = async (wanted: string, least = '2.1'): Promise<string | undefined> =>
    chooseMicroversion(await session.microversions('compute'), wanted, least);

  const get = async (
    path: string,
    wanted: string,
    query: Readonly<Record<string, string | number>> = {},
  ): Promise<unknown> => {
    const microversion = await version(wanted);
    const call = { service: 'compute', method: 'GET', path, query } as const;
    return (await session.request({ ...call, ...(microversion !== undefined && { microversion }) })).body;
  };

  const server = (id: ServerId): Promise<ServerSeen | undefined> =>
    orAbsent(async () => serverIn(await get(`/servers/${encodeURIComponent(id)}`, newest.server)));

  const actions = async (id: ServerId): Promise<ReturnType<typeof actionsIn>> => {
    const found = await orAbsent(async () => actionsIn(await get(actionsOf(id), newest.actions)));
    return found ?? [];
  };

  const withErrors = async (
    id: ServerId,
    { requestId, action, failed }: Awaited<ReturnType<typeof actions>>[number],
    hasEnded: boolean,
  ): Promise<ActionSeen> => {
    if (!failed && !hasEnded) return { requestId, action, errors: [] };
    const detail = await get(`${actionsOf(id)}/${encodeURIComponent(requestId)}`, newest.actions);
    return { requestId, action, errors: errorsIn(detail), ...(hasEnded && isOpen(detail) && { open: true }) };
  };

  const look = async (id: ServerId): Promise<Look> => {
    const [seen, records, listed] = await Promise.all([
      server(id),
      get('/os-migrations', newest.migrations, { instance_uuid: id }),
      actions(id),
    ]);
    // Old releases do not know the filter.
    const migrations = migrationsIn(records).filter((record) => record.server === id);
    // A record tells of a failure before its action does.
    const move = hasFailed(migrations[0]) ? listed.find(({ action }) => moves.has(action)) : undefined;
    const done = listed.map((one, index) =>
      withErrors(id, { ...one, failed: one.failed && index < actionsRead }, one === move),
    );
    return { migrations, actions: await Promise.all(done), ...(seen !== undefined && { server: seen }) };
  };

  return {
    look,
    requests: () => session.counts().requests,
    services: async () => servicesIn(await get('/os-services', newest.services, { binary: 'nova-compute' })),
    async changedSince(time) {
      if ((await version(newest.migrations, '2.59')) === undefined) return undefined;
      const query = { 'changes-since': new Date(time).toISOString(), limit: mostRecords };
      return migrationsIn(await get('/os-migrations', newest.migrations, query));
    },
    async inFlight() {
      const paged = await version(newest.migrations, '2.59');
      const query = paged === undefined ? {} : { limit: mostRecords };
      return migrationsIn(await get('/os-migrations', newest.migrations, query)).filter(isInFlight);
    },
    async newServers(time) {
      const second = Math.floor(time / 1000) * 1000; // Nova keeps no parts of it
      const query = { all_tenants: 1, 'changes-since': new Date(second).toISOString() };
      const microversion = await version(newest.server);
      const listing = { service: 'compute', method: 'GET', path: '/servers/detail', query } as const;
      const call = { ...listing, member: 'servers', limit: mostRecords };
      const found: NewServer[] = [];
      for await (const { body } of pages(session, {
        ...call,
        ...(microversion !== undefined && { microversion }),
      }))
        found.push(...newServersIn(body, second));
      return found;
    },
    serversOn: async (host) => serverIdsIn(await get('/servers', newest.server, { all_tenants: 1, host })),
    hasRoom: (_, host, amounts) => hasRoom(session, host, amounts),
    groupMembers: (group) => groupMembers(session, group),
    async cells(id) {
      if ((await version(newest.topology, newest.topology)) === undefined) return undefined;
      return cellsIn(await get(`/servers/${encodeURIComponent(id)}/topology`, newest.topology));
    },
    request: async (call) => answerOf(session, call, (await version(newest.endEarly)) ?? '2.24'),
  };
}

const hasFailed = (record: MigrationSeen | undefined): boolean =>
  record?.status === 'error' || record?.status === 'failed';

async function orAbsent<Value>(read: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof OpenStackError && error.kind === 'not-found') return undefined;
    throw error;
  }
}

async function answerOf(session: Session, call: Call, early: string): Promise<Answer> {
  try {
    const { requestId } = await session.request(requestOf(call, early));
    return { kind: 'accepted', ...(requestId !== undefined && { requestId }) };
  } catch (error) {
    if (!(error instanceof OpenStackError)) throw error;
    const text = error.said ?? error.message;
    if (error.mayHaveHappened) return { kind: 'lost', text };
    return { kind: 'refused', text, ...(error.status !== undefined && { status: error.status }) };
  }
}
