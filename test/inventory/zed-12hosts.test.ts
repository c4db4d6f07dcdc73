import { describe, expect, it } from 'vitest';
import { importBundle } from '../../src/inventory/bundle.ts';
import { completenessOf } from '../../src/inventory/completeness.ts';
import { toCloud } from '../../src/inventory/to-cloud.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import type { NumaCell, PlacedGuestCell, PlacedTopology } from '../../src/model/numa.ts';
import { hostNamed, serverNamed, zed } from './support/bundles.ts';

const { inventory, report } = importBundle(zed);
const cloud = toCloud(inventory);

function countBy<Item>(items: Iterable<Item>, keyOf: (item: Item) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1;
  return counts;
}

const freeCpus = (host: string, cell: number): string => {
  const { dedicatedCpus, pinnedCpus } = cellOf(host, cell);
  return dedicatedCpus.filter((cpu) => !pinnedCpus.includes(cpu)).join(',');
};

const freePages = (host: string, cell: number, sizeKiB: number): string => {
  const pool = cellOf(host, cell).pages.find((each) => each.sizeKiB === sizeKiB);
  return pool === undefined ? 'none' : `${pool.total - pool.used - pool.reserved} of ${pool.total}`;
};

function cellOf(host: string, id: number): NumaCell {
  const cell = hostNamed(cloud, host).cells?.find((each) => each.id === id);
  if (cell === undefined) throw new Error(`no cell ${id} on ${host}`);
  return cell;
}

const pinsOf = (name: string): string[] => {
  const { topology } = serverNamed(cloud, name);
  if (topology?.kind !== 'placed') return [];
  return topology.topology.cells.map(
    (cell) => `${cell.hostCellId}: ${(cell.pinning ?? []).map((pin) => pin.join(':')).join(' ')}`,
  );
};

