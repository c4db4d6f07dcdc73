import { describe, expect, it } from 'vitest';
import type { Call } from '../../../src/execute/driver.ts';
import { createNovaDriver } from '../../../src/execute/nova/nova-driver.ts';
import { OpenStackError } from '../../../src/openstack/openstack-error.ts';
import type { ApiCall, Session } from '../../../src/openstack/session.ts';
import { hostId, serverId } from '../../support/builders.ts';

/** A session that answers what is in the table, by method and path. */
function sessionOf(answers: Readonly<Record<string, unknown>>, max = '2.93') {
  const calls: ApiCall[] = [];
  const session: Session = {
    name: 'test',
    request(call) {
      calls.push(call);
      const answer = answers[`${call.method} ${call.path}`];
      if (answer instanceof Error) return Promise.reject(answer);
      return Promise.resolve({ status: 200, headers: {}, body: answer, requestId: 'req-1' });
    },
    has: () => Promise.resolve(true),
    endpoint: () => Promise.resolve(''),
    microversions: () => Promise.resolve({ min: '2.1', max }),
    identity: () => Promise.resolve({ user: 'u', roles: [] }),
    counts: () => ({ requests: calls.length, retries: 0, tokens: 0 }),
    close: () => undefined,
  };
  return { session, calls };
}

const error = (status: number, kind: OpenStackError['kind'], said: string): OpenStackError =>
  new OpenStackError({ kind, status, said, message: said, service: 'compute', call: '' });

const live: Call = {
  kind: 'live',
  server: serverId('s1'),
  from: hostId('h1'),
  to: hostId('h2'),
  microversion: '2.90',
  storage: 'block',
  forced: false,
};

const sent = async (call: Call, max?: string) => {
  const { session, calls } = sessionOf({}, max);
  await createNovaDriver(session).request(call);
  const { method, path, microversion, body } = calls[0] ?? {};
  return { method, path, microversion, body };
};

