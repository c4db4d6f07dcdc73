import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { pages } from '../../src/openstack/pages.ts';
import { OpenStackError } from '../../src/openstack/openstack-error.ts';
import { Secret } from '../../src/openstack/secret.ts';
import { type FakeApi, ok, paged } from '../support/fake-openstack/fake-api.ts';
import { admin, password } from '../support/fake-openstack/keystone.ts';
import { adminOf, openFake } from '../support/fake-openstack/open.ts';
import { type FakeOpenStack, type FakeOptions, startFake } from '../support/fake-openstack/start.ts';

const servers = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id }));
const api: FakeApi = ({ method, path, query }) => {
  if (path === '/servers/detail') return paged('servers', servers, query);
  if (path === '/servers/a/action' && method === 'POST') return { status: 202, body: undefined };
  if (path === '/os-services')
    return {
      status: 403,
      body: {
        forbidden: {
          code: 403,
          message: "Policy doesn't allow os_compute_api:os-services:list to be performed.",
        },
      },
    };
  return undefined;
};

const running: FakeOpenStack[] = [];
afterEach(async () => {
  for (const fake of running.splice(0)) await fake.close();
});

async function fakeWith(options: Partial<FakeOptions> = {}): Promise<FakeOpenStack> {
  const fake = await startFake({ api, account: admin, ...options });
  running.push(fake);
  return fake;
}

const listing = { service: 'compute', method: 'GET', path: '/servers/detail', microversion: '2.87' } as const;

async function failure(work: Promise<unknown>): Promise<OpenStackError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof OpenStackError) return error;
  throw new Error(`no OpenStackError: ${inspect(error)}`);
}

describe('a session', () => {
  it('takes one token for many requests and asks the endpoint of its region', async () => {
    const fake = await fakeWith();
    const session = openFake(fake);

    const replies = await Promise.all([1, 2, 3].map(() => session.request(listing)));

    expect(replies.map(({ body }) => body)).toEqual([{ servers }, { servers }, { servers }]);
    expect(fake.seen.filter((line) => line.includes('/auth/tokens'))).toHaveLength(1);
    expect(await session.identity()).toEqual({ user: 'planner', project: 'admin', roles: ['admin'] });
  });

  it('reads pages one after the other by their links', async () => {
    const fake = await fakeWith();
    const session = openFake(fake);

    const sizes: number[] = [];
    for await (const { body } of pages(session, { ...listing, member: 'servers', limit: 2 }))
      sizes.push(JSON.stringify(body).split('"id"').length - 1);

    expect(sizes).toEqual([2, 2, 1]);
    expect(fake.seen.slice(1)).toEqual([
      'GET /compute/v2.1/servers/detail?limit=2',
      'GET /compute/v2.1/servers/detail?limit=2&marker=b',
      'GET /compute/v2.1/servers/detail?limit=2&marker=d',
    ]);
  });

  it('ends with an error where pages lead back', async () => {
    const fake = await fakeWith({
      api: () => ok({ servers, servers_links: [{ rel: 'next', href: '/any?marker=b' }] }),
    });
    const session = openFake(fake);

    const read = async () => {
      for await (const page of pages(session, { ...listing, member: 'servers', limit: 2 }))
        expect(page).toBeDefined();
    };

    expect((await failure(read())).message).toBe(
      'the pages of GET /servers/detail lead back to one that was read',
    );
  });

  it('sends no more requests at once than it may', async () => {
    const fake = await fakeWith();
    const session = openFake(fake, { parallel: 3 });

    await Promise.all(Array.from({ length: 20 }, () => session.request(listing)));

    expect(fake.most()).toBeLessThanOrEqual(3);
    expect(session.counts()).toEqual({ requests: 21, retries: 0, tokens: 1 });
  });

  it('chooses microversions by what the endpoint offers', async () => {
    const session = openFake(await fakeWith({ compute: '2.79', placement: '1.29' }));

    expect(await session.microversions('compute')).toEqual({ min: '2.1', max: '2.79' });
    expect(await session.microversions('placement')).toEqual({ min: '1.0', max: '1.29' });
    expect((await failure(session.request(listing))).kind).toBe('not-acceptable');
  });

  it('says which regions have a service that its own has not', async () => {
    const fake = await fakeWith();
    const session = openFake(fake, { credentials: { ...adminOf(fake), region: 'RegionNine' } });

    const error = await failure(session.request(listing));

    expect(error.message).toBe('the catalog lists no Nova (interface public, region RegionNine)');
    expect(error.hint).toContain('it lists Nova in RegionOne, RegionTwo');
  });

  it('follows an endpoint that is given instead of the catalog', async () => {
    const fake = await fakeWith({ services: [] });
    const endpoints = { compute: `${fake.url}/compute` };
    const session = openFake(fake, { credentials: { ...adminOf(fake), endpoints } });

    expect((await session.request(listing)).status).toBe(200);
    expect(await session.has('compute')).toBe(true);
    expect(await session.has('image')).toBe(false);
  });
});

