import { describe, expect, it } from 'vitest';
import type { NetworkLink } from '../../src/model/network.ts';
import { aCloud, aContext, aHost, aServer } from '../support/builders.ts';
import { migrationOf, order, stepsOf, trips } from './support.ts';

/** A server that fills a quarter of the default host's 64 GiB for each 16 GiB. */
const big = (name: string, host: string, memoryGiB = 64) => aServer(name, host, { memoryGiB });

describe('orderMigrations', () => {
  it('gives no steps when everybody is where they shall be', () => {
    const context = aContext(aCloud({ servers: [big('a', 'h1')] }));

    expect(trips(order(context, { a: 'h1' }))).toEqual([]);
  });

  it('orders a chain so that each departure frees the room for the next arrival', () => {
    const hosts = ['h1', 'h2', 'h3'].map((name) => aHost(name));
    const context = aContext(aCloud({ hosts, servers: [big('a', 'h1'), big('b', 'h2')] }));

    const outcome = order(context, { a: 'h2', b: 'h3' });

    expect(trips(outcome)).toEqual(['m1 b h2>h3', 'm2 a h1>h2']);
    expect(migrationOf(outcome, 'm2').dependsOn).toEqual([{ step: 'm1', reason: 'frees 65536 MiB on h2' }]);
    expect(stepsOf(outcome).map((step) => step.wave)).toEqual([1, 2]);
  });

  it('swaps two servers of full hosts through a bypass host', () => {
    const hosts = ['h1', 'h2', 'h3'].map((name) => aHost(name));
    const context = aContext(aCloud({ hosts, servers: [big('a', 'h1'), big('b', 'h2')] }));

    const outcome = order(context, { a: 'h2', b: 'h1' });

    expect(trips(outcome)).toEqual(['m1 a h1>h3 +stop-over', 'm2 b h2>h1', 'm3 a h3>h2']);
    expect(migrationOf(outcome, 'm3').dependsOn).toEqual([{ step: 'm2', reason: 'frees 65536 MiB on h2' }]);
  });

  it('breaks a cycle of three with one stop-over', () => {
    const hosts = ['h1', 'h2', 'h3', 'h4'].map((name) => aHost(name));
    const servers = [big('a', 'h1'), big('b', 'h2'), big('c', 'h3')];
    const context = aContext(aCloud({ hosts, servers }));

    const outcome = order(context, { a: 'h2', b: 'h3', c: 'h1' });

    expect(trips(outcome)).toEqual(['m1 a h1>h4 +stop-over', 'm2 c h3>h1', 'm3 b h2>h3', 'm4 a h4>h2']);
  });

  it('sends several servers aside when one alone frees too little', () => {
    const small = ['h3', 'h4'].map((name) => aHost(name, { memoryMiB: 32 * 1024 }));
    const servers = [big('a', 'h1', 32), big('b', 'h1', 32), big('c', 'h2')];
    const context = aContext(aCloud({ hosts: [aHost('h1'), aHost('h2'), ...small], servers }));

    const outcome = order(context, { a: 'h2', b: 'h2', c: 'h1' });

    expect(trips(outcome)).toEqual([
      'm1 a h1>h3 +stop-over',
      'm2 b h1>h4 +stop-over',
      'm3 c h2>h1',
      'm4 a h3>h2',
      'm5 b h4>h2',
    ]);
  });

  it('breaks independent cycles side by side', () => {
    const hosts = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((name) => aHost(name));
    const servers = [big('a', 'h1'), big('b', 'h2'), big('c', 'h3'), big('d', 'h4')];
    const context = aContext(aCloud({ hosts, servers }));

    const outcome = order(context, { a: 'h2', b: 'h1', c: 'h4', d: 'h3' });

    const starts = stepsOf(outcome).map((step) => `${step.id} ${step.startSeconds}`);
    expect(trips(outcome).slice(0, 2)).toEqual(['m1 a h1>h5 +stop-over', 'm2 c h3>h6 +stop-over']);
    expect(starts.slice(0, 2)).toEqual(['m1 0', 'm2 0']);
  });

  it('certifies a swap without a bypass host, with both servers, the rule and the cycle', () => {
    const context = aContext(aCloud({ servers: [big('a', 'h1'), big('b', 'h2')] }));

    const outcome = order(context, { a: 'h2', b: 'h1' });

    expect(outcome).toEqual({
      kind: 'deadlock',
      stuck: [
        { server: 'a', to: 'h2', rule: 'capacity', text: 'host h2: 131072 of 65536 MEMORY_MB' },
        { server: 'b', to: 'h1', rule: 'capacity', text: 'host h1: 131072 of 65536 MEMORY_MB' },
      ],
      cycles: [['a', 'b']],
    });
  });

  it('never stops over on a host that is to be disabled', () => {
    const hosts = ['h1', 'h2', 'h3'].map((name) => aHost(name));
    const context = aContext(aCloud({ hosts, servers: [big('a', 'h1'), big('b', 'h2')] }));

    expect(order(context, { a: 'h2', b: 'h1' }, { closed: ['h3'] }).kind).toBe('deadlock');
  });

  it('says that effort ran out when it could not look for a stop-over', () => {
    const hosts = ['h1', 'h2', 'h3'].map((name) => aHost(name));
    const context = aContext(aCloud({ hosts, servers: [big('a', 'h1'), big('b', 'h2')] }));

    const outcome = order(context, { a: 'h2', b: 'h1' }, { options: { effort: 0 } });

    expect(outcome).toMatchObject({ kind: 'deadlock', stoppedBy: 'effort' });
  });

  it('reports only the move that no order helps, not those that could go', () => {
    const hosts = ['h1', 'h2', 'h3'].map((name) => aHost(name));
    const servers = [big('a', 'h1', 8), big('b', 'h1', 8), big('full', 'h3')];
    const context = aContext(aCloud({ hosts, servers }));

    const outcome = order(context, { a: 'h2', b: 'h3' });

    expect(outcome).toMatchObject({
      kind: 'deadlock',
      stuck: [{ server: 'b', to: 'h3', rule: 'capacity' }],
      cycles: [],
    });
  });

  it('leaves the state as it was', () => {
    const hosts = ['h1', 'h2', 'h3'].map((name) => aHost(name));
    const context = aContext(aCloud({ hosts, servers: [big('a', 'h1'), big('b', 'h2')] }));

    expect(trips(order(context, { a: 'h2', b: 'h1' }))).toEqual(trips(order(context, { a: 'h2', b: 'h1' })));
  });
});

