import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { importBundle } from '../../../src/inventory/bundle.ts';
import { readCloud } from '../../../src/inventory/live/read-cloud.ts';
import { InputError } from '../../../src/shared/diagnostic.ts';
import { type FakeApi, ok, paged } from '../../support/fake-openstack/fake-api.ts';
import { admin, password } from '../../support/fake-openstack/keystone.ts';
import { openFake } from '../../support/fake-openstack/open.ts';
import { recordedApi } from '../../support/fake-openstack/recorded-api.ts';
import { type FakeOpenStack, type FakeOptions, startFake } from '../../support/fake-openstack/start.ts';
import { partOf, temporaryFolder, zed } from '../support/bundles.ts';

const now = Date.parse('2026-11-21T10:00:00Z');
const recorded = recordedApi(zed);

const running: FakeOpenStack[] = [];
afterEach(async () => {
  for (const fake of running.splice(0)) await fake.close();
});

async function fakeWith(options: Partial<FakeOptions> = {}): Promise<FakeOpenStack> {
  const fake = await startFake({ api: recorded, account: admin, ...options });
  running.push(fake);
  return fake;
}

/** The recording of a fake cloud. */
async function recordingOf(options: Partial<FakeOptions> = {}, at = now): Promise<string> {
  const directory = temporaryFolder();
  await readCloud({ session: openFake(await fakeWith(options)), directory, now: at });
  return directory;
}

async function problemsOf(options: Partial<FakeOptions>) {
  try {
    await recordingOf(options);
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.diagnostics;
    throw error;
  }
}

/** The recorded cloud's replies of those calls that a live import makes, as the files that were captured. */
function sameCalls(): string {
  const folder = partOf(['api']);
  const api = join(folder, 'api');
  const unasked = [
    'placement/allocations',
    'nova/servers-volume-attachments',
    'nova/flavor-extra-specs',
    'nova/servers-detail-2.1.json',
    'nova/servers-detail-2.60.json',
  ];
  for (const name of unasked) rmSync(join(api, name), { recursive: true, force: true });
  return folder;
}

const forbidden = (policy: string) => ({
  status: 403,
  body: { forbidden: { code: 403, message: `Policy doesn't allow ${policy} to be performed.` } },
});

/** The recorded cloud with other answers to some paths. */
const except =
  (others: Readonly<Record<string, ReturnType<FakeApi>>>): FakeApi =>
  (request) =>
    Object.hasOwn(others, request.path) ? others[request.path] : recorded(request);

describe('a live import', () => {
  it('gives the inventory that the recorded replies of the same cloud give', async () => {
    const live = importBundle(await recordingOf());
    const replies = importBundle(sameCalls(), { capturedAt: '2026-11-21T10:00:00Z' });

    expect(live.report.gaps).toEqual(replies.report.gaps);
    expect(live.inventory).toEqual(replies.inventory);
    expect(live.inventory.hosts).toHaveLength(12);
    expect(live.inventory.servers).toHaveLength(89);
    expect(live.inventory.capturedAt).toBe('2026-11-21T10:00:00Z');
  });

  it('tells its time to the millisecond: it may be read in the second in which a run has ended', async () => {
    const live = importBundle(await recordingOf({}, now + 250));

    expect(live.inventory.capturedAt).toBe('2026-11-21T10:00:00.250Z');
  });

  it('gives the same where pages are short, tokens end, answers break and services are busy', async () => {
    const steady = importBundle(await recordingOf());
    const shaken = importBundle(
      await recordingOf({
        faults: [
          { on: '/os-services', does: { kind: 'answer', status: 503 } },
          { on: '/os-aggregates', does: { kind: 'answer', status: 429, headers: { 'retry-after': '1' } } },
          { on: '/servers/detail', does: { kind: 'cut' } },
          { on: '/topology', times: 3, does: { kind: 'reset' } },
          { on: '/traits', does: { kind: 'expire' } },
          { on: '/topology', times: 2, does: { kind: 'expire' } },
        ],
        api: (request) => {
          if (request.path === '/servers/detail') request.query.set('limit', '7');
          return recorded(request);
        },
      }),
    );

    expect(shaken.inventory).toEqual(steady.inventory);
  });

  it('asks for hypervisors at 2.87 and servers at what is offered', async () => {
    const directory = await recordingOf({ compute: '2.93' });

    expect(readdirSync(join(directory, 'api/nova')).sort()).toEqual([
      'flavors-detail-2.90.page01.json',
      'os-aggregates-2.87.page01.json',
      'os-hypervisors-detail-2.87.page01.json',
      'os-migrations-2.80.page01.json',
      'os-server-groups-2.90.page01.json',
      'os-services-2.69.page01.json',
      'servers-detail-2.93.page01.json',
      'servers-migrations',
      'servers-topology',
      'versions.json',
    ]);
  });

  it('of an old cloud goes without what it does not offer, and says so', async () => {
    const { report } = importBundle(await recordingOf({ compute: '2.60' }));

    expect(report.gaps.map(({ summary }) => summary)).toContain(
      'topologies of servers: not read: Nova offers microversions 2.1 to 2.60, and 2.78 is needed',
    );
  });

  it('keeps no secret in the recording', async () => {
    const api: FakeApi = (request) => {
      const answer = recorded(request);
      return request.path === '/servers/detail' && answer !== undefined
        ? {
            ...answer,
            body: JSON.parse(
              JSON.stringify(answer.body).replaceAll(
                '"OS-EXT-SRV-ATTR:user_data":null',
                '"OS-EXT-SRV-ATTR:user_data":"I2Nsb3VkLWNvbmZpZw"',
              ),
            ) as unknown,
          }
        : answer;
    };
    const directory = await recordingOf({ api });

    const texts = readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
    expect(texts.length).toBeGreaterThan(100);
    for (const text of texts) expect(text).not.toMatch(new RegExp(`${password}|gAAAAAtoken|I2Nsb3Vk`));
  });
});

