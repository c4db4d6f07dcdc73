import { readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { importBundle } from '../../src/inventory/bundle.ts';
import { formatDiagnostic } from '../../src/shared/diagnostic.ts';
import {
  bundleOf,
  cloudOf,
  hostNamed,
  oneHost,
  partOf,
  problemsOf,
  serverNamed,
  temporaryFolder,
  zed,
} from './support/bundles.ts';

const server = (id: string, more: object = {}) => ({
  id,
  name: id,
  status: 'ACTIVE',
  tenant_id: 'p1',
  image: '',
  flavor: { original_name: 'f', vcpus: 1, ram: 1024, disk: 0, ephemeral: 0, swap: 0, extra_specs: {} },
  'OS-EXT-SRV-ATTR:host': 'h1',
  'OS-EXT-STS:vm_state': 'active',
  'OS-EXT-STS:task_state': null,
  'OS-EXT-STS:power_state': 1,
  ...more,
});

const rowsWith = (table: string, change: (row: Record<string, unknown>) => Record<string, unknown>): string =>
  readFileSync(`${zed}/db/${table}.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => `${JSON.stringify(change(z.record(z.string(), z.unknown()).parse(JSON.parse(line))))}\n`)
    .join('');

describe('importing api/ alone', () => {
  const { inventory, report } = importBundle(`${zed}/../zed-12hosts`);

  it('gives all hosts and servers, and leaves out what no API tells', () => {
    const alone = importBundle(partOf(['api'])).inventory;

    expect(alone.hosts).toHaveLength(12);
    expect(alone.servers).toHaveLength(89);
    expect(alone.hosts.filter(({ cells, pciDevices }) => cells ?? pciDevices)).toEqual([]);
    expect(alone.servers.filter(({ pciRequests }) => pciRequests)).toEqual([]);
    expect(alone.sources['servers.topology']).toBe('api:nova-topology');
    expect(alone.sources['servers.imageProperties']).toBe('api:glance-images');
    expect(alone.release).toEqual({ maxMicroversion: '2.93' });
  });

  it('says of each source how much it told', () => {
    expect(report.sources.slice(0, 3)).toEqual([
      { source: 'api:nova-services', hosts: 12, servers: 0 },
      { source: 'api:nova-hypervisors', hosts: 12, servers: 0 },
      { source: 'api:nova-servers', hosts: 0, servers: 89 },
    ]);
    expect(inventory.sources['hosts.cells']).toBe('db:compute_nodes');
  });

  it('marks a server whose fact comes from elsewhere', () => {
    const tooBig = inventory.servers.find(({ name }) => name === 'too-big-1');

    expect(tooBig?.sources?.['topology']).toBe('api:nova-topology');
    expect(tooBig?.sources?.['localDisks']).toBe('assumed:flavor');
  });
});

describe('importing db/ alone', () => {
  const alone = (): ReturnType<typeof importBundle>['inventory'] => importBundle(partOf(['db'])).inventory;

  it('gives all hosts and servers, and leaves out what Placement alone tells', () => {
    const inventory = alone();

    expect(inventory.hosts).toHaveLength(12);
    expect(inventory.servers).toHaveLength(89);
    expect(inventory.hosts.filter(({ providers }) => providers)).toEqual([]);
    expect(inventory.servers.filter(({ allocations }) => allocations)).toEqual([]);
    expect(inventory.otherConsumers).toBeUndefined();
  });

  it('shows the statuses that the API would', () => {
    const both = new Map(importBundle(zed).inventory.servers.map(({ id, status }) => [id, status]));

    expect(alone().servers.filter(({ id, status }) => both.get(id) !== status)).toEqual([]);
  });

  it('takes zones from aggregates and liveness from the last sign of life', () => {
    const cloud = cloudOf(partOf(['db']));

    expect(hostNamed(cloud, 'kvm-a01').availabilityZone).toBe('az-north');
    expect(hostNamed(cloud, 'kvm-a01').service.state).toBe('up');
    expect(hostNamed(cloud, 'kvm-b06').service.state).toBe('down');
  });

  it('counts a service that was silent for more than a minute as down', () => {
    const services = rowsWith('services', (row) =>
      row['host'] === 'kvm-a01' ? { ...row, last_seen_up: '2026-11-20 23:31:10' } : row,
    );

    expect(
      hostNamed(cloudOf(partOf(['db'], { 'db/services.jsonl': services })), 'kvm-a01').service.state,
    ).toBe('down');
  });
});

describe('contradictions between sources', () => {
  it('are reported with both values, and the source that is followed', () => {
    const moved = rowsWith('instances', (row) =>
      row['display_name'] === 'web-01' ? { ...row, host: 'kvm-b04' } : row,
    );

    const { inventory, report } = importBundle(partOf(['api', 'db'], { 'db/instances.jsonl': moved }));

    const web = inventory.servers.find(({ name }) => name === 'web-01');
    expect(web?.host).toBe('kvm-a05');
    expect(report.contradictions).toEqual([
      {
        subject: `server ${web?.id ?? ''}`,
        field: 'location',
        values: [
          { source: 'api:nova-servers', value: '{"on":"kvm-a05"}' },
          { source: 'db:instances', value: '{"on":"kvm-b04"}' },
        ],
        taken: 'api:nova-servers',
      },
    ]);
    expect(inventory.contradictions).toEqual(report.contradictions);
  });

  it('include a server that only one source lists', () => {
    const { report } = importBundle(
      bundleOf({
        ...oneHost,
        'api/nova/servers-detail-2.92.json': { servers: [server('s1')] },
        'db/instances.jsonl': [],
      }),
    );

    expect(report.contradictions.map(({ field, subject }) => [subject, field])).toEqual([
      ['server s1', 'exists'],
    ]);
  });

  it('include an aggregate that differs, and a zone that is not that of the aggregate', () => {
    const folder = bundleOf({
      ...oneHost,
      'api/nova/os-aggregates.json': {
        aggregates: [{ id: 1, uuid: 'a1', name: 'a', hosts: ['h1'], metadata: { availability_zone: 'az1' } }],
      },
      'db/aggregates.jsonl': [{ id: 1, uuid: 'a1', name: 'a' }],
    });

    expect(importBundle(folder).report.contradictions.map(({ field, subject }) => [subject, field])).toEqual([
      ['aggregate a1', 'all'],
      ['host h1', 'availabilityZone'],
    ]);
  });

  it('include a sum of Placement that is not that of its allocations, and count what is unknown', () => {
    const folder = bundleOf({
      ...oneHost,
      'api/placement/resource_providers.json': {
        resource_providers: [{ uuid: 'rp1', name: 'h1', generation: 1 }],
      },
      'api/placement/resource_providers/rp1/inventories.json': {
        inventories: { VCPU: { total: 8, max_unit: 8, allocation_ratio: 2 } },
      },
      'api/placement/resource_providers/rp1/traits.json': { traits: [] },
      'api/placement/resource_providers/rp1/allocations.json': { allocations: {} },
      'api/placement/resource_providers/rp1/usages.json': { usages: { VCPU: 3 } },
    });

    const { inventory, report } = importBundle(folder);

    expect(report.contradictions[0]?.values.map(({ value }) => value)).toEqual([
      'usages 3',
      'sum of allocations 0',
    ]);
    expect(inventory.otherConsumers?.map(({ id }) => id)).toEqual(['unknown:rp1']);
  });

  it('include a topology on a NUMA cell that the host does not have', () => {
    const one = rowsWith('compute_nodes', (row) =>
      row['host'] === 'kvm-a01'
        ? { ...row, numa_topology: String(row['numa_topology']).replace('"id": 1,', '"id": 7,') }
        : row,
    );

    const { inventory, report } = importBundle(partOf(['db'], { 'db/compute_nodes.jsonl': one }));

    expect(report.contradictions[0]?.values.map(({ value }) => value)).toEqual([
      'on NUMA cell 1',
      'host has cells 0, 7',
    ]);
    expect(inventory.servers.find(({ name }) => name === 'ml-train-1')?.topology).toBeUndefined();
  });
});

describe('what is not whole', () => {
  it('is a gap: a page that is missing, a next page that is not there, a reply that is an error', () => {
    const folder = bundleOf({
      ...oneHost,
      'api/nova/servers-detail-2.92.page01.json': { servers: [server('s1')] },
      'api/nova/servers-detail-2.92.page03.json': {
        servers: [server('s3')],
        servers_links: [{ rel: 'next', href: 'https://nova.example/servers/detail?marker=s3' }],
      },
      'api/nova/os-aggregates.json': { forbidden: { code: 403, message: 'no' } },
    });

    const { inventory, report } = importBundle(folder);

    expect(inventory.servers.map(({ id }) => id)).toEqual(['s1', 's3']);
    expect(inventory.aggregates).toBeUndefined();
    expect(report.gaps.map(({ code, summary }) => `${code}: ${summary}`)).toEqual([
      'bundle.missing-page: api/nova/servers-detail-2.92.page03.json is page 3 where page 2 should follow',
      'bundle.missing-page: api/nova/servers-detail-2.92.page03.json names a next page that is not there',
      'bundle.no-listing: api/nova/os-aggregates.json holds no list aggregates: skipped',
    ]);
  });

  it('is a gap: a server of a Nova cell that does not answer', () => {
    const folder = bundleOf({
      ...oneHost,
      'api/nova/servers-detail-2.92.json': {
        servers: [server('s1'), { id: 's2', status: 'UNKNOWN', links: [] }],
      },
    });

    const { inventory, report } = importBundle(folder);

    expect(inventory.servers.map(({ id }) => id)).toEqual(['s1']);
    expect(report.gaps.map(({ code }) => code)).toEqual(['nova.down-cell']);
  });

  it('is a gap: a host that only its servers name', () => {
    const folder = bundleOf({
      ...oneHost,
      'api/nova/servers-detail-2.92.json': { servers: [server('s1', { 'OS-EXT-SRV-ATTR:host': 'h2' })] },
    });

    const { report } = importBundle(folder);

    expect(report.gaps.map(({ code }) => code)).toEqual(['nova.unlisted-host']);
    expect(hostNamed(cloudOf(folder), 'h2').service).toEqual({
      status: 'disabled',
      state: 'up',
      forcedDown: false,
    });
  });

  it('is a gap: a server whose flavor nobody tells', () => {
    const folder = bundleOf({
      ...oneHost,
      'api/nova/servers-detail-2.1.json': { servers: [server('s1', { flavor: { id: 'gone' } })] },
    });

    expect(importBundle(folder).report.gaps.map(({ code }) => code)).toEqual(['nova.no-flavor']);
  });
});

describe('of several microversions of one resource', () => {
  it('the one with most members counts, then the newest', () => {
    const folder = bundleOf({
      ...oneHost,
      'api/nova/servers-detail-2.1.json': { servers: [server('s1', { name: 'old', extra: 1, more: 2 })] },
      'api/nova/servers-detail-2.9.json': {
        servers: [server('s1', { name: 'new', locked: true, tags: [] })],
      },
      'api/nova/servers-detail-2.10.json': {
        servers: [server('s1', { name: 'newest', locked: true, tags: [] })],
      },
    });

    expect(serverNamed(cloudOf(folder), 'newest').locked).toBe(true);
  });
});

describe('what cannot be read', () => {
  it('is all said at once, each with its file and place', () => {
    const folder = partOf(['api', 'db'], {
      'api/nova/os-aggregates.json': '{"aggregates": [{"id": 1, ',
      'db/migrations.jsonl': '{"id": 1}\n{"id": \n',
      'db/tags.jsonl': [{ resource_id: 5, tag: 'x' }],
    });

    const problems = problemsOf(() => importBundle(folder)).map(
      (problem) => formatDiagnostic(problem).split('\n')[0],
    );

    expect(problems).toEqual([
      'error inventory.not-json: the text ends at line 1 column 27 (character 26) in the middle of a value (at api/nova/os-aggregates.json)',
      'error inventory.malformed: expected string, found number (at db/tags.jsonl line 1 $.resource_id, value 5)',
      'error inventory.not-json: the text ends at line 1 column 8 (character 7) in the middle of a value (at db/migrations.jsonl line 2)',
    ]);
  });

  it('is not a link: it counts as what it leads to, and as nothing where it leads nowhere', () => {
    const folder = temporaryFolder();
    symlinkSync(resolve(zed, 'api'), join(folder, 'api'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'db'));

    expect(importBundle(folder).inventory.servers).toHaveLength(89);
  });

  it('is no device and no link in a circle: they are skipped, and said', () => {
    const folder = bundleOf({ ...oneHost, 'db/notes.txt': '' });
    symlinkSync('/dev/zero', join(folder, 'db', 'tags.jsonl'));
    symlinkSync('self', join(folder, 'db', 'self'));

    expect(importBundle(folder).report.gaps.map(({ summary }) => summary)).toEqual([
      'db/self is a link that leads back to itself: skipped',
      'db/tags.jsonl is neither a file nor a folder: skipped',
    ]);
  });

  it('is a directory without a list of hosts', () => {
    expect(problemsOf(() => importBundle(temporaryFolder())).map(({ code }) => code)).toEqual([
      'inventory.no-hosts',
    ]);
    expect(problemsOf(() => importBundle('/does/not/exist')).map(({ code }) => code)).toEqual([
      'inventory.no-hosts',
    ]);
  });

  it('may be the time: then it must be given', () => {
    const folder = bundleOf({
      'api/nova/os-services.json': {
        services: [{ binary: 'nova-compute', host: 'h1', status: 'enabled', state: 'up' }],
      },
    });

    expect(problemsOf(() => importBundle(folder)).map(({ code }) => code)).toEqual(['inventory.no-time']);
    expect(importBundle(folder, { capturedAt: '2026-01-02T03:04:05Z' }).inventory.capturedAt).toBe(
      '2026-01-02T03:04:05Z',
    );
  });

  it('is never the name of a thing', () => {
    const name = '\u001b[31m"<b>__proto__\ud800';
    const folder = bundleOf({
      ...oneHost,
      'api/nova/servers-detail-2.92.json': {
        servers: [server('s1', { name, metadata: { constructor: 'x' } })],
      },
    });

    const [found] = importBundle(folder).inventory.servers;

    expect(found?.name).toBe('\u001b[31m"<b>__proto__\uFFFD');
    expect(found?.metadata).toEqual({ constructor: 'x' });
  });
});
