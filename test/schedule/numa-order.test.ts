import { describe, expect, it } from 'vitest';
import { providerId } from '../../src/model/ids.ts';
import type { Host } from '../../src/model/host.ts';
import type { NumaCell } from '../../src/model/numa.ts';
import type { ResourceProvider } from '../../src/model/placement.ts';
import type { Server } from '../../src/model/server.ts';
import { aCell, aCloud, aContext, aGroup, aHost, aServer } from '../support/builders.ts';
import { migrationOf, order, trips } from './support.ts';

/** A host with two NUMA cells of 8 CPUs each; `residents` are pinned to the first CPUs of their cell. */
function twoCells(name: string, residents: readonly Server[] = [], over: Partial<Host> = {}): Host {
  const cells = [0, 1].map((id): NumaCell => {
    const held = residents.flatMap((server) => placedCells(server).filter((cell) => cell.hostCellId === id));
    const pinned = held.flatMap((cell) => (cell.pinning ?? []).map(([, cpu]) => cpu));
    return aCell(id, { pinned, memoryUsedMiB: held.reduce((sum, cell) => sum + cell.memoryMiB, 0) });
  });
  return aHost(name, { pcpu: 16, cells, ...over });
}

const placedCells = (server: Server) =>
  server.topology?.kind === 'placed' ? server.topology.topology.cells : [];

/** A server pinned to the first so many CPUs of a cell of its host, or of those after `skip`. */
function pinned(
  name: string,
  host: string,
  vcpus: number,
  { cell = 0, skip = 0, memoryGiB = 4 } = {},
): Server {
  const cpus = aCell(cell).dedicatedCpus.slice(skip, skip + vcpus);
  const placed = {
    hostCellId: cell,
    sharedVcpus: [],
    dedicatedVcpus: cpus.map((_, vcpu) => vcpu),
    pinning: cpus.map((cpu, vcpu) => [vcpu, cpu] as const),
    memoryMiB: memoryGiB * 1024,
  };
  const topology = { kind: 'placed', topology: { cells: [placed] } } as const;
  return aServer(name, host, { vcpus, memoryGiB, topology, extraSpecs: { 'hw:cpu_policy': 'dedicated' } });
}

const cellsOf = (outcome: ReturnType<typeof order>, id: string) =>
  migrationOf(outcome, id).fit?.cells.map((cell) => cell.hostCellId);

describe('arrivals that take NUMA cells', () => {
  it('come biggest first and say which cells Nova will choose', () => {
    const a = pinned('a', 'h1', 4);
    const b = pinned('b', 'h2', 8);
    const hosts = [twoCells('h1', [a]), twoCells('h2', [b]), twoCells('h3')];

    const outcome = order(aContext(aCloud({ hosts, servers: [a, b] })), { a: 'h3', b: 'h3' });

    expect(trips(outcome)).toEqual(['m1 b h2>h3', 'm2 a h1>h3']);
    expect([cellsOf(outcome, 'm1'), cellsOf(outcome, 'm2')]).toEqual([[0], [1]]);
  });

  it('are put in another order when Nova would leave no cell for the last of them', () => {
    // The big one waits behind `z`, for which a chain waits; the small ones would each take half of a cell.
    const big = pinned('big', 'h1', 8);
    const z = aServer('z', 'h1', { memoryGiB: 60 });
    const y = aServer('y', 'h5', { memoryGiB: 60 });
    const x = aServer('x', 'h6', { memoryGiB: 60 });
    const [a, b] = [pinned('a', 'h2', 4), pinned('b', 'h4', 4)];
    const hosts = [
      twoCells('h1', [big]),
      twoCells('h2', [a]),
      twoCells('h3'),
      twoCells('h4', [b]),
      ...['h5', 'h6', 'h7'].map((name) => aHost(name)),
    ];
    const context = aContext(aCloud({ hosts, servers: [big, z, y, x, a, b] }));
    const target = { big: 'h3', a: 'h3', b: 'h3', z: 'h7', y: 'h1', x: 'h5' };

    const toH3 = trips(order(context, target)).filter((trip) => trip.endsWith('>h3'));
    const withoutEffort = order(context, target, { options: { effort: 0 } });

    expect(toH3.map((trip) => trip.split(' ')[1])).toEqual(['big', 'a', 'b']);
    expect(withoutEffort).toMatchObject({
      kind: 'deadlock',
      exists: 'unknown',
      stuck: [{ server: 'big', to: 'h3' }],
    });
  });

  it('wait for a departure that is under way, and hold back one that comes after', () => {
    // `out` leaves h2 while `a` could already come; the cell that `a` gets depends on whether `out` is still there.
    const out = pinned('out', 'h2', 4);
    const later = pinned('later', 'h2', 2, { cell: 1 });
    const a = pinned('a', 'h1', 4);
    const hosts = [twoCells('h1', [a]), twoCells('h2', [out, later]), twoCells('h3')];
    const context = aContext(aCloud({ hosts, servers: [out, later, a] }));

    const outcome = order(context, { out: 'h3', later: 'h3', a: 'h2' });

    expect(trips(outcome)).toEqual(['m1 out h2>h3', 'm2 a h1>h2', 'm3 later h2>h3']);
    expect(migrationOf(outcome, 'm2')).toMatchObject({
      startSeconds: migrationOf(outcome, 'm1').endSeconds,
      dependsOn: [{ step: 'm1', reason: 'frees 4 pinned CPUs on h2' }],
    });
    expect(migrationOf(outcome, 'm3')).toMatchObject({
      startSeconds: migrationOf(outcome, 'm2').startSeconds + 5,
      dependsOn: [{ step: 'm1', reason: 'one outgoing migration of h2 at a time' }],
      requestAfter: ['m2'],
    });
  });
});