describe('tokens', () => {
  it('are renewed once for all when a service no longer accepts them', async () => {
    const fake = await fakeWith({ faults: [{ on: 'limit=3', does: { kind: 'expire' } }] });
    const session = openFake(fake);
    await session.request(listing);

    await Promise.all([1, 2, 3, 4].map(() => session.request({ ...listing, query: { limit: 3 } })));

    expect(session.counts().tokens).toBe(2);
  });

  it('are renewed a minute before they end', async () => {
    let now = Date.parse('2026-11-21T10:00:00Z');
    const fake = await fakeWith({ expiresAt: () => new Date(now + 3_600_000).toISOString() });
    const session = openFake(fake, { now: () => now });

    await session.request(listing);
    now += 3_539_000;
    await session.request(listing);
    expect(session.counts().tokens).toBe(1);

    now += 2000;
    await session.request(listing);
    expect(session.counts().tokens).toBe(2);
  });

  it('come for an application credential and for a token too', async () => {
    const fake = await fakeWith({
      account: {
        tokenPrefix: 'gAAAAAtoken',
        accepts: [
          {
            identity: {
              methods: ['application_credential'],
              application_credential: { id: 'ac-1', secret: 'app-secret' },
            },
          },
          {
            identity: { methods: ['token'], token: { id: 'old-token' } },
            scope: { project: { id: 'project-1' } },
          },
        ],
      },
    });
    const secret = new Secret('app-secret');
    const byCredential = openFake(fake, {
      credentials: {
        ...adminOf(fake),
        method: { kind: 'application-credential', credential: { id: 'ac-1' }, secret },
      },
    });
    const byToken = openFake(fake, {
      credentials: {
        ...adminOf(fake),
        method: {
          kind: 'token',
          token: new Secret('old-token'),
          scope: { kind: 'project', project: { id: 'project-1' } },
        },
      },
    });

    expect((await byCredential.request(listing)).status).toBe(200);
    expect((await byToken.request(listing)).status).toBe(200);
  });

  it('are not asked for again with credentials that were refused', async () => {
    const fake = await fakeWith({ account: { ...admin, accepts: [] } });
    const session = openFake(fake);

    const errors = await Promise.all([1, 2, 3].map(() => failure(session.request(listing))));

    expect(errors.map(({ kind }) => kind)).toEqual(['unauthorized', 'unauthorized', 'unauthorized']);
    expect(fake.seen).toEqual(['POST /identity/v3/auth/tokens']);
  });
});

