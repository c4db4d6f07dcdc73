import { describe, expect, it } from 'vitest';
import { evacueesOf } from '../../../src/constraints/evacuation/evacuees.ts';
import { leftOutNotices } from '../../../src/constraints/evacuation/left-out.ts';
import { surviveHostLoss } from '../../../src/constraints/rules/survive-host-loss.ts';
import type { Host } from '../../../src/model/host.ts';
import type { Server } from '../../../src/model/server.ts';
import type { ServerGroup } from '../../../src/model/server-group.ts';
import { createState } from '../../../src/replay/state.ts';
import {
  aCell,
  aCloud,
  aContext,
  aGroup,
  aHost,
  anArrival,
  aServer,
  hostId,
} from '../../support/builders.ts';
import { broken, say } from '../../support/say.ts';

const rule = surviveHostLoss();

const contextOf = (
  hosts: readonly Host[],
  servers: readonly Server[],
  groups: readonly ServerGroup[] = [],
): ReturnType<typeof aContext> => aContext(aCloud({ hosts, servers, groups }));

const losses = (...cloud: Parameters<typeof contextOf>): readonly string[] =>
  broken(rule, createState(contextOf(...cloud)));

/** So many hosts of 16 VCPU and 64 GiB. */
const hosts = (count: number): readonly Host[] =>
  Array.from({ length: count }, (_, index) => aHost(`h${index + 1}`));

describe('room for the loss of a host', () => {
  it('lets migrations pass at any time', () => {
    expect(say(rule, contextOf(hosts(2), [aServer('s1', 'h1', { vcpus: 16 })]), 's1', 'h2')).toBe('yes');
  });

  it('is there when all servers of a host fit on the others together', () => {
    const servers = [aServer('a', 'h1', { vcpus: 8 }), aServer('b', 'h1', { vcpus: 8 })];

    expect(losses(hosts(2), servers)).toEqual([]);
    expect(losses(hosts(3), [...servers, aServer('c', 'h2', { vcpus: 8 })])).toEqual([]);
  });

  it('is missing when one fits and both do not: the biggest goes first', () => {
    const servers = [
      aServer('small', 'h1', { vcpus: 8, memoryGiB: 1 }),
      aServer('big', 'h1', { vcpus: 8, memoryGiB: 2 }),
      aServer('c', 'h2', { vcpus: 8, memoryGiB: 3 }),
    ];

    expect(losses(hosts(2), servers)).toEqual([
      'if host h1 is lost, 1 server (1024 MiB) finds no room on the other hosts: small ()',
      'if host h2 is lost, 1 server (3072 MiB) finds no room on the other hosts: c ()',
    ]);
  });

  it('counts the memory of all that find none, and names no server as taking part', () => {
    const servers = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) =>
      aServer(name, 'h1', { vcpus: 1, memoryGiB: 1 }),
    );
    const [violation] = rule.audit(createState(contextOf([aHost('h1'), aHost('h2', { vcpu: 1 })], servers)));

    expect(violation).toMatchObject({ key: 'h1', host: 'h1', measured: 6 * 1024, limit: 0, servers: [] });
    expect(rule.describe(violation ?? { measured: 0, limit: 0, unit: '', where: '' })).toBe(
      'if host h1 is lost, 6 servers (6144 MiB) find no room on the other hosts: b, c, d, e, f and 1 more',
    );
  });

  it('finds packings that the host with the most free memory alone would miss', () => {
    const lost = [6, 5, 5].map((memoryGiB, i) => aServer(`s${i}`, 'h1', { vcpus: 1, memoryGiB }));
    const others = [aHost('h2', { memoryMiB: 10 * 1024 }), aHost('h3', { memoryMiB: 6 * 1024 })];

    expect(losses([aHost('h1'), ...others], lost)).toEqual([]);
  });

  it('is not to be had on hosts that are disabled or down, nor where a step has disabled them', () => {
    const server = aServer('a', 'h1');
    const service = { status: 'enabled', state: 'down', forcedDown: false } as const;
    const state = createState(contextOf(hosts(3), [server, aServer('b', 'h2')]));

    expect(losses([aHost('h1'), aHost('h2'), aHost('h3', { service })], [server])).toEqual([]);
    state.apply({ kind: 'service', host: hostId('h2'), status: 'disabled' });
    expect(broken(rule, state)).toEqual([]);
    state.apply({ kind: 'service', host: hostId('h3'), status: 'disabled' });
    expect(broken(rule, state)).toEqual([
      'if host h1 is lost, 1 server (4096 MiB) finds no room on the other hosts: a ()',
    ]);
  });

  it('asks for NUMA cells, pinned CPUs and pages as Nova would', () => {
    const extraSpecs = { 'hw:cpu_policy': 'dedicated', 'hw:numa_nodes': '1' };
    const server = aServer('a', 'h1', { vcpus: 4, extraSpecs });
    const wide = aHost('h2', { pcpu: 8, cells: [aCell(0, { cores: 2 })] });
    const split = aHost('h2', { pcpu: 8, cells: [aCell(0, { cores: 1 }), aCell(1, { cores: 1 })] });
    const home = aHost('h1', { pcpu: 8, cells: [aCell(0, { cores: 4 })] });

    expect(losses([home, wide], [server])).toEqual([]);
    expect(losses([home, split], [server])).toEqual([]); // never: it is left out
    expect(evacueesOf(contextOf([home, split], [server])).leftOut).toEqual(['a']);
    const neighbour = aServer('b', 'h2', { vcpus: 2, extraSpecs, topology: pinnedOn(0, [0, 500]) });
    const full = { ...wide, cells: [aCell(0, { cores: 2, pinned: [0, 500] })] };
    expect(losses([home, full], [server, neighbour])).toEqual([
      'if host h1 is lost, 1 server (4096 MiB) finds no room on the other hosts: a ()',
    ]);
  });

  it('keeps groups apart and zones apart', () => {
    const members = ['a', 'b'].map((name, i) => aServer(name, `h${i + 1}`));
    const group = aGroup(['a', 'b']);
    const inZone = aServer('a', 'h1', { requestedAz: { kind: 'zone', name: 'north' } });
    const zones = (name: string): readonly Host[] => [
      aHost('h1', { zone: 'north' }),
      aHost('h2', { zone: name }),
    ];

    expect(losses(hosts(3), members, [group])).toEqual([]);
    expect(losses(hosts(2), members, [group])).toHaveLength(2);
    expect(losses(zones('north'), [inZone])).toEqual([]);
    expect(evacueesOf(contextOf(zones('south'), [inZone])).leftOut).toEqual(['a']);
  });

  it('is found as long as a server that moved has come where the others would go', () => {
    const context = contextOf(hosts(3), [
      aServer('a', 'h1', { vcpus: 12 }),
      aServer('b', 'h2', { vcpus: 12 }),
    ]);
    const state = createState(context);

    expect(broken(rule, state)).toEqual([]);
    const back = state.apply({ kind: 'request', arrival: anArrival(context, 'b', 'h3') });
    expect(broken(rule, state)).toHaveLength(1); // both ends are taken on the way
    back();
    expect(broken(rule, state)).toEqual([]);
  });

  it('leaves the state as it was', () => {
    const state = createState(contextOf(hosts(2), [aServer('a', 'h1'), aServer('b', 'h1', { vcpus: 15 })]));

    expect(rule.audit(state)).toEqual(rule.audit(state));
    expect(state.claimsOn(hostId('h2'))).toEqual([]);
    expect(state.claimsOn(hostId('h1')).map(({ role }) => role)).toEqual(['resident', 'resident']);
  });
});