describe('members of groups', () => {
  it('of anti-affinity wait until another has left their destination', () => {
    const servers = [aServer('a', 'h1'), aServer('b', 'h2')];
    const hosts = ['h1', 'h2', 'h3'].map((name) => aHost(name));
    const context = aContext(aCloud({ hosts, servers, groups: [aGroup(['a', 'b'])] }));

    const outcome = order(context, { a: 'h2', b: 'h3' });

    expect(trips(outcome)).toEqual(['m1 b h2>h3', 'm2 a h1>h2']);
    expect(migrationOf(outcome, 'm2').dependsOn).toEqual([{ step: 'm1', reason: 'frees 4096 MiB on h2' }]);
  });

  it('of affinity travel one after the other, those first that need another one still there', () => {
    const servers = [aServer('a', 'h1'), aServer('b', 'h2'), aServer('c', 'h3')];
    const hosts = ['h1', 'h2', 'h3'].map((name) => aHost(name));
    const group = aGroup(['a', 'b', 'c'], { policy: 'affinity' });
    const context = aContext(aCloud({ hosts, servers, groups: [group] }));

    const outcome = order(context, { a: 'h3', c: 'h2' });

    expect(trips(outcome)).toEqual(['m1 a h1>h3', 'm2 c h3>h2']);
    expect(migrationOf(outcome, 'm2').dependsOn).toEqual([
      { step: 'm1', reason: 'members of affinity group g1 (g1) move one after the other' },
    ]);
  });

  it('of a storage pool that has no room for all at once travel one after the other', () => {
    const share = { allocationRatio: 1, reserved: 0, minUnit: 1, maxUnit: 100, stepSize: 1 };
    const pool = (total: number): ResourceProvider => ({
      id: providerId('rp-pool'),
      name: 'ceph',
      inventories: new Map([['DISK_GB', { ...share, total }]]),
      traits: new Set(['MISC_SHARES_VIA_AGGREGATE']),
      aggregates: ['agg'],
    });
    const hosts = ['h1', 'h2', 'h3', 'h4'].map((name) => {
      const host = aHost(name, { diskGiB: 0 });
      return { ...host, providers: host.providers.map((provider) => ({ ...provider, aggregates: ['agg'] })) };
    });
    const held = (name: string, host: string) =>
      aServer(name, host, {
        allocations: [
          { provider: providerId(`rp-${host}`), resources: { VCPU: 2, MEMORY_MB: 4096 } },
          { provider: providerId('rp-pool'), resources: { DISK_GB: 10 } },
        ],
      });
    const servers = [held('a', 'h1'), held('b', 'h2')];
    const orderWith = (total: number) =>
      order(aContext(aCloud({ hosts, servers, otherProviders: [pool(total)] })), { a: 'h3', b: 'h4' });

    expect(migrationOf(orderWith(40), 'm2').dependsOn).toEqual([]);
    expect(migrationOf(orderWith(30), 'm2').dependsOn).toEqual([
      { step: 'm1', reason: 'members of pool ceph (DISK_GB) move one after the other' },
    ]);
    expect(orderWith(20)).toMatchObject({
      kind: 'deadlock',
      stuck: [{ rule: 'capacity' }, { rule: 'capacity' }],
    });
  });
});