describe('a live import where Neutron and Cinder are present', () => {
  const servers = importBundle(zed).inventory.servers.filter(({ volumes = [] }) => volumes.length === 1);
  const [one, other] = servers;
  const port = (id: string, server: string | undefined, more: object = {}) => ({
    id,
    device_id: server,
    device_owner: 'compute:az-north',
    network_id: 'net-1',
    'binding:vnic_type': 'normal',
    'binding:host_id': 'kvm-a01',
    ...more,
  });
  const network = { id: 'net-1', 'provider:network_type': 'vlan', 'provider:physical_network': 'physnet-a' };
  const lists: Readonly<
    Record<string, readonly [member: string, items: readonly { readonly id: string }[]]>
  > = {
    '/ports': [
      'ports',
      [port('p1', one?.id, { 'binding:vnic_type': 'direct' }), port('p2', other?.id), port('p3', one?.id)],
    ],
    '/networks': ['networks', [network]],
    '/volumes/detail': [
      'volumes',
      servers.map(({ id, volumes = [] }) => ({
        id: volumes[0]?.id ?? '',
        size: 30,
        availability_zone: 'az-north',
        multiattach: false,
        'os-vol-host-attr:host': 'ctl-01@ceph#rbd',
        attachments: [{ server_id: id }],
      })),
    ],
  };
  const agents = {
    agents: [
      {
        id: 'agent-1',
        binary: 'neutron-sriov-nic-agent',
        host: 'kvm-a01',
        alive: true,
        configurations: { device_mappings: { 'physnet-a': ['ens1f0'] } },
      },
    ],
  };
  const api: FakeApi = (request) => {
    const [member, items] = lists[request.path] ?? [];
    if (member !== undefined && items !== undefined) {
      request.query.set('limit', '1');
      return paged(member, items, request.query);
    }
    return request.path === '/agents' ? ok(agents) : recorded(request);
  };
  const services = ['identity', 'compute', 'placement', 'image', 'network', 'volumev3'];

  it('has the ports, networks, agents and volumes of all pages, as a recording of the same replies', async () => {
    const directory = await recordingOf({ api, services });
    const recordedToo = sameCalls();
    for (const [path, [member, items]] of Object.entries(lists)) {
      const file = join(
        recordedToo,
        'api',
        path === '/volumes/detail' ? 'cinder/volumes-detail' : `neutron${path}`,
      );
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(`${file}.json`, JSON.stringify({ [member]: items }));
    }
    writeFileSync(join(recordedToo, 'api/neutron/agents.json'), JSON.stringify(agents));

    const live = importBundle(directory);
    const replies = importBundle(recordedToo, { capturedAt: '2026-11-21T10:00:00Z' });

    expect(live.inventory).toEqual(replies.inventory);
    const found = live.inventory.servers.find(({ id }) => id === one?.id);
    expect(found?.ports).toEqual([
      {
        id: 'p1',
        vnicType: 'direct',
        physicalNetwork: 'physnet-a',
        tunneled: false,
        hasResourceRequest: false,
      },
      {
        id: 'p3',
        vnicType: 'normal',
        physicalNetwork: 'physnet-a',
        tunneled: false,
        hasResourceRequest: false,
      },
    ]);
    expect(found?.volumes?.[0]).toMatchObject({ availabilityZone: 'az-north', backend: 'ctl-01@ceph#rbd' });
    expect(live.inventory.hosts.find(({ id }) => id === 'kvm-a01')?.physicalNetworks).toEqual(['physnet-a']);
    expect(servers).toHaveLength(2);
  });

  it('names the policy that Cinder refuses by, and goes without', async () => {
    const refusing: FakeApi = (request) =>
      request.path === '/volumes/detail' ? forbidden('volume:get_all') : api(request);

    const { report } = importBundle(await recordingOf({ api: refusing, services }));

    expect(report.gaps.map(({ summary }) => summary)).toContainEqual(
      expect.stringMatching(/^volumes-detail: not read: Cinder does not allow .*volume:get_all/),
    );
  });
});