describe('what passes is tried again', () => {
  it.each([
    [
      '429 with the wait that it asks for',
      { kind: 'answer', status: 429, headers: { 'retry-after': '7' } },
      7000,
    ],
    ['503', { kind: 'answer', status: 503, text: '<html>busy</html>' }, 447],
    ['a broken connection', { kind: 'reset' }, 447],
    ['an answer that is cut off', { kind: 'cut' }, 447],
  ] as const)('%s', async (_, does, wait) => {
    const session = openFake(await fakeWith({ faults: [{ on: '/servers/detail', does }] }));

    expect((await session.request(listing)).body).toEqual({ servers });
    expect(session.waits).toEqual([wait]);
    expect(session.counts().retries).toBe(1);
  });

  it('no answer in time', async () => {
    const fake = await fakeWith({ faults: [{ on: '/servers/detail', does: { kind: 'hang' } }] });
    const session = openFake(fake, { timeoutMs: 300 });

    expect((await session.request(listing)).body).toEqual({ servers });
  });

  it('gives up after the fifth time, waiting longer each time', async () => {
    const does = { kind: 'answer', status: 503, text: '' } as const;
    const session = openFake(await fakeWith({ faults: [{ on: '/servers/detail', times: 9, does }] }));

    const error = await failure(session.request(listing));

    expect(error).toMatchObject({ kind: 'server-error', status: 503, mayHaveHappened: true });
    expect(session.waits).toHaveLength(4);
    expect(session.waits.every((wait, at) => wait >= 250 * 2 ** at && wait <= 500 * 2 ** at)).toBe(true);
  });

  it('twice at most where nobody has ever answered, by whoever asks', async () => {
    const gone = await fakeWith();
    const told: string[] = [];
    const session = openFake(gone, { onWait: (line) => told.push(line) });
    const { port } = new URL(gone.url);
    await gone.close();
    running.splice(0);

    const errors = await Promise.all([1, 2, 3].map(() => failure(session.request(listing))));
    const later = await failure(session.request(listing));

    expect([...errors, later].map(({ kind }) => kind)).toEqual(Array(4).fill('unreachable'));
    expect(session.counts()).toMatchObject({ requests: 2, retries: 1 });
    expect(told).toEqual([
      `waiting for http://127.0.0.1:${port}: nothing listens there (ECONNREFUSED); asked again in 0.4 s`,
    ]);
  });

  it('more often where somebody was there before', async () => {
    const fake = await fakeWith();
    const session = openFake(fake);
    await session.request(listing);
    await fake.close();
    running.splice(0);

    expect(await failure(session.request(listing))).toMatchObject({ kind: 'unreachable' });
    expect(session.waits).toHaveLength(4);
  });

  it('but never a request that changes something, unless nothing was done', async () => {
    const action = { service: 'compute', method: 'POST', path: '/servers/a/action', body: {} } as const;
    const fake = await fakeWith({
      faults: [
        { on: 'POST /compute', does: { kind: 'reset' } },
        { on: 'POST /compute', does: { kind: 'answer', status: 429 } },
      ],
    });
    const session = openFake(fake);

    const error = await failure(session.request(action));
    expect(error).toMatchObject({ kind: 'lost', mayHaveHappened: true });
    expect(fake.seen.filter((line) => line.startsWith('POST /compute'))).toHaveLength(1);

    expect((await session.request(action)).status).toBe(202);
    expect(session.counts().retries).toBe(1);
  });
});

describe('errors', () => {
  it('name the service, the call, what it said, the policy and the request', async () => {
    const session = openFake(await fakeWith());

    const error = await failure(session.request({ service: 'compute', method: 'GET', path: '/os-services' }));

    expect(error).toMatchObject({
      kind: 'forbidden',
      status: 403,
      requestId: 'req-2',
      policy: 'os_compute_api:os-services:list',
      message:
        "Nova does not allow this user to ask for it (GET /os-services: HTTP 403): Policy doesn't allow os_compute_api:os-services:list to be performed.",
    });
  });

  it('say that nothing listens', async () => {
    const fake = await fakeWith();
    await fake.close();

    const error = await failure(openFake(fake).request(listing));

    expect(error.kind).toBe('unreachable');
    expect(error.message).toContain('nothing listens there (ECONNREFUSED)');
  });

  it('say that an answer is no JSON, and do not follow one that sends on', async () => {
    const fake = await fakeWith({
      faults: [
        { on: '/servers/detail', does: { kind: 'answer', status: 200, text: '{"servers": [' } },
        {
          on: '/servers/detail',
          does: { kind: 'answer', status: 302, headers: { location: 'http://evil' } },
        },
      ],
    });
    const session = openFake(fake);

    expect((await failure(session.request(listing))).kind).toBe('not-json');
    expect((await failure(session.request(listing))).message).toContain('it sends on to another address');
  });

  it('never hold a secret, whatever a service repeats', async () => {
    const fake = await fakeWith({ account: { ...admin, accepts: [] } });
    const log: string[] = [];
    const session = openFake(fake, { log: (line) => log.push(line) });
    const refused = await failure(session.request(listing));
    const other = await fakeWith({ faults: [{ on: '/servers/detail', times: 2, does: { kind: 'expire' } }] });
    const echoed = await failure(openFake(other).request(listing));

    const texts = [refused, echoed].map(
      (error) => inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error),
    );
    expect(refused.said).toContain('***');
    expect(echoed.said).toContain('The request *** needs authentication');
    for (const text of [
      ...texts,
      inspect(adminOf(fake), { depth: 9 }),
      JSON.stringify(adminOf(fake)),
      ...log,
    ]) {
      expect(text).not.toContain(password);
      expect(text).not.toContain('gAAAAAtoken');
    }
  });
});
