import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readHypervisors } from '../../src/inventory/api/nova-hypervisors.ts';
import { readServers } from '../../src/inventory/api/nova-servers.ts';
import { readServices } from '../../src/inventory/api/nova-services.ts';
import { importBundle } from '../../src/inventory/bundle.ts';
import { hostId } from '../../src/model/ids.ts';
import { bundleOf, cloudOf, hostNamed, oneHost, partOf, serverNamed, zed } from './support/bundles.ts';

const cloud = cloudOf(zed);

const item = (value: unknown) => ({ source: 'reply', path: [], value });

describe('what recordings were seen to hold, one test for each note', () => {
  it('1: a hypervisor listing that failed is a gap, and one without uptime or CPU is read', () => {
    const folder = partOf(['api', 'db'], {
      'api/nova/os-hypervisors-detail-2.87.json': '',
      'api/nova/os-hypervisors-detail-2.87-with-servers.json': '',
    });

    const { inventory, report } = importBundle(folder);

    expect(inventory.hosts).toHaveLength(12);
    expect(report.gaps.map(({ summary }) => summary)).toEqual([
      'api/nova/os-hypervisors-detail-2.87-with-servers.json is empty: the call that should fill it failed',
      'api/nova/os-hypervisors-detail-2.87.json is empty: the call that should fill it failed',
    ]);
  });

  it('1: at 2.90 a host that is down has an uptime of null', () => {
    const facts = readHypervisors([
      item({
        id: 'node-1',
        hypervisor_hostname: 'n1',
        hypervisor_type: 'QEMU',
        hypervisor_version: 6002000,
        state: 'down',
        status: 'enabled',
        uptime: null,
        service: { host: 'h1', id: 's1', disabled_reason: null },
      }),
    ]);

    expect(facts.hosts?.get(hostId('h1'))).toEqual({
      nodeName: 'n1',
      nodeId: 'node-1',
      serviceStatus: 'enabled',
      serviceState: 'down',
      serviceId: 's1',
      hypervisorType: 'QEMU',
      hypervisorVersion: 6002000,
    });
  });

  it('2: consumers that are migrations are found through the uuid of their record', () => {
    expect(cloud.otherConsumers.map(({ id, migration }) => [id, migration])).toEqual([
      ['3377e28d-e3d3-4283-a129-28da00433890', '3377e28d-e3d3-4283-a129-28da00433890'],
      ['5a07b183-45ed-4560-b27d-b84fad7816fa', '5a07b183-45ed-4560-b27d-b84fad7816fa'],
      ['e52f86c3-63a5-4475-bc7a-5cf108ca9191', 'e52f86c3-63a5-4475-bc7a-5cf108ca9191'],
    ]);
  });

  it('3: one consumer may hold two hosts, and a server nothing', () => {
    const providers = serverNamed(cloud, 'fin-app-2').allocations?.map(({ provider }) => provider);

    expect(providers).toEqual([
      hostNamed(cloud, 'kvm-b05').providers[0]?.id,
      hostNamed(cloud, 'kvm-b06').providers[0]?.id,
    ]);
    expect(serverNamed(cloud, 'too-big-1').allocations).toEqual([]);
    expect(serverNamed(cloud, 'web-06').allocations).toEqual([]);
  });

  it('4: pins of a move are on its record, and once more in the topology of its server', () => {
    const upf = serverNamed(cloud, 'upf-3');
    const move = cloud.migrations.find(({ id }) => id === 14);

    expect(upf.topology).toEqual({ kind: 'placed', topology: move?.held?.source?.topology });
    expect(move?.held?.destination?.topology?.cells[0]?.pinning).toEqual([
      [0, 2],
      [1, 26],
      [2, 6],
      [3, 30],
    ]);
  });

  it('5: the CPU of an isolated emulator comes from the database, and Placement charges it', () => {
    const { allocations, flavor, topology } = serverNamed(cloud, 'rt-1');

    expect(topology?.kind === 'placed' && topology.topology.cells[0]?.reservedCpus).toEqual([20]);
    expect(flavor.vcpus).toBe(4);
    expect(allocations?.[0]?.resources['PCPU']).toBe(5);
  });

  it('6: of a mixed server only the dedicated vCPUs are pinned, of a floating one none', () => {
    const mixed = serverNamed(cloud, 'mix-1').topology;
    const floating = serverNamed(cloud, 'float-1').topology;

    expect(mixed?.kind === 'placed' && mixed.topology.cells[0]).toMatchObject({
      sharedVcpus: [0, 1],
      dedicatedVcpus: [2, 3],
      pinning: [
        [2, 24],
        [3, 4],
      ],
    });
    expect(floating?.kind === 'placed' && floating.topology.cells).toEqual([
      { hostCellId: 0, memoryMiB: 4096, sharedVcpus: [0, 1], dedicatedVcpus: [] },
      { hostCellId: 1, memoryMiB: 4096, sharedVcpus: [2, 3], dedicatedVcpus: [] },
    ]);
  });

  it('6: the topology API alone tells the same', () => {
    const alone = cloudOf(partOf(['api']));

    expect(serverNamed(alone, 'mix-1').topology).toEqual(serverNamed(cloud, 'mix-1').topology);
    expect(serverNamed(alone, 'float-1').topology).toEqual(serverNamed(cloud, 'float-1').topology);
  });

  it('7: on a legacy host both sets are equal, and pinned servers hold VCPU', () => {
    const host = hostNamed(cloud, 'kvm-a06');

    expect(host.cells?.map((cell) => cell.dedicatedCpus)).toEqual(host.cells?.map((cell) => cell.sharedCpus));
    expect(host.providers[0]?.inventories.has('PCPU')).toBe(false);
    expect(serverNamed(cloud, 'legacy-pin-1').allocations?.[0]?.resources).toEqual({
      DISK_GB: 40,
      MEMORY_MB: 8192,
      VCPU: 4,
    });
  });

  it('8: pinning may come from the image alone', () => {
    const { flavor, imageProperties } = serverNamed(cloud, 'rtpin-1');

    expect(flavor.extraSpecs).toEqual({});
    expect(imageProperties?.['hw_cpu_policy']).toBe('dedicated');
  });

  it("9 and 10: capacity is Placement's, with its largest unit, not the hypervisor's", () => {
    const inventories = hostNamed(cloud, 'kvm-a03').providers[0]?.inventories;

    expect(hostNamed(cloud, 'kvm-b03').providers[0]?.inventories.has('VCPU')).toBe(false);
    expect(inventories?.get('VCPU')).toEqual({
      total: 4,
      reserved: 0,
      allocationRatio: 4,
      minUnit: 1,
      maxUnit: 4,
      stepSize: 1,
    });
  });

  it('11: servers without a host are there, those of cell0 too', () => {
    const without = [...cloud.servers.values()].filter(({ host }) => host === undefined);
    const fromTables = [...cloudOf(partOf(['db'])).servers.values()].filter(({ host }) => host === undefined);

    expect(without.map(({ name }) => name).sort()).toEqual(['too-big-1', 'web-06']);
    expect(fromTables.map(({ name }) => name).sort()).toEqual(['too-big-1', 'web-06']);
  });

  it('12: no image is boot from volume, and `progress` may be absent', () => {
    const facts = readServers([
      item({
        id: 's1',
        name: 'n',
        status: 'ERROR',
        tenant_id: 'p',
        image: '',
        flavor: { original_name: 'f', vcpus: 1, ram: 1, disk: 1, ephemeral: 0, swap: 0, extra_specs: {} },
        host_status: 'MAINTENANCE',
        fault: { message: 'No valid host', code: 500, created: '2026-01-01T00:00:00Z' },
      }),
    ]);

    expect([...(facts.servers ?? [])][0]?.[1]).toMatchObject({
      image: { kind: 'none' },
      bootFromVolume: true,
      faultMessage: 'No valid host',
    });
  });

  it('13: the zone asked for is that of the request, not the present one', () => {
    const server = serverNamed(cloud, 'web-02');

    expect(server.requestedAz).toEqual({ kind: 'zone', name: 'az-north' });
    expect(hostNamed(cloud, server.host ?? '').availabilityZone).toBe('az-south');
    expect(serverNamed(cloudOf(partOf(['api'])), 'web-02').requestedAz).toBeUndefined();
  });

  it('14: deleted rows are dropped, and the row of the API service is no host', () => {
    const rows = readFileSync(`${zed}/db/instances.jsonl`, 'utf8').trim().split('\n');
    const tables = cloudOf(partOf(['db']));

    expect(rows).toHaveLength(97);
    expect(tables.servers.size).toBe(89);
    expect(tables.hosts.size).toBe(12);
  });

  it('15: a server may have been started elsewhere than it is', () => {
    const { host, launchedOn } = serverNamed(cloud, 'search-1');

    expect([launchedOn, host]).toEqual(['kvm-a05', 'kvm-b04']);
  });

  it('16: the embedded flavor counts, and extra specs stand as they were written', () => {
    const now: unknown = JSON.parse(
      readFileSync(`${zed}/api/nova/flavors-detail-2.90.json`, 'utf8').replaceAll(
        '"vcpus": 4',
        '"vcpus": 64',
      ),
    );
    const changed = cloudOf(partOf(['api'], { 'api/nova/flavors-detail-2.90.json': now }));

    expect(changed.flavors.get('h1.1g')?.vcpus).toBe(64);
    expect(serverNamed(changed, 'upf-3').flavor.vcpus).toBe(4);
    expect(serverNamed(changed, 'upf-3').flavor.extraSpecs['hw:mem_page_size']).toBe('1GB');
  });

  it('17: old microversions alone are read too', () => {
    const old = importBundle(
      bundleOf({
        'api/nova/servers-detail-2.1.json': readFileSync(`${zed}/api/nova/servers-detail-2.1.json`, 'utf8'),
        'api/nova/os-services-2.1.json': readFileSync(`${zed}/api/nova/os-services-2.1.json`, 'utf8'),
        'api/nova/os-hypervisors-detail-2.1.json': readFileSync(
          `${zed}/api/nova/os-hypervisors-detail-2.1.json`,
          'utf8',
        ),
        'api/nova/os-server-groups-2.60.json': readFileSync(
          `${zed}/api/nova/os-server-groups-2.60.json`,
          'utf8',
        ),
        'api/nova/os-migrations-2.23.json': readFileSync(`${zed}/api/nova/os-migrations-2.23.json`, 'utf8'),
        'api/nova/flavors-detail-2.90.json': readFileSync(`${zed}/api/nova/flavors-detail-2.90.json`, 'utf8'),
      }),
    ).inventory;

    expect(old.servers).toHaveLength(89);
    expect(old.sources['servers.flavor']).toBe('assumed:flavor-of-today');
    expect(old.sources['servers.lock']).toBeUndefined();
    expect(
      Object.values(old.tables.hostCpus)
        .map(({ model }) => model)
        .sort(),
    ).toEqual(['Cascadelake-Server', 'Cascadelake-Server-noTSX', 'Skylake-Server-IBRS']);
    expect(old.hosts.map(({ service }) => service?.id)).toEqual(Array.from({ length: 12 }, () => undefined));
    expect(old.groups?.map(({ maxServersPerHost }) => maxServersPerHost)).toEqual(
      Array.from({ length: 6 }, () => undefined),
    );
    expect(old.migrations).toHaveLength(14);
  });

  it('17: a limit that the old group API does not tell comes from the database', () => {
    const folder = partOf(['db'], {
      'api/nova/os-server-groups-2.60.json': readFileSync(
        `${zed}/api/nova/os-server-groups-2.60.json`,
        'utf8',
      ),
    });

    const limits = [...cloudOf(folder).groups.values()].map(({ maxServersPerHost, name }) => [
      name,
      maxServersPerHost,
    ]);

    expect(Object.fromEntries(limits)).toMatchObject({ 'cache-aa2': 2, 'db-aa': 1 });
  });

  it('18: features have no order, and CPUs kept for the host are in neither set', () => {
    const hypervisor = (host: string, features: string[]) =>
      item({
        id: host,
        hypervisor_hostname: host,
        service: { host },
        cpu_info: { arch: 'x86_64', model: 'M', vendor: 'V', features },
      });
    const facts = readHypervisors([hypervisor('h1', ['b', 'a']), hypervisor('h2', ['a', 'b'])]);
    const [cell] = hostNamed(cloud, 'kvm-a03').cells ?? [];

    expect(facts.hosts?.get(hostId('h1'))?.cpu).toEqual(facts.hosts?.get(hostId('h2'))?.cpu);
    expect([...(cell?.sharedCpus ?? []), ...(cell?.dedicatedCpus ?? [])]).not.toContain(0);
    expect(cell?.siblings).toContainEqual([9, 29]);
    expect(cell?.siblings.flat()).not.toContain(20);
  });

  it('19: metadata of aggregates is kept as it is, for rules to read or not', () => {
    const folder = bundleOf({
      ...oneHost,
      'api/nova/os-aggregates.json': {
        aggregates: [
          { id: 7, name: 'a', hosts: ['h1'], metadata: { filter_tenant_id: 'p1', filter_tenant_id2: 'p2' } },
        ],
      },
    });

    const [aggregate] = cloudOf(folder).aggregates.values();

    expect(aggregate).toEqual({
      id: '7',
      name: 'a',
      hosts: ['h1'],
      metadata: { filter_tenant_id: 'p1', filter_tenant_id2: 'p2' },
    });
  });

  it('takes a service without a state for unknown, and nothing arrives there', () => {
    const facts = readServices([item({ binary: 'nova-compute', host: 'h1', status: 'enabled' })]);
    const folder = bundleOf({
      'api/nova/os-services.json': {
        services: [
          { binary: 'nova-compute', host: 'h1', status: 'enabled', updated_at: '2026-01-02T03:04:05' },
        ],
      },
    });

    expect(facts.hosts?.get(hostId('h1'))).not.toHaveProperty('serviceState');
    expect(hostNamed(cloudOf(folder), 'h1').service).toEqual({
      status: 'disabled',
      state: 'up',
      forcedDown: false,
    });
  });
});