describe('a look', () => {
  it('puts server, migrations and actions together, the newest first', async () => {
    const { session } = sessionOf({
      'GET /servers/s1': {
        server: {
          id: 's1',
          status: 'ACTIVE',
          'OS-EXT-SRV-ATTR:host': 'h1',
          'OS-EXT-STS:vm_state': 'active',
          'OS-EXT-STS:task_state': null,
          flavor: { vcpus: 2, ram: 4096 },
        },
      },
      'GET /os-migrations': {
        migrations: [
          {
            id: 3,
            instance_uuid: 's1',
            status: 'completed',
            migration_type: 'live-migration',
            source_compute: 'h2',
            dest_compute: 'h1',
          },
          {
            id: 9,
            instance_uuid: 's1',
            status: 'error',
            migration_type: 'live-migration',
            source_compute: 'h1',
            dest_compute: null,
          },
          {
            id: 8,
            instance_uuid: 's2',
            status: 'running',
            migration_type: 'live-migration',
            source_compute: 'h1',
            dest_compute: 'h2',
          },
        ],
      },
      'GET /servers/s1/os-instance-actions': {
        instanceActions: [
          {
            request_id: 'req-b',
            action: 'live-migration',
            message: 'Error',
            start_time: '2026-01-02T00:00:00',
          },
          { request_id: 'req-a', action: 'create', message: null, start_time: '2026-01-01T00:00:00' },
        ],
      },
      'GET /servers/s1/os-instance-actions/req-b': {
        instanceAction: {
          message: 'Error',
          events: [
            {
              event: 'conductor_live_migrate_instance',
              result: 'Error',
              details: 'No valid host was found. ',
            },
            { event: 'compute_live_migration', result: 'Success', details: null },
          ],
        },
      },
    });

    expect(await createNovaDriver(session).look(serverId('s1'))).toEqual({
      server: { host: 'h1', status: 'ACTIVE', vmState: 'active', vcpus: 2, memoryMiB: 4096 },
      migrations: [
        { id: 9, type: 'live-migration', status: 'error', source: 'h1' },
        { id: 3, type: 'live-migration', status: 'completed', source: 'h2', destination: 'h1' },
      ].map((record) => ({ ...record, server: 's1' })),
      actions: [
        { requestId: 'req-b', action: 'live-migration', errors: ['No valid host was found. '] },
        { requestId: 'req-a', action: 'create', errors: [] },
      ],
    });
  });

  it('tells that a migration has failed whose reason is not written down yet', async () => {
    const event = { event: 'conductor_live_migrate_instance', result: null };
    const answers = (events: readonly object[]) => ({
      'GET /servers/s1': { server: { id: 's1', status: 'ACTIVE' } },
      'GET /os-migrations': { migrations: [{ id: 9, instance_uuid: 's1', status: 'error' }] },
      'GET /servers/s1/os-instance-actions': {
        instanceActions: [
          { request_id: 'req-c', action: 'stop', message: null, start_time: '2026-02-14T22:00:02' },
          { request_id: 'req-b', action: 'live-migration', message: null, start_time: '2026-02-14T22:00:01' },
        ],
      },
      'GET /servers/s1/os-instance-actions/req-b': { instanceAction: { message: null, events } },
    });
    const look = async (...events: readonly object[]) =>
      (await createNovaDriver(sessionOf(answers(events)).session).look(serverId('s1'))).actions[1];

    const plain = { requestId: 'req-b', action: 'live-migration', errors: [] };
    expect(await look(event)).toEqual({ ...plain, open: true });
    const ended = { ...event, result: 'Error', details: 'No valid host' };
    expect(await look(ended)).toEqual({ ...plain, errors: ['No valid host'] });
    // A host that was restarted in the middle never ends its own.
    const lost = { event: 'compute_live_migration', result: null };
    expect(await look({ ...ended, result: 'Success' }, lost)).toEqual(plain);
  });

  it('is spared by one request for the records that have changed, where the cloud knows it', async () => {
    const record = { id: 3, instance_uuid: 's1', status: 'running' };
    const answers = { 'GET /os-migrations': { migrations: [record] } };
    const { session, calls } = sessionOf(answers);
    const old = sessionOf(answers, '2.53');

    const changed = await createNovaDriver(session).changedSince(Date.parse('2026-02-14T22:00:00Z'));

    expect(changed).toEqual([{ id: 3, server: 's1', type: '', status: 'running' }]);
    expect(calls.map(({ query, microversion }) => ({ ...query, microversion }))).toEqual([
      { 'changes-since': '2026-02-14T22:00:00.000Z', limit: 1000, microversion: '2.80' },
    ]);
    expect(await createNovaDriver(old.session).changedSince(0)).toBeUndefined();
    expect(old.calls).toEqual([]);
  });

  it('tells a server that does not exist from a cloud that cannot be read', async () => {
    const gone = error(404, 'not-found', 'Instance s1 could not be found.');
    const empty = { 'GET /os-migrations': { migrations: [] } };
    const paths = ['GET /servers/s1', 'GET /servers/s1/os-instance-actions'];
    const deleted = sessionOf({ ...empty, ...Object.fromEntries(paths.map((path) => [path, gone])) });
    const broken = sessionOf({ ...empty, 'GET /servers/s1': error(503, 'server-error', 'busy') });

    expect(await createNovaDriver(deleted.session).look(serverId('s1'))).toEqual({
      migrations: [],
      actions: [],
    });
    await expect(createNovaDriver(broken.session).look(serverId('s1'))).rejects.toThrow('busy');
  });

  it('says nothing of cells where the API is too old, or hides them', async () => {
    const node = (host_node?: number) => ({
      'GET /servers/s1/topology': { nodes: [host_node === undefined ? {} : { host_node }] },
    });
    const cells = (answers: Readonly<Record<string, unknown>>, max?: string) =>
      createNovaDriver(sessionOf(answers, max).session).cells(serverId('s1'));

    expect(await cells(node(1))).toEqual([1]);
    expect(await cells(node())).toBeUndefined();
    expect(await cells(node(1), '2.60')).toBeUndefined();
  });
});

