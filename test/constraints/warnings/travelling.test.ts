import { describe, expect, it } from 'vitest';
import { bandwidthGuarantee } from '../../../src/constraints/warnings/bandwidth-guarantee.ts';
import { baseImage } from '../../../src/constraints/warnings/base-image.ts';
import { configDriveCopy } from '../../../src/constraints/warnings/config-drive-copy.ts';
import { volumeZone } from '../../../src/constraints/warnings/volume-zone.ts';
import { nicOutage } from '../../../src/constraints/warnings/nic-outage.ts';
import type { Host } from '../../../src/model/host.ts';
import type { CloudConfig } from '../../../src/model/nova-config.ts';
import type { Server } from '../../../src/model/server.ts';
import { aCloud, aContext, aHost, aServer, someConfig, zedProfile } from '../../support/builders.ts';
import { warn } from '../../support/warn.ts';

interface Over {
  readonly to?: Partial<Host>;
  readonly config?: Partial<CloudConfig>;
}

const cloudWith = (server: Partial<Server>, { to = {}, config = {} }: Over) =>
  aCloud({
    hosts: [aHost('h1'), aHost('h2', to)],
    servers: [aServer('s1', 'h1', server)],
    config: { ...someConfig, ...config },
  });
const of = (server: Partial<Server>, over: Over = {}) => aContext(cloudWith(server, over));

describe('base-image', () => {
  it('is told where disks are copied and the cache is known not to have the image', () => {
    const to = { cachedImages: new Set(['other']) };

    expect(warn(baseImage, of({ imageId: 'img' }, { to }), 's1', 'h2')).toEqual([
      'host h2 fetches image img first: its cache does not have it',
    ]);
    expect(warn(baseImage, of({ imageId: 'other' }, { to }), 's1', 'h2')).toEqual([]);
    expect(warn(baseImage, of({ imageId: 'img' }), 's1', 'h2')).toEqual([]);
    expect(warn(baseImage, of({ imageId: 'img' }, { to }), 's1', 'h2', { storage: 'shared' })).toEqual([]);
    expect(warn(baseImage, of({ imageId: 'img', bootFromVolume: true }, { to }), 's1', 'h2')).toEqual([]);
  });
});

describe('volume-zone', () => {
  const volume = (id: string, zone?: string) => ({
    id,
    ...(zone !== undefined && { availabilityZone: zone }),
  });
  const going = (zone: string, ...volumes: Server['volumes'] & object) =>
    warn(
      volumeZone,
      aContext(
        aCloud({
          hosts: [aHost('h1', { zone: 'north' }), aHost('h2', { zone })],
          servers: [aServer('s1', 'h1', { volumes })],
        }),
      ),
      's1',
      'h2',
    );

  it('is told of volumes whose zone a server leaves, where zones are called alike', () => {
    expect(going('south', volume('v1', 'north'))).toEqual([
      "volume v1 is in Cinder's zone north, host h2 in zone south: does it reach the storage?",
    ]);
    expect(going('south', volume('v1', 'north'), volume('v2', 'north'), volume('v3', 'nova'))).toEqual([
      "2 volumes are in Cinder's zone north, host h2 in zone south: does it reach the storage?",
    ]);
    expect(going('north', volume('v1', 'north'))).toEqual([]);
    expect(going('south', volume('v1', 'nova'), volume('v2'))).toEqual([]);
  });
});

describe('config-drive-copy', () => {
  const words =
    'Nova copies the iso9660 config drive over SSH: its user must be able to log in between the hosts';

  it('is told of live migrations that copy disks, by the format of the destination', () => {
    const vfat = { to: { config: { configDriveFormat: { value: 'vfat', known: true } } } } as const;

    expect(warn(configDriveCopy, of({ configDrive: true }), 's1', 'h2')).toEqual([words]);
    expect(warn(configDriveCopy, of({ configDrive: true }, vfat), 's1', 'h2')).toEqual([]);
    expect(warn(configDriveCopy, of({}), 's1', 'h2')).toEqual([]);
    expect(warn(configDriveCopy, of({ configDrive: true }), 's1', 'h2', { storage: 'shared' })).toEqual([]);
    expect(warn(configDriveCopy, of({ configDrive: true }), 's1', 'h2', { method: 'cold' })).toEqual([]);
  });

  it('says what the release does with it', () => {
    const release = (isoConfigDriveLive: 'libvirt' | 'refused') =>
      aContext(cloudWith({ configDrive: true }, {}), {
        profile: { ...zedProfile, switches: { ...zedProfile.switches, isoConfigDriveLive } },
      });

    expect(warn(configDriveCopy, release('libvirt'), 's1', 'h2')).toEqual([
      'libvirt is to copy the iso9660 config drive: check afterwards that it came along',
    ]);
    expect(warn(configDriveCopy, release('refused'), 's1', 'h2')).toEqual([]);
  });
});

describe('nic-outage', () => {
  const request = (port: string) => ({ count: 1, specs: [{}], source: { kind: 'port', port } }) as const;
  const port = (id: string, vnicType: string) => ({ id, vnicType, hasResourceRequest: false });
  const server = {
    pciRequests: [request('p1'), request('p2'), request('p3')],
    ports: [port('p1', 'direct'), port('p2', 'macvtap')],
  };

  it('counts ports that are detached, unknown ones too', () => {
    expect(warn(nicOutage, of(server), 's1', 'h2')).toEqual([
      'server s1 has no traffic over 2 ports while it migrates: they are detached and attached again',
    ]);
    expect(warn(nicOutage, of(server), 's1', 'h2', { method: 'cold' })).toEqual([]);
    expect(warn(nicOutage, of({ ...server, pciRequests: [request('p2')] }), 's1', 'h2')).toEqual([]);
  });
});

describe('bandwidth-guarantee', () => {
  const port = { id: 'p1', vnicType: 'normal', hasResourceRequest: false };
  const guaranteed = { ...port, id: 'p2', hasResourceRequest: true };

  it('tells that nobody foresees whether the destination has the bandwidth left', () => {
    const text =
      'server s1 has 1 port with a guaranteed bandwidth: whether host h2 has as much left is for Placement to say, no rule foresees it';

    expect(warn(bandwidthGuarantee, of({ ports: [port, guaranteed] }), 's1', 'h2')).toEqual([text]);
    expect(warn(bandwidthGuarantee, of({ ports: [port] }), 's1', 'h2')).toEqual([]);
  });
});