describe('the recorded cloud, against EXPECTED.md', () => {
  it('has 12 hosts in two zones and 89 servers in these states', () => {
    expect(cloud.hosts.size).toBe(12);
    expect(countBy(cloud.hosts.values(), (host) => host.availabilityZone ?? '')).toEqual({
      'az-north': 6,
      'az-south': 6,
    });
    expect(countBy(cloud.servers.values(), (server) => server.status)).toEqual({
      ACTIVE: 77,
      BUILD: 1,
      ERROR: 2,
      MIGRATING: 1,
      PAUSED: 1,
      SHELVED_OFFLOADED: 1,
      SHUTOFF: 3,
      SUSPENDED: 1,
      VERIFY_RESIZE: 2,
    });
  });

  it('is read at the latest instant that its records name', () => {
    expect(cloud.capturedAt).toBe('2026-11-20T23:32:17Z');
  });

  it('has 7 aggregates of these sizes', () => {
    const sizes = [...cloud.aggregates.values()].map(({ hosts, name }) => `${name} ${hosts.length}`).sort();

    expect(sizes).toEqual([
      'az-north 6',
      'az-south 6',
      'finance-only 1',
      'gpu 2',
      'maintenance-candidates 1',
      'pinned 8',
      'ssd 3',
    ]);
    expect(hostNamed(cloud, 'kvm-a01').aggregates).toHaveLength(3);
  });

  it('holds these amounts of Placement, moves in flight and leftovers included', () => {
    const capacity: Record<string, number> = {};
    for (const { providers } of cloud.hosts.values()) {
      for (const [name, { allocationRatio, reserved, total }] of providers.flatMap((p) => [
        ...p.inventories,
      ])) {
        capacity[name] = (capacity[name] ?? 0) + Math.floor((total - reserved) * allocationRatio);
      }
    }

    expect(capacity).toEqual({ DISK_GB: 21600, MEMORY_MB: 1689152, PCPU: 276, VCPU: 880 });
    expect(heldIn(cloud)).toEqual({ DISK_GB: 4492, MEMORY_MB: 974848, PCPU: 203, VCPU: 260 });
  });

  it.each([
    ['kvm-b04', 0, '', '4 of 12'],
    ['kvm-b04', 1, '', '12 of 12'],
    ['kvm-b04', 2, '18,22,50,54', '12 of 12'],
    ['kvm-b04', 3, '28,31,60,63', '12 of 12'],
    ['kvm-a01', 0, '5,25', '15 of 24'],
    ['kvm-a01', 1, '15,18,35,38', '15 of 24'],
    ['kvm-a02', 0, '3,5,7,9,23,25,27,29', '23 of 24'],
    ['kvm-a02', 1, '14,34', '23 of 24'],
    ['kvm-a03', 0, '', '8 of 24'],
    ['kvm-a03', 1, '14,15,17,18,34,35,37,38', '24 of 24'],
  ])('%s cell %i has these CPUs and 1 GiB pages free', (host, cell, cpus, pages) => {
    expect(freeCpus(host, cell)).toBe(cpus);
    expect(freePages(host, cell, 1048576)).toBe(pages);
  });

  it('knows sockets, and pages of 2 MiB', () => {
    expect(hostNamed(cloud, 'kvm-b04').cells?.map(({ socket }) => socket)).toEqual([0, 0, 1, 1]);
    expect(freePages('kvm-a03', 0, 2048)).toBe('4096 of 4096');
    expect(freePages('kvm-a03', 1, 2048)).toBe('2048 of 4096');
  });

  it.each([
    ['anypage-1', ['1: 0:19 1:43 2:21 3:45']],
    ['asym-1', ['0: 0:10 1:34', '1: 2:18 3:42 4:46 5:22']],
    ['calc-2', ['3: 0:62 1:30 2:59 3:27 4:61 5:29 6:26 7:58']],
    ['mix-1', ['0: 2:24 3:4']],
    ['ml-train-1', ['1: 0:16 1:36 2:33 3:13 4:19 5:39 6:32 7:12']],
    ['vnf-fw-1', ['0: 0:27 1:7 2:9 3:29']],
  ])('%s is pinned where it is', (name, pins) => {
    expect(pinsOf(name)).toEqual(pins);
  });

  it('knows the services that are disabled and forced down', () => {
    expect(hostNamed(cloud, 'kvm-b05').service).toEqual({
      status: 'disabled',
      state: 'up',
      forcedDown: false,
      disabledReason: 'OPS-1182: RAID controller replacement',
      id: 'eb3dad26-65bd-4862-a201-58ab86bc6d6d',
      version: 64,
    });
    expect(hostNamed(cloud, 'kvm-b06').service).toMatchObject({
      status: 'enabled',
      state: 'down',
      forcedDown: true,
    });
  });

  it('knows the CPUs and the version of QEMU of hosts', () => {
    const kinds = countBy(
      cloud.hosts.values(),
      ({ cpu, hypervisorVersion }) => `${cpu?.model ?? ''} ${hypervisorVersion ?? ''}`,
    );

    expect(kinds).toEqual({
      'Skylake-Server-IBRS 6002000': 4,
      'Cascadelake-Server-noTSX 7002000': 1,
      'Cascadelake-Server 7002000': 6,
      'Cascadelake-Server 6002000': 1,
    });
  });

  it('has the four moves in flight, with what they hold', () => {
    const moves = cloud.migrations
      .filter(({ status }) => ['done', 'finished', 'running'].includes(status))
      .map(({ destination, id, server, source, status, type }) => [
        cloud.servers.get(server)?.name,
        id,
        type,
        status,
        source,
        destination,
      ]);

    expect(moves).toEqual([
      ['fin-app-2', 11, 'evacuation', 'done', 'kvm-b06', 'kvm-b05'],
      ['sbc-2', 12, 'resize', 'finished', 'kvm-b02', 'kvm-b03'],
      ['sgw-3', 13, 'migration', 'finished', 'kvm-b01', 'kvm-b02'],
      ['upf-3', 14, 'live-migration', 'running', 'kvm-b01', 'kvm-b02'],
    ]);
    expect(cloud.migrations).toHaveLength(14);
  });

  it('names the release by its microversion and the versions of its services', () => {
    expect(cloud.release).toEqual({
      maxMicroversion: '2.93',
      serviceVersions: [64],
      hostsOfVersion: new Map([[64, 12]]),
    });
  });

  it('shows which groups are violated', () => {
    const placed = [...cloud.groups.values()].map(
      ({ maxServersPerHost, members, name, policy }) =>
        `${name} ${policy} ${maxServersPerHost}: ${members
          .map((id) => cloud.servers.get(id)?.host ?? 'gone')
          .sort()
          .join(' ')}`,
    );

    expect(placed.sort()).toEqual([
      'app-pair affinity 1: kvm-b05 kvm-b06',
      'cache-aa2 anti-affinity 2: kvm-a05 kvm-a05 kvm-a05 kvm-b05',
      'db-aa anti-affinity 1: kvm-b05 kvm-b05 kvm-b06',
      'empty-group anti-affinity 1: ',
      'ml-near soft-affinity 1: kvm-a01 kvm-a01 kvm-a01 kvm-a01',
      'web-spread soft-anti-affinity 1: kvm-a05 kvm-a05 kvm-a05 kvm-a05 kvm-b05',
    ]);
    expect(serverNamed(cloud, 'cache-1').group).toBe('b281af19-46e3-4d58-8816-5caf41627ff4');
  });

  it('knows config drives, locks, volumes and disks', () => {
    const withDrive = [...cloud.servers.values()].filter(({ configDrive }) => configDrive === true);
    const locked = [...cloud.servers.values()].filter((server) => server.locked === true);

    expect(withDrive.map(({ name }) => name).sort()).toEqual([
      'dns-1',
      'fin-erp-1',
      'mon-1',
      'ntp-1',
      'pgw-u-1',
      'pgw-u-2',
      'vnf-fw-1',
      'vnf-fw-2',
    ]);
    expect(locked.map(({ lockedReason, name }) => [name, lockedReason]).sort()).toEqual([
      ['sig-1', 'vendor support case 4711'],
      ['web-04', undefined],
    ]);
    expect(serverNamed(cloud, 'fin-db-1').volumes).toEqual([
      { id: 'f24f0826-695d-51ee-8d02-8e1a9e09992f', sizeGiB: 60 },
      { id: 'f847ce15-42ac-5fbf-b556-d4024738a02d', sizeGiB: 500 },
    ]);
    expect(serverNamed(cloud, 'etl-1').localDisks).toEqual([
      { kind: 'root', sizeGiB: 120 },
      { kind: 'ephemeral', sizeGiB: 40 },
      { kind: 'swap', sizeGiB: 4 },
    ]);
  });

  it('has no contradiction and no gap, as its cross-check says', () => {
    expect(report.contradictions).toEqual([]);
    expect(report.gaps).toEqual([]);
    expect(report.hosts).toBe(12);
    expect(report.servers).toBe(89);
  });

  it('can be judged like this', () => {
    const table = Object.fromEntries(
      completenessOf(inventory).map(({ family, judgement }) => [family, judgement.kind]),
    );

    expect(table).toEqual({
      flavors: 'exact',
      'moves in flight': 'exact',
      'host state': 'exact',
      capacity: 'exact',
      'NUMA fit': 'assumes',
      'PCI devices': 'exact',
      'server groups': 'assumes',
      'requested availability zone': 'exact',
      'aggregates and tenants': 'assumes',
      traits: 'exact',
      'CPU features': 'assumes',
      'config drives and storage': 'assumes',
      'machine types': 'cannot-be-judged',
      'dirty rates': 'assumes',
    });
  });
});

