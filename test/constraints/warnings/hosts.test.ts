import { describe, expect, it } from 'vitest';
import { memoryOvercommit } from '../../../src/constraints/warnings/memory-overcommit.ts';
import { mixedTopologies } from '../../../src/constraints/warnings/mixed-topologies.ts';
import { otherServices } from '../../../src/constraints/warnings/other-services.ts';
import { warningRules } from '../../../src/replay/warnings/registry.ts';
import { softGroups } from '../../../src/constraints/warnings/soft-groups.ts';
import type { Host } from '../../../src/model/host.ts';
import { aCloud, aContext, aGroup, aHost, aServer, hostId } from '../../support/builders.ts';
import { anInventory, aPlacedCell, placedOn } from '../../support/parts.ts';
import { warn, warnNow } from '../../support/warn.ts';

it('every warning rule has an id of its own, a summary, and something to say', () => {
  expect(new Set(warningRules.map(({ id }) => id)).size).toBe(warningRules.length);
  for (const { summary, onArrival, onDrain, onState } of warningRules) {
    expect(summary).not.toBe('');
    expect(onArrival ?? onDrain ?? onState).toBeDefined();
  }
});

describe('memory-overcommit', () => {
  const host = (name: string, allocationRatio: number): Host => {
    const made = aHost(name);
    const memory = anInventory(8192, { allocationRatio, reserved: 1024, maxUnit: 65536 });
    return {
      ...made,
      providers: made.providers.map((p) => ({
        ...p,
        inventories: new Map([...p.inventories, ['MEMORY_MB', memory]]),
      })),
    };
  };
  const cloud = (ratio: number, there: number) =>
    aContext(
      aCloud({
        hosts: [aHost('h1'), host('h2', ratio)],
        servers: [aServer('s1', 'h1'), aServer('s2', 'h2', { memoryGiB: there })],
      }),
    );

  it('compares what a host promises with what it has, reserved memory aside', () => {
    expect(warn(memoryOvercommit, cloud(1.5, 4), 's1', 'h2')).toEqual([
      'host h2 would promise 8192 MiB of memory and has 7168',
    ]);
    expect(warn(memoryOvercommit, cloud(1.5, 3), 's1', 'h2')).toEqual([]);
    expect(warn(memoryOvercommit, cloud(1, 4), 's1', 'h2')).toEqual([]);
  });

  it('is told of hosts as they are', () => {
    expect(warnNow(memoryOvercommit, cloud(1.5, 8))).toEqual([
      'host h2 promises 8192 MiB of memory and has 7168',
    ]);
    expect(warnNow(memoryOvercommit, cloud(1.5, 7))).toEqual([]);
  });
});

describe('mixed-topologies', () => {
  const pinned = (name: string, host: string) =>
    aServer(name, host, {
      extraSpecs: { 'hw:cpu_policy': 'dedicated' },
      topology: placedOn(aPlacedCell(0, [0, 500])),
    });
  const hosts = [aHost('h1', { pcpu: 8 }), aHost('h2', { pcpu: 8 })];

  it('is told of the arrival that mixes a host, and not of the next one', () => {
    const servers = [pinned('s1', 'h1'), aServer('s2', 'h1'), aServer('s3', 'h2')];
    const context = aContext(aCloud({ hosts, servers }));

    expect(warn(mixedTopologies, context, 's1', 'h2')).toEqual([
      'server s1 has a NUMA topology, the others of host h2 (1) have none: Nova counts NUMA cells for the one kind alone',
    ]);
    expect(warn(mixedTopologies, context, 's2', 'h2')).toEqual([]);
    expect(warn(mixedTopologies, context, 's3', 'h1')).toEqual([]);
  });

  it('is told of servers without a topology that come to those with one', () => {
    const context = aContext(aCloud({ hosts, servers: [aServer('s1', 'h1'), pinned('s2', 'h2')] }));

    expect(warn(mixedTopologies, context, 's1', 'h2')).toEqual([
      'server s1 has no NUMA topology, the others of host h2 (1) have one: Nova counts NUMA cells for the one kind alone',
    ]);
  });

  it('lists hosts that are mixed today', () => {
    const servers = [pinned('s1', 'h1'), aServer('s2', 'h1'), aServer('s3', 'h2')];

    expect(warnNow(mixedTopologies, aContext(aCloud({ hosts, servers })))).toEqual([
      'host h1 runs servers with (1) and without (1) a NUMA topology: Nova counts NUMA cells for the former alone',
    ]);
  });
});

describe('other-services', () => {
  it('names what else runs on a host to be emptied, dead services aside', () => {
    const services = ['neutron-openvswitch-agent', 'ceph-osd', 'ceph-osd'].map((binary) => ({ binary }));
    const host = aHost('h1', { otherServices: [...services, { binary: 'cinder-volume', alive: false }] });
    const context = aContext(aCloud({ hosts: [host, aHost('h2')] }));

    expect(otherServices.onDrain?.(hostId('h1'), context)).toEqual([
      {
        text: 'host h1 runs other services, which no plan moves: neutron-openvswitch-agent, 2 × ceph-osd',
        servers: [],
        host: 'h1',
      },
    ]);
    expect(otherServices.onDrain?.(hostId('h2'), context)).toEqual([]);
  });
});

describe('soft-groups', () => {
  const cloud = (policy: 'soft-affinity' | 'soft-anti-affinity', at: Readonly<Record<string, string>>) =>
    aContext(
      aCloud({
        hosts: [aHost('h1'), aHost('h2')],
        servers: Object.entries(at).map(([name, host]) => aServer(name, host)),
        groups: [aGroup(Object.keys(at), { policy })],
      }),
    );

  it('warns of a move that brings members of soft-anti-affinity together', () => {
    expect(warn(softGroups, cloud('soft-anti-affinity', { s1: 'h1', s2: 'h2' }), 's1', 'h2')).toEqual([
      'server s1 would be with 1 other members of soft-anti-affinity group g1 on host h2, now with 0',
    ]);
    expect(warn(softGroups, cloud('soft-anti-affinity', { s1: 'h1', s2: 'h1' }), 's1', 'h2')).toEqual([]);
  });

  it('warns of a move that takes members of soft-affinity apart', () => {
    expect(warn(softGroups, cloud('soft-affinity', { s1: 'h1', s2: 'h1' }), 's1', 'h2')).toEqual([
      'server s1 would be with 0 other members of soft-affinity group g1 on host h2, now with 1',
    ]);
    expect(warn(softGroups, cloud('soft-affinity', { s1: 'h1', s2: 'h2' }), 's1', 'h2')).toEqual([]);
  });

  it('lists groups that are not as they wish today', () => {
    const together = cloud('soft-anti-affinity', { s1: 'h1', s2: 'h1', s3: 'h2' });

    expect(warnNow(softGroups, together)).toEqual([
      '2 servers of soft-anti-affinity group g1 run on host h1',
    ]);
    expect(warnNow(softGroups, cloud('soft-affinity', { s1: 'h1', s2: 'h2' }))).toEqual([
      'soft-affinity group g1 is spread over 2 hosts',
    ]);
    expect(warnNow(softGroups, cloud('soft-affinity', { s1: 'h1', s2: 'h1' }))).toEqual([]);
  });
});