describe('what cannot be read', () => {
  it('is told at once where an inventory needs it, with the policies', async () => {
    const problems = await problemsOf({
      api: except({
        '/os-services': forbidden('os_compute_api:os-services:list'),
        '/servers/detail': forbidden('os_compute_api:servers:detail:get_all_tenants'),
        '/resource_providers': forbidden('placement:resource_providers:list'),
      }),
    });

    expect(problems.map(({ code, value }) => [code, value]).sort()).toEqual([
      ['cloud.forbidden', 'os_compute_api:os-services:list'],
      ['cloud.forbidden', 'os_compute_api:servers:detail:get_all_tenants'],
      ['cloud.forbidden', 'placement:resource_providers:list'],
    ]);
  });

  it('is told where servers come without their hosts', async () => {
    const problems = await problemsOf({
      api: except({ '/servers/detail': ok({ servers: [{ id: 's1', status: 'ACTIVE' }] }) }),
    });

    expect(problems.map(({ value }) => value)).toEqual(['os_compute_api:os-extended-server-attributes']);
  });

  it('is a gap where an inventory can do without', async () => {
    const { inventory, report } = importBundle(
      await recordingOf({
        api: except({
          '/os-server-groups': forbidden('os_compute_api:os-server-groups:index'),
          '/projects': { status: 500, body: { error: { message: 'broken' } } },
        }),
        faults: [{ on: '/topology', times: 15, does: { kind: 'answer', status: 503 } }],
      }),
    );

    expect(inventory.groups).toBeUndefined();
    expect(report.gaps.map(({ summary }) => summary)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^os-server-groups: not read: Nova does not allow .*os-server-groups:index/),
        expect.stringMatching(/^projects: not read: Keystone failed .*broken/),
      ]),
    );
  });

  it('of single servers is counted', async () => {
    const [first = '', second = ''] = readdirSync(join(zed, 'api/nova/servers-topology')).map((name) =>
      name.replace('.json', ''),
    );
    const { report } = importBundle(
      await recordingOf({
        api: except({
          [`/servers/${first}/topology`]: { status: 500, body: {} },
          [`/servers/${second}/topology`]: { status: 404, body: {} },
        }),
      }),
    );

    expect(report.gaps.map(({ summary }) => summary)).toContainEqual(
      expect.stringMatching(/^1 of \d+ topologies of servers: not read: Nova failed/),
    );
  });

  it('is told of hostile answers in plain words', async () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    const problems = await problemsOf({
      faults: [
        { on: '/os-services', does: { kind: 'answer', status: 200, text: '{"services": {"__proto__": 1}}' } },
        { on: '/os-hypervisors', does: { kind: 'answer', status: 200, text: `{"hypervisors": ${deep}}` } },
        { on: '/resource_providers', does: { kind: 'answer', status: 200, text: '\u0000\u001b[2J' } },
        { on: '/servers/detail', does: { kind: 'answer', status: 200, text: '"servers"' } },
      ],
    });

    expect(problems.map(({ code }) => code)).toEqual(Array(4).fill('cloud.not-json'));
  });

  it('ends at once when the caller gives up', async () => {
    const giveUp = new AbortController();
    const fake = await fakeWith({ faults: [{ on: '/topology', times: 99, does: { kind: 'hang' } }] });
    const work = readCloud({
      session: openFake(fake),
      directory: temporaryFolder(),
      now,
      signal: giveUp.signal,
      onProgress: () => undefined,
    });
    const hangs = async (): Promise<void> => {
      while (!fake.seen.some((line) => line.includes('/topology')))
        await new Promise((resolve) => setImmediate(resolve));
      giveUp.abort();
    };

    await Promise.all([
      expect(work).rejects.toMatchObject({ diagnostics: [{ code: 'cloud.aborted' }] }),
      hangs(),
    ]);
  });
});