describe('what moves in flight hold', () => {
  it('explains, with the topologies of servers, every pin of every cell once', () => {
    const pinned = [...cloud.hosts.values()].map(({ cells, id }) => [
      id,
      cells?.map((cell) => [...cell.pinnedCpus]),
    ]);

    expect(pinned).toEqual(
      [...cloud.hosts.values()].map(({ cells, id }) => [id, cells?.map((cell) => pinsOn(id, cell.id))]),
    );
  });

  it('is the old topology at the source and the new one at the destination', () => {
    const resize = cloud.migrations.find(({ id }) => id === 12);

    expect(resize?.held?.source?.topology?.cells.map(({ pinning }) => pinning)).toEqual([
      [
        [0, 10],
        [1, 34],
      ],
    ]);
    expect(resize?.held?.source?.flavor?.name).toBe('p1.small');
    expect(resize?.held?.destination?.flavor?.name).toBe('p1.medium');
  });
});

function heldIn({ otherConsumers, servers }: Cloud): Record<string, number> {
  const held: Record<string, number> = {};
  const lists = [...servers.values(), ...otherConsumers].map(({ allocations }) => allocations ?? []);
  for (const { resources } of lists.flat()) {
    for (const [name, amount] of Object.entries(resources)) held[name] = (held[name] ?? 0) + amount;
  }
  return held;
}

/** CPUs taken on a cell: by its servers, and by moves at the end where their server is not. */
function pinsOn(host: string, cell: number): number[] {
  const taken = (topology: PlacedTopology | undefined): number[] =>
    (topology?.cells ?? []).filter(({ hostCellId }) => hostCellId === cell).flatMap(cpusOf);
  const residents = [...cloud.servers.values()]
    .filter((server) => server.host === host)
    .flatMap(({ topology }) => taken(topology?.kind === 'placed' ? topology.topology : undefined));
  const moves = cloud.migrations.flatMap(({ destination, held, server, source }) => {
    const at = cloud.servers.get(server)?.host;
    return [
      ...(source === host && at !== host ? taken(held?.source?.topology) : []),
      ...(destination === host && at !== host ? taken(held?.destination?.topology) : []),
    ];
  });
  return [...residents, ...moves].sort((a, b) => a - b);
}

const cpusOf = ({ pinning, reservedCpus }: PlacedGuestCell): number[] => [
  ...(pinning ?? []).map(([, cpu]) => cpu),
  ...(reservedCpus ?? []),
];
