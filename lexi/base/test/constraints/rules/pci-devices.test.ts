import { describe, expect, it } from 'vitest';
import { pciDevices } from '../../../src/constraints/rules/pci-devices.ts';
import type { Host } from '../../../src/model/host.ts';
import type { PciRequest } from '../../../src/model/pci.ts';
import { createState } from '../../../src/replay/state.ts';
import { aCell, aCloud, aContext, aHost, anArrival, aServer, serverId } from '../../support/builders.ts';
import { aDevice, aPool, without } from '../../support/parts.ts';
import { allowedHosts, say } from '../../support/say.ts';

const vf = (count = 1): PciRequest => ({
  count,
  specs: [{ vendor_id: '8086', product_id: '154c' }],
  source: { kind: 'alias', alias: 'vf' },
});

const withVf = (name: string, host: string, count = 1) =>
  aServer(name, host, { pciRequests: [vf(count)], pciDevices: [] });

const facing = (to: Host, server = withVf('s1', 'h1', 2)) =>
  aContext(aCloud({ hosts: [aHost('h1'), to], servers: [server] }));

describe('pci-devices', () => {
  it('wants as many free devices as are asked for', () => {
    expect(say(pciDevices, facing(aHost('h2', { pciPools: [aPool(2)] })), 's1', 'h2')).toBe('yes');
    expect(say(pciDevices, facing(aHost('h2', { pciPools: [aPool(1)] })), 's1', 'h2')).toBe(
      'host h2 has 1 of 2 PCI devices vendor_id=8086 product_id=154c',
    );
  });

  it('names the alternatives of a request', () => {
    const request = { ...vf(), specs: [{ vendor_id: '10de' }, { vendor_id: '1002', product_id: '73a1' }] };
    const server = aServer('s1', 'h1', { pciRequests: [request] });

    expect(say(pciDevices, facing(aHost('h2'), server), 's1', 'h2')).toBe(
      'host h2 has 0 of 1 PCI devices vendor_id=10de or vendor_id=1002 product_id=73a1',
    );
  });

  it('wants devices near the cells of a server with a NUMA topology', () => {
    const near = { ...vf(), numaPolicy: 'required' as const };
    const server = aServer('s1', 'h1', { extraSpecs: { 'hw:numa_nodes': '1' }, pciRequests: [near] });
    const cells = [aCell(0, { shared: 2 }), aCell(1, { cores: 1, shared: 0 })];
    const ask = (numaNode: number) =>
      say(pciDevices, facing(aHost('h2', { cells, pciPools: [aPool(1, { numaNode })] }), server), 's1', 'h2');

    expect(ask(0)).toBe('yes');
    expect(ask(1)).toBe('host h2 has 0 of 1 PCI devices vendor_id=8086 product_id=154c');
  });

  it('leaves servers without requests alone, even where no source told the devices', () => {
    const blind = without(aHost('h2'), 'pciPools', 'cells');

    expect(say(pciDevices, facing(blind, aServer('s1', 'h1')), 's1', 'h2')).toBe('yes');
  });

  it.each(['pciPools', 'cells'] as const)('does not know the devices of a host without %s', (fact) => {
    const context = facing(without(aHost('h2'), fact));

    expect(say(pciDevices, context, 's1', 'h2')).toBe(
      'unknown, safe no: PCI devices of some hosts are not known: servers that ask for devices stay [hosts[].pciPools]',
    );
    expect(allowedHosts(pciDevices.compile(context), 's1')).toEqual(['h1']);
  });

  it('does not know whether a server fits whose requests no source told', () => {
    const extraSpecs = { 'pci_passthrough:alias': 'vf:1' };
    const server = without(aServer('s1', 'h1', { extraSpecs }), 'pciRequests');
    const context = facing(aHost('h2'), server);

    expect(say(pciDevices, context, 's1', 'h2')).toBe(
      'unknown, safe no: the PCI requests of some servers are not known: they stay [servers[].pciRequests]',
    );
    expect(allowedHosts(pciDevices.compile(context), 's1')).toEqual([]);
  });

  it('holds devices at both ends until the migration completes', () => {
    const taken = aDevice('0000:01:00.0', { status: 'allocated', server: 's1' });
    const context = aContext(
      aCloud({
        hosts: [aHost('h1', { pciDevices: [taken] }), aHost('h2', { pciPools: [aPool(1)] }), aHost('h3')],
        servers: [withVf('s1', 'h1'), withVf('s2', 'h3')],
      }),
    );
    const state = createState(context);
    state.apply({ kind: 'request', arrival: anArrival(context, 's1', 'h2') });

    const onItsWay = ['h1', 'h2'].map((to) => say(pciDevices, context, 's2', to, {}, state));
    state.apply({ kind: 'complete', server: serverId('s1') });
    const after = ['h1', 'h2'].map((to) => say(pciDevices, context, 's2', to, {}, state));

    const words = (host: string): string =>
      `host ${host} has 0 of 1 PCI devices vendor_id=8086 product_id=154c`;
    expect(onItsWay).toEqual([words('h1'), words('h2')]);
    expect(after).toEqual(['yes', words('h2')]);
  });

  it('finds nothing broken: who has a device keeps it', () => {
    expect(pciDevices.audit(createState(facing(aHost('h2'))))).toEqual([]);
  });

  it('compiles to a capacity a kind of request: free devices and those that servers hold', () => {
    const mine = aDevice('0000:01:00.0', { status: 'allocated', server: 's1' });
    const foreign = aDevice('0000:01:00.1', { status: 'allocated', server: 'somebody' });
    const context = aContext(
      aCloud({
        hosts: [
          aHost('h1', { pciDevices: [mine, foreign], pciPools: [aPool(3)] }),
          aHost('h2', { pciPools: [aPool(2), aPool(7, { productId: '1572', devType: 'type-PF' })] }),
        ],
        servers: [withVf('s1', 'h1'), aServer('s2', 'h1')],
      }),
    );

    expect(pciDevices.compile(context)).toEqual([
      {
        kind: 'capacity',
        rule: 'pci-devices',
        resource: 'pci [[["vendor_id","8086"],["product_id","154c"]]]',
        unit: 'PCI devices',
        bothEnds: true,
        limits: new Map([
          ['h1', 4],
          ['h2', 2],
        ]),
        demand: new Map([['s1', 1]]),
        held: new Map([['s1', 1]]),
      },
    ]);
  });

  it('compiles a server whose devices no source told as one that holds none', () => {
    const context = aContext(
      aCloud({ hosts: [aHost('h1', { pciPools: [aPool(1)] })], servers: [withVf('s1', 'h1')] }),
    );

    const [primitive] = pciDevices.compile(context);

    expect(primitive).toMatchObject({ limits: new Map([['h1', 1]]), held: new Map([['s1', 0]]) });
  });
});