describe('the timetable', () => {
  const hosts = ['h1', 'h2', 'h3', 'h4'].map((name) => aHost(name));

  it('lets one migration leave a host at a time and says why', () => {
    const servers = [big('a', 'h1', 8), big('b', 'h1', 8)];
    const context = aContext(aCloud({ hosts, servers }));

    const outcome = order(context, { a: 'h2', b: 'h3' });

    expect(migrationOf(outcome, 'm2').dependsOn).toEqual([
      { step: 'm1', reason: 'one outgoing migration of h1 at a time' },
    ]);
    expect(migrationOf(outcome, 'm2').startSeconds).toBe(migrationOf(outcome, 'm1').endSeconds);
  });

  it('lets as many leave as the source is configured for, if its link carries them', () => {
    const servers = [big('a', 'h1', 8), big('b', 'h1', 8)];
    const cloud = aCloud({ hosts, servers });
    const two = { value: 2, known: true };
    const capped = { value: 4000, known: true };
    const config = { ...cloud.config, maxConcurrentLiveMigrations: two };

    const full = order(aContext({ ...cloud, config }), { a: 'h2', b: 'h3' });
    const half = order(aContext({ ...cloud, config: { ...config, migrationBandwidthMbps: capped } }), {
      a: 'h2',
      b: 'h3',
    });

    expect(migrationOf(full, 'm2').startSeconds).toBe(migrationOf(full, 'm1').endSeconds);
    expect(migrationOf(half, 'm2').startSeconds).toBe(0);
  });

  it('sends one after the other to a destination whose link one migration fills', () => {
    const servers = [big('a', 'h1', 8), big('b', 'h2', 8)];
    const context = aContext(aCloud({ hosts, servers }));

    const outcome = order(context, { a: 'h3', b: 'h3' });

    expect(migrationOf(outcome, 'm2').dependsOn).toEqual([
      { step: 'm1', reason: 'the inbound link of h3 is taken until then (10000 Mbit/s)' },
    ]);
  });

  it('sends side by side to a destination with a faster link, the second once the first was accepted', () => {
    const fast = aHost('h3', { nics: [{ name: 'eth0', bandwidthMbps: 25_000 }] });
    const servers = [big('a', 'h1', 8), big('b', 'h2', 8)];
    const context = aContext(aCloud({ hosts: [aHost('h1'), aHost('h2'), fast], servers }));

    const outcome = order(context, { a: 'h3', b: 'h3' });

    expect(migrationOf(outcome, 'm2')).toMatchObject({
      startSeconds: 5,
      dependsOn: [],
      requestAfter: ['m1'],
    });
  });

  const uplink = (name: string, bandwidthMbps: number, over: Partial<NetworkLink> = {}): NetworkLink => ({
    name: `up-${name}`,
    members: [name],
    bandwidthMbps,
    fullDuplex: true,
    ...over,
  });
  const inRack = (name: string, rack: string) => aHost(name, { rack });

  it('lets migrations between racks wait for the uplink that one of them fills', () => {
    const racked = [inRack('h1', 'a'), inRack('h2', 'a'), inRack('h3', 'b'), inRack('h4', 'b')];
    const servers = [big('a', 'h1', 8), big('b', 'h2', 8)];
    const links = [uplink('a', 10_000), uplink('b', 40_000)];
    const context = aContext({ ...aCloud({ hosts: racked, servers }), links });

    const outcome = order(context, { a: 'h3', b: 'h4' });

    expect(migrationOf(outcome, 'm2').startSeconds).toBe(migrationOf(outcome, 'm1').endSeconds);
    expect(migrationOf(outcome, 'm2').dependsOn).toEqual([
      { step: 'm1', reason: 'the link up-a, outbound is taken until then (10000 Mbit/s)' },
    ]);
  });

  it('lets as many share an uplink as it carries, and those within a rack pass it by', () => {
    const names = ['h1', 'h2', 'h3', 'h4', 'h5'];
    const racked = [
      ...names.map((name) => inRack(name, 'a')),
      ...['i1', 'i2', 'i3'].map((n) => inRack(n, 'b')),
    ];
    const servers = names.map((host, at) => big(`s${at + 1}`, host, 8));
    const context = aContext({
      ...aCloud({ hosts: [...racked, aHost('h6', { rack: 'a' })], servers }),
      links: [uplink('a', 25_000)],
    });

    const outcome = order(context, { s1: 'i1', s2: 'i2', s3: 'i3', s4: 'h6' });

    const starts = stepsOf(outcome).map((step) => step.startSeconds);
    expect(starts.filter((start) => start === 0)).toHaveLength(3);
    expect(migrationOf(outcome, 'm4').dependsOn).toHaveLength(1);
  });

  it('shares a half-duplex uplink among those that leave and those that come', () => {
    const racked = [inRack('h1', 'a'), inRack('h2', 'a'), inRack('h3', 'b'), inRack('h4', 'b')];
    const servers = [big('a', 'h1', 8), big('b', 'h3', 8)];
    const cloud = aCloud({ hosts: racked, servers });
    const ordered = (fullDuplex: boolean) =>
      order(aContext({ ...cloud, links: [uplink('a', 10_000, { fullDuplex })] }), { a: 'h4', b: 'h2' });

    const half = ordered(false);

    expect(stepsOf(ordered(true)).map((step) => step.startSeconds)).toEqual([0, 0]);
    expect(migrationOf(half, 'm2').startSeconds).toBe(migrationOf(half, 'm1').endSeconds);
  });

  it('keeps to the number of migrations that may come to a host at a time', () => {
    const fast = aHost('h3', { nics: [{ name: 'eth0', bandwidthMbps: 25_000 }] });
    const servers = [big('a', 'h1', 8), big('b', 'h2', 8)];
    const cloud = aCloud({ hosts: [aHost('h1'), aHost('h2'), fast], servers });

    const outcome = order(aContext({ ...cloud, networkLimits: { maxInbound: 1 } }), { a: 'h3', b: 'h3' });

    expect(migrationOf(outcome, 'm2').startSeconds).toBe(migrationOf(outcome, 'm1').endSeconds);
    expect(migrationOf(outcome, 'm2').dependsOn).toEqual([
      { step: 'm1', reason: 'one incoming migration of h3 at a time' },
    ]);
  });

  it('waits for a shared link instead of stepping aside', () => {
    const racked = [
      inRack('h1', 'a'),
      inRack('h2', 'a'),
      inRack('h3', 'b'),
      inRack('h4', 'b'),
      inRack('h5', 'b'),
    ];
    const servers = [big('a', 'h1', 60), big('b', 'h2', 8)];
    const context = aContext({ ...aCloud({ hosts: racked, servers }), links: [uplink('a', 10_000)] });

    expect(trips(order(context, { a: 'h3', b: 'h4' }))).toEqual(['m1 a h1>h3', 'm2 b h2>h4']);
  });

  it('keeps to the number of migrations that may run at once', () => {
    const servers = [big('a', 'h1', 8), big('b', 'h2', 8)];
    const context = aContext(aCloud({ hosts, servers }));

    const outcome = order(context, { a: 'h3', b: 'h4' }, { options: { maxParallel: 1 } });

    expect(migrationOf(outcome, 'm2').startSeconds).toBe(migrationOf(outcome, 'm1').endSeconds);
  });

  it('moves a stopped server cold and confirms it before its room is used', () => {
    const stopped = { vmState: 'stopped', status: 'SHUTOFF', powerState: 'shutdown' } as const;
    const servers = [big('a', 'h1'), aServer('b', 'h2', { memoryGiB: 64, ...stopped })];
    const context = aContext(aCloud({ hosts: hosts.slice(0, 3), servers }));

    const outcome = order(context, { a: 'h2', b: 'h3' });

    expect(trips(outcome)).toEqual(['m1 b h2>h3 +cold', 'c1 confirm b', 'm2 a h1>h2']);
    expect(stepsOf(outcome)[1]).toMatchObject({ of: 'm1', dependsOn: [{ step: 'm1' }] });
    expect(migrationOf(outcome, 'm2').dependsOn).toEqual([{ step: 'c1', reason: 'frees 65536 MiB on h2' }]);
  });

  it('moves an active server cold only when live is refused and cold allowed', () => {
    const device = {
      count: 1,
      specs: [{ vendor_id: '8086' }],
      source: { kind: 'alias', alias: 'nic' },
    } as const;
    const pciPools = [{ vendorId: '8086', productId: '1', devType: 'type-PCI', count: 1, tags: {} }] as const;
    const servers = [aServer('a', 'h1', { pciRequests: [device] })];
    const cloud = aCloud({ hosts: [aHost('h1'), aHost('h2', { pciPools })], servers });

    expect(trips(order(aContext(cloud, { allow: ['cold'] }), { a: 'h2' }))[0]).toBe('m1 a h1>h2 +cold');
    expect(order(aContext(cloud), { a: 'h2' })).toMatchObject({ stuck: [{ rule: 'pci-live' }] });
  });

  it('puts the biggest first among those that go to one host', () => {
    const servers = [big('a', 'h1', 8), big('b', 'h2', 32), big('c', 'h3', 16)];
    const context = aContext(aCloud({ hosts, servers }));

    const outcome = order(context, { a: 'h4', b: 'h4', c: 'h4' });

    expect(trips(outcome)).toEqual(['m1 b h2>h4', 'm2 c h3>h4', 'm3 a h1>h4']);
  });

  it('starts with what a long chain waits for', () => {
    const servers = [big('free', 'h1', 8), big('a', 'h1'), big('b', 'h2'), big('c', 'h3')];
    const roomy = aHost('h1', { memoryMiB: 80 * 1024 });
    const cloud = aCloud({ hosts: [roomy, ...hosts.slice(1), aHost('h5')], servers });

    const outcome = order(aContext(cloud), { free: 'h5', a: 'h4', b: 'h1', c: 'h2' });

    expect(trips(outcome)[0]).toBe('m1 a h1>h4');
  });
});
