import { describe, expect, it } from 'vitest';
import { hostId } from '../../src/model/ids.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import type { Host } from '../../src/model/host.ts';
import type { NetworkLink } from '../../src/model/network.ts';
import { inboundLimit, outboundLimit } from '../../src/replay/limits.ts';
import { routeOf } from '../../src/replay/network.ts';
import { aCloud, aHost } from '../support/builders.ts';

const nic = (bandwidthMbps: number): Pick<Host, 'nics'> => ({ nics: [{ name: 'eth0', bandwidthMbps }] });

const uplink = (rack: string, over: Partial<NetworkLink> = {}): NetworkLink => ({
  name: `up-${rack}`,
  members: [rack],
  bandwidthMbps: 20_000,
  fullDuplex: true,
  ...over,
});

/** a1 and a2 in rack a, b1 in rack b. */
const racks = (links: readonly NetworkLink[], over: Partial<Cloud> = {}): Cloud => ({
  ...aCloud({
    hosts: [aHost('a1', { rack: 'a' }), aHost('a2', { rack: 'a' }), aHost('b1', { rack: 'b' })],
  }),
  links,
  ...over,
});

const route = (cloud: Cloud, from: string, to: string, method: 'live' | 'cold' = 'live') =>
  routeOf(hostId(from), hostId(to), cloud, method);

/** What it crosses, as people write it. */
const crossed = (cloud: Cloud, from: string, to: string): readonly string[] =>
  route(cloud, from, to).links.map(({ label, capacityMbps }) => `${label} ${capacityMbps}`);

describe('routeOf', () => {
  it('crosses the NIC of the source outwards and that of the destination inwards', () => {
    const cloud = aCloud({ hosts: [aHost('h1', nic(25_000)), aHost('h2', nic(1000))] });

    expect(route(cloud, 'h1', 'h2')).toEqual({
      mbps: 1000,
      links: [
        { key: 'nic h1 out', capacityMbps: 25_000, label: 'outbound link of h1' },
        { key: 'nic h2 in', capacityMbps: 1000, label: 'inbound link of h2' },
      ],
    });
  });

  it('takes the fastest NIC of a host, and 10 Gbit/s where none is known', () => {
    const fast = aHost('h1', { nics: [...nic(1000).nics, ...nic(40_000).nics] });
    const cloud = aCloud({ hosts: [fast, aHost('h2', { nics: [] })] });

    expect(crossed(cloud, 'h1', 'h2')).toEqual(['outbound link of h1 40000', 'inbound link of h2 10000']);
  });

  it('leaves a rack by its uplink and comes in by that of the other, each way on its own', () => {
    const cloud = racks([uplink('a'), uplink('b', { bandwidthMbps: 5000 })]);

    expect(crossed(cloud, 'a1', 'b1')).toEqual([
      'outbound link of a1 10000',
      'link up-a, outbound 20000',
      'link up-b, inbound 5000',
      'inbound link of b1 10000',
    ]);
    expect(route(cloud, 'a1', 'b1').mbps).toBe(5000);
    expect(route(cloud, 'a1', 'b1').links.map(({ key }) => key)).toEqual([
      'nic a1 out',
      'link up-a out',
      'link up-b in',
      'nic b1 in',
    ]);
  });

  it('shares a half-duplex uplink between both directions', () => {
    const cloud = racks([uplink('a', { fullDuplex: false })]);

    const keys = [route(cloud, 'a1', 'b1'), route(cloud, 'b1', 'a1')].map(({ links }) => links[1]?.key);

    expect(keys).toEqual(['link up-a', 'link up-a']);
  });

  it('crosses no uplink within a rack, and none of a rack that it does not touch', () => {
    const cloud = racks([uplink('a'), uplink('b'), uplink('c')]);

    expect(crossed(cloud, 'a1', 'a2')).toEqual(['outbound link of a1 10000', 'inbound link of a2 10000']);
    expect(crossed(cloud, 'a1', 'b1')).not.toContain('link up-c, outbound 20000');
  });

  it('takes hosts as members too, beside racks', () => {
    const cloud = racks([uplink('a1')]);

    expect(crossed(cloud, 'a1', 'a2')).toContain('link up-a1, outbound 20000');
    expect(crossed(cloud, 'a2', 'b1')).not.toContain('link up-a1, outbound 20000');
  });

  it('crosses a blocking switch between its members, and to elsewhere, but not within one of them', () => {
    const spine: NetworkLink = {
      name: 'spine',
      kind: 'switch',
      members: ['a', 'b'],
      bandwidthMbps: 8000,
      fullDuplex: true,
    };
    const cloud = racks([spine]);

    expect(crossed(cloud, 'a1', 'b1')).toContain('switch spine 8000');
    expect(crossed(cloud, 'b1', 'a1')).toContain('switch spine 8000');
    expect(crossed(cloud, 'a1', 'a2')).not.toContain('switch spine 8000');
    expect(crossed(racks([{ ...spine, members: ['a'] }]), 'a1', 'b1')).toContain('switch spine 8000');
    // the same links as an uplink of both racks are left by nobody
    expect(crossed(racks([{ ...spine, kind: 'uplink' }]), 'a1', 'b1')).toHaveLength(2);
  });

  it('is no faster than live_migration_bandwidth lets a live migration be; cold ones have no such cap', () => {
    const cloud = racks([]);
    const config = { ...cloud.config, migrationBandwidthMbps: { value: 839, known: true } };

    expect(route({ ...cloud, config }, 'a1', 'b1').mbps).toBe(839);
    expect(route({ ...cloud, config }, 'a1', 'b1', 'cold').mbps).toBe(10_000);
  });

  it('takes no more than the operator gives a migration, by any method', () => {
    const cloud = racks([], { networkLimits: { migrationMbps: 2000 } });

    expect(route(cloud, 'a1', 'b1').mbps).toBe(2000);
    expect(route(cloud, 'a1', 'b1', 'cold').mbps).toBe(2000);
    expect(route(cloud, 'a1', 'b1').links[0]?.capacityMbps).toBe(10_000);
  });

  it('leaves a share of every link to others', () => {
    const cloud = racks([uplink('a', { bandwidthMbps: 4000 })], {
      networkLimits: { networkSharePercent: 25 },
    });

    expect(crossed(cloud, 'a1', 'b1')).toEqual([
      'outbound link of a1 2500',
      'link up-a, outbound 1000',
      'inbound link of b1 2500',
    ]);
    expect(route(cloud, 'a1', 'b1').mbps).toBe(1000);
  });
});

describe('limits of migrations at a time', () => {
  it('are those of the source, of which 0 is a thousand as in Nova', () => {
    const cloud = aCloud();
    const config = { ...cloud.config, maxConcurrentLiveMigrations: { value: 0, known: true } };
    const own = aHost('h1', { config: { maxConcurrentLiveMigrations: { value: 3, known: true } } });

    expect(outboundLimit(cloud.hosts.get(hostId('h1')), cloud)).toBe(1);
    expect(outboundLimit(cloud.hosts.get(hostId('h1')), { ...cloud, config })).toBe(1000);
    expect(outboundLimit(own, cloud)).toBe(3);
    // A dead host sends nobody: those on it are rebuilt from elsewhere.
    const dead = aHost('h1', { service: { ...own.service, state: 'down' } });
    expect(outboundLimit(dead, cloud)).toBe(Infinity);
  });

  it('are none for what comes in, where the operator asks for none', () => {
    expect(inboundLimit(aCloud())).toBe(Infinity);
    expect(inboundLimit({ ...aCloud(), networkLimits: { maxInbound: 2 } })).toBe(2);
  });
});