describe('a request', () => {
  it.each([
    ['2.24', false, { host: 'h2', block_migration: true, disk_over_commit: false }],
    ['2.25', true, { host: 'h2', block_migration: 'auto' }],
    ['2.30', true, { host: 'h2', block_migration: 'auto', force: true }],
    ['2.68', false, { host: 'h2', block_migration: 'auto' }],
  ])('to migrate live has the body of microversion %s (forced: %s)', async (microversion, forced, body) => {
    expect(await sent({ ...live, microversion, forced })).toEqual({
      method: 'POST',
      path: '/servers/s1/action',
      microversion,
      body: { 'os-migrateLive': body },
    });
  });

  it('ends a live migration by its record, queued ones where the API can', async () => {
    const end = { kind: 'abort', server: serverId('s1'), migration: 7 } as const;

    expect(await sent(end)).toMatchObject({
      method: 'DELETE',
      path: '/servers/s1/migrations/7',
      microversion: '2.65',
    });
    expect(await sent(end, '2.60')).toMatchObject({ microversion: '2.60' });
    expect(await sent({ ...end, kind: 'force-complete' })).toMatchObject({
      path: '/servers/s1/migrations/7/action',
      body: { force_complete: null },
    });
  });

  it('disables a service by its id, or by its host in old releases', async () => {
    const disable = {
      kind: 'disable',
      host: hostId('h1'),
      serviceId: 'u1',
      reason: 'r',
    } as const;

    expect(await sent({ ...disable, microversion: '2.53' })).toMatchObject({
      path: '/os-services/u1',
      body: { status: 'disabled', disabled_reason: 'r' },
    });
    expect(await sent({ ...disable, microversion: '2.1' })).toMatchObject({
      path: '/os-services/disable-log-reason',
      body: { host: 'h1', binary: 'nova-compute', disabled_reason: 'r' },
    });
  });

  it('that may have been carried out is lost; one that Nova refused is refused', async () => {
    const answer = (failure: OpenStackError) =>
      createNovaDriver(sessionOf({ 'POST /servers/s1/action': failure }).session).request(live);

    expect(await answer(error(409, 'conflict', 'it is locked'))).toEqual({
      kind: 'refused',
      status: 409,
      text: 'it is locked',
    });
    expect(await answer(error(0, 'lost', 'reset'))).toEqual({ kind: 'lost', text: 'reset' });
    expect(await answer(error(500, 'server-error', 'oops'))).toEqual({ kind: 'lost', text: 'oops' });
    expect(await answer(error(0, 'unreachable', 'no route'))).toMatchObject({ kind: 'refused' });
  });
});

it('the services of hosts that are forced down are down', async () => {
  const service = { id: 'u1', binary: 'nova-compute', status: 'enabled', state: 'up' };
  const { session } = sessionOf({
    'GET /os-services': {
      services: [
        { ...service, host: 'h1', forced_down: true, disabled_reason: null },
        { ...service, host: 'h2', status: 'disabled', disabled_reason: 'why' },
        { ...service, host: 'c1', binary: 'nova-conductor' },
      ],
    },
  });

  expect(await createNovaDriver(session).services()).toEqual([
    { host: 'h1', id: 'u1', status: 'enabled', state: 'down' },
    { host: 'h2', id: 'u1', status: 'disabled', state: 'up', reason: 'why' },
  ]);
});

describe('new servers', () => {
  it('are those made since a time that are there still, of all projects and pages', async () => {
    const created = '2026-02-14T22:00:05Z';
    const { session, calls } = sessionOf({
      'GET /servers/detail': {
        servers: [
          { id: 's1', name: 'new', status: 'ACTIVE', created, 'OS-EXT-SRV-ATTR:host': 'h1' },
          { id: 's2', name: 'old', status: 'ACTIVE', created: '2026-02-14T21:00:00Z' },
          { id: 's3', name: 'gone', status: 'DELETED', created },
          { id: 's4', name: 'nowhere', status: 'BUILD', created, 'OS-EXT-SRV-ATTR:host': null },
        ],
      },
    });

    expect(await createNovaDriver(session).newServers(Date.parse('2026-02-14T22:00:00Z'))).toEqual([
      { id: 's1', name: 'new', host: 'h1' },
      { id: 's4', name: 'nowhere' },
    ]);
    expect(calls[0]?.query).toEqual({
      all_tenants: 1,
      'changes-since': '2026-02-14T22:00:00.000Z',
      limit: 1000,
    });
  });

  it('are those of the same second too, as Nova tells no parts of it', async () => {
    const server = { id: 's1', name: 'new', status: 'ACTIVE', created: '2026-02-14T22:00:05Z' };
    const { session, calls } = sessionOf({ 'GET /servers/detail': { servers: [server] } });

    const found = await createNovaDriver(session).newServers(Date.parse('2026-02-14T22:00:05.250Z'));

    expect(found).toEqual([{ id: 's1', name: 'new' }]);
    expect(calls[0]?.query).toMatchObject({ 'changes-since': '2026-02-14T22:00:05.000Z' });
  });
});
