import { describe, expect, it } from 'vitest';
import { pciLive } from '../../../src/constraints/rules/pci-live.ts';
import type { PciRequest } from '../../../src/model/pci.ts';
import type { Profile } from '../../../src/model/profile.ts';
import type { Server } from '../../../src/model/server.ts';
import { createState } from '../../../src/replay/state.ts';
import { aCloud, aContext, aServer, zedProfile } from '../../support/builders.ts';
import { without } from '../../support/parts.ts';
import { fixedServers, say } from '../../support/say.ts';

const gpu: PciRequest = { count: 1, specs: [{ vendor_id: '10de' }], source: { kind: 'alias', alias: 'gpu' } };
const portOf = (port: string): PciRequest => ({
  count: 1,
  specs: [{ physical_network: 'net1' }],
  source: { kind: 'port', port },
});
const sriov = portOf('p1');

const release = (over: Partial<Profile['switches']>): Profile => ({
  ...zedProfile,
  switches: { ...zedProfile.switches, ...over },
});

const asking = (pciRequests: readonly PciRequest[], over: Partial<Server> = {}) =>
  aCloud({ servers: [aServer('s1', 'h1', { pciRequests, ...over })] });

describe('pci-live', () => {
  it('lets servers without devices go live', () => {
    expect(say(pciLive, aContext(asking([])), 's1', 'h2')).toBe('yes');
  });

  it('refuses to carry flavor devices live, and not to move them cold', () => {
    const context = aContext(asking([gpu]));

    expect(say(pciLive, context, 's1', 'h2')).toBe(
      'Nova refuses to migrate flavor PCI devices live: allow cold',
    );
    expect(say(pciLive, context, 's1', 'h2', { method: 'cold' })).toBe('yes');
  });

  it('carries flavor devices live where the release can and every one of them is live_migratable', () => {
    const profile = release({ pciAliasLive: 'live-migratable-only' });
    const able = { ...gpu, specs: [{ vendor_id: '10de', live_migratable: 'True' }] };
    const half = { ...gpu, specs: [...able.specs, ...gpu.specs] };
    const words = 'it asks for flavor PCI devices that are not live_migratable: allow cold';

    expect(say(pciLive, aContext(asking([able]), { profile }), 's1', 'h2')).toBe('yes');
    expect(say(pciLive, aContext(asking([gpu]), { profile }), 's1', 'h2')).toBe(words);
    expect(say(pciLive, aContext(asking([half]), { profile }), 's1', 'h2')).toBe(words);
  });

  it('detaches SR-IOV ports only when the operator allows it', () => {
    const cloud = asking([sriov]);

    expect(say(pciLive, aContext(cloud), 's1', 'h2')).toBe(
      'its SR-IOV ports would be detached for the time of the migration: allow nic-detach',
    );
    expect(say(pciLive, aContext(cloud, { allow: ['nic-detach'] }), 's1', 'h2')).toBe('yes');
  });

  it('needs no allowance for macvtap and virtio-forwarder ports, which stay attached', () => {
    const ports = [
      { id: 'p1', vnicType: 'macvtap', hasResourceRequest: false },
      { id: 'p2', vnicType: 'direct', hasResourceRequest: false },
    ];

    expect(say(pciLive, aContext(asking([sriov], { ports })), 's1', 'h2')).toBe('yes');
    expect(say(pciLive, aContext(asking([sriov, portOf('p2')], { ports })), 's1', 'h2')).toBe(
      'its SR-IOV ports would be detached for the time of the migration: allow nic-detach',
    );
  });

  it('judges each server by its own ports, though servers of equal wishes share a demand', () => {
    const port = (id: string, vnicType: string) => ({ id, vnicType, hasResourceRequest: false });
    const context = aContext(
      aCloud({
        servers: [
          aServer('s1', 'h1', { pciRequests: [sriov], ports: [port('p1', 'macvtap')] }),
          aServer('s2', 'h1', { pciRequests: [portOf('p2')], ports: [port('p2', 'direct')] }),
        ],
      }),
    );

    expect(say(pciLive, context, 's1', 'h2')).toBe('yes');
    expect(say(pciLive, context, 's2', 'h2')).not.toBe('yes');
  });

  it('refuses SR-IOV ports altogether where the release cannot detach them', () => {
    const context = aContext(asking([sriov]), {
      profile: release({ sriovPortLive: 'refused' }),
      allow: ['nic-detach'],
    });

    expect(say(pciLive, context, 's1', 'h2')).toBe(
      'this release refuses to migrate SR-IOV ports live: allow cold',
    );
  });

  it('has a switch of its own for vDPA ports', () => {
    const ports = [{ id: 'p1', vnicType: 'vdpa', hasResourceRequest: false }];
    const ask = (vdpaPortLive: 'refused' | 'detach', allow: readonly 'nic-detach'[] = ['nic-detach']) =>
      say(
        pciLive,
        aContext(asking([sriov], { ports }), { profile: release({ vdpaPortLive }), allow }),
        's1',
        'h2',
      );

    expect(ask('refused')).toBe('this release refuses to migrate vDPA ports live: allow cold');
    expect(ask('detach')).toBe('yes');
    expect(ask('detach', [])).toContain('allow nic-detach');
  });

  it('leaves servers whose requests are not known to the rule about devices', () => {
    const cloud = aCloud({ servers: [without(aServer('s1', 'h1'), 'pciRequests')] });

    expect(say(pciLive, aContext(cloud), 's1', 'h2')).toBe('yes');
  });

  it('fixes servers that could only go live', () => {
    const cloud = aCloud({
      servers: [
        aServer('s1', 'h1', { pciRequests: [gpu] }),
        aServer('s2', 'h1', { pciRequests: [sriov] }),
        aServer('s3', 'h1'),
        aServer('s4', 'h1', { pciRequests: [gpu], vmState: 'stopped', powerState: 'shutdown' }),
      ],
    });

    expect(fixedServers(pciLive.compile(aContext(cloud)))).toEqual(['s1', 's2']);
    expect(fixedServers(pciLive.compile(aContext(cloud, { allow: ['nic-detach'] })))).toEqual(['s1']);
    expect(pciLive.compile(aContext(cloud, { allow: ['cold'] }))).toEqual([]);
  });

  it('finds nothing broken: it is about travelling', () => {
    expect(pciLive.audit(createState(aContext(asking([gpu]))))).toEqual([]);
  });
});