describe('servers that nothing helps', () => {
  it('are left out, and told: paused ones, groups that Nova keeps where they are, those too big for any other', () => {
    const servers = [
      aServer('paused', 'h1', { vmState: 'paused' }),
      aServer('together', 'h1'),
      aServer('huge', 'h1', { vcpus: 16, memoryGiB: 60 }),
      aServer('fine', 'h1'),
      aServer('locked', 'h1', { locked: true }),
    ];
    const context = contextOf([aHost('h1', { vcpu: 99 }), aHost('h2', { vcpu: 8 })], servers, [
      aGroup(['together'], { policy: 'affinity' }),
    ]);

    expect(evacueesOf(context).leftOut).toEqual(['huge', 'paused', 'together']);
    expect(broken(rule, createState(context))).toEqual([]);
    expect(leftOutNotices(context)).toEqual([
      {
        text: '3 servers could not be evacuated from a lost host even if nobody else were in the cloud, and --survive-host-loss leaves them out',
        servers: ['huge', 'paused', 'together'],
      },
    ]);
  });

  it('may go where a live migration may not: the host is lost, not asked', () => {
    const context = contextOf(hosts(2), [
      aServer('a', 'h1', { extraSpecs: { 'hw:pmem': 'x' } }),
      aServer('b', 'h1', { powerState: 'shutdown', status: 'SHUTOFF', vmState: 'stopped' }),
      aServer('c', 'h1', { vmState: 'error', status: 'ERROR' }),
    ]);

    expect(evacueesOf(context).leftOut).toEqual(['a']);
  });
});

describe('what it compiles to', () => {
  it('is nothing for who only judges', () => {
    expect(rule.compile(contextOf(hosts(2), [aServer('a', 'h1')]))).toEqual([]);
  });

  it('is room for all but those left out, by the limits of evacuations', () => {
    const servers = [aServer('a', 'h1'), aServer('paused', 'h1', { vmState: 'paused' })];
    const outlook = { broken: new Map([[hostId('h2'), 7]]), keptOpen: 2 };
    const [spareRoom, ...rest] = surviveHostLoss(outlook).compile(contextOf(hosts(2), servers));

    expect(rest).toEqual([]);
    expect(spareRoom).toMatchObject({ kind: 'spareRoom', rule: 'survive-host-loss', ...outlook });
    if (spareRoom?.kind !== 'spareRoom') return;
    expect([...spareRoom.evacuated]).toEqual([['a', 4096]]);
    expect(new Set(spareRoom.limits.map(({ kind }) => kind))).toEqual(new Set(['pairMask', 'capacity']));
  });
});

const pinnedOn = (cell: number, cpus: readonly number[]): NonNullable<Server['topology']> => ({
  kind: 'placed',
  topology: {
    cells: [
      {
        hostCellId: cell,
        sharedVcpus: [],
        dedicatedVcpus: cpus.map((_, i) => i),
        pinning: cpus.map((cpu, i) => [i, cpu] as const),
        memoryMiB: 4096,
      },
    ],
  },
});
