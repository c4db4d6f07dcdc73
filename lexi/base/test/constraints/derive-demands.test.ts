import { describe, expect, it } from 'vitest';
import type { Demand } from '../../src/constraints/demand.ts';
import { deriveDemands } from '../../src/constraints/derive-demands.ts';
import type { Server } from '../../src/model/server.ts';
import { aCloud, aServer, someConfig, serverId } from '../support/builders.ts';
import { aPlacedCell, placedOn, without } from '../support/parts.ts';

const pinned = { 'hw:cpu_policy': 'dedicated' };
const port = { id: 'p1', vnicType: 'normal', hasResourceRequest: false };

const demandOf = (server: Server, over: Parameters<typeof aCloud>[0] = {}): Demand => {
  const demand = deriveDemands(aCloud({ servers: [server], ...over })).get(server.id);
  if (demand === undefined) throw new Error('every server has a demand');
  return demand;
};

describe('the topology that a server wants', () => {
  it('follows from flavor and image, not from how it is placed', () => {
    const server = aServer('s1', 'h1', {
      extraSpecs: { 'hw:numa_nodes': '2' },
      topology: placedOn(aPlacedCell(0, [0])),
    });

    const { guest, fit } = demandOf(server);

    expect(guest).toMatchObject({ kind: 'topology', topology: { cells: [{ id: 0 }, { id: 1 }] } });
    expect(fit?.cells.map(({ memoryMiB }) => memoryMiB)).toEqual([2048, 2048]);
  });

  it('is none when flavor and image ask for none', () => {
    const { guest, fit } = demandOf(aServer('s1', 'h1', { topology: placedOn(aPlacedCell(0, [0])) }));

    expect(guest).toEqual({ kind: 'none' });
    expect(fit?.cells).toEqual([]);
  });

  it('is what the flavor says when the image is not known', () => {
    const server = without(aServer('s1', 'h1', { extraSpecs: pinned }), 'imageProperties');

    expect(demandOf(server).guest).toMatchObject({ kind: 'topology' });
  });

  it('is what it has now when the image is not known and the flavor asks for nothing', () => {
    const placed = aServer('s1', 'h1', {
      topology: placedOn(
        aPlacedCell(1, [4, 5], { pageSizeKiB: 2048, reservedCpus: [6], sharedVcpus: [2], memoryMiB: 1024 }),
        aPlacedCell(0, [1], { pageSizeKiB: 2048, memoryMiB: 512 }),
      ),
    });
    const none = aServer('s2', 'h1', { topology: { kind: 'none' } });

    const demand = demandOf(without(placed, 'imageProperties'));

    expect(demand.fit).toMatchObject({
      cells: [
        { sharedVcpus: 1, dedicatedVcpus: 2, memoryMiB: 1024, pageSize: 2048 },
        { sharedVcpus: 0, dedicatedVcpus: 1, memoryMiB: 512, pageSize: 2048 },
      ],
      pinned: true,
      floating: true,
      isolatedEmulator: true,
    });
    expect(demand.amounts).toMatchObject({ PCPU: 4, VCPU: 1 });
    expect(demandOf(without(none, 'imageProperties')).guest).toEqual({ kind: 'none' });
  });

  it('is not known when neither image nor topology is', () => {
    const { guest, fit } = demandOf(without(aServer('s1', 'h1'), 'imageProperties', 'topology'));

    expect(guest).toEqual({
      kind: 'unknown',
      missing: ['servers[].imageProperties', 'servers[].topology'],
    });
    expect(fit).toBeUndefined();
  });

  it('is not known when Nova would refuse flavor and image', () => {
    const server = aServer('s1', 'h1', {
      extraSpecs: { 'hw:cpu_policy': 'shared' },
      imageProperties: { hw_cpu_policy: 'dedicated' },
    });

    expect(demandOf(server).guest).toEqual({
      kind: 'unknown',
      missing: ['servers[].flavor and image that Nova accepts (ImageCPUPinningForbidden)'],
    });
  });
});

describe('the devices that a server wants', () => {
  it('are those of its requests', () => {
    const request = {
      count: 2,
      specs: [{ vendor_id: '8086' }],
      source: { kind: 'alias', alias: 'a' },
    } as const;

    expect(demandOf(aServer('s1', 'h1', { pciRequests: [request] })).pci).toEqual({
      kind: 'known',
      requests: [request],
    });
  });

  it.each([
    ['an alias in the flavor', { extraSpecs: { 'pci_passthrough:alias': 'a:1' } }],
    ['a port that is not ordinary', { ports: [{ ...port, vnicType: 'direct' }] }],
  ])('are not known when no source told the requests and there is %s', (_, over) => {
    const server = without(aServer('s1', 'h1', over), 'pciRequests');

    expect(demandOf(server).pci).toEqual({ kind: 'unknown', missing: ['servers[].pciRequests'] });
    expect(demandOf(server).fit).toBeUndefined();
  });

  it('are none when ports are ordinary, and are assumed to be none when nothing is known of ports', () => {
    const ordinary = without(aServer('s1', 'h1', { ports: [port] }), 'pciRequests');
    const silent = without(aServer('s1', 'h1'), 'pciRequests', 'ports');

    expect(demandOf(ordinary).pci).toEqual({ kind: 'known', requests: [] });
    expect(demandOf(silent).pci).toEqual({
      kind: 'assumed-none',
      missing: ['servers[].pciRequests', 'servers[].ports'],
    });
  });
});

describe('the networks that a server wants near', () => {
  it('are those of its ports, each once, and only for a server with a topology', () => {
    const ports = [
      { ...port, physicalNetwork: 'net2' },
      { ...port, physicalNetwork: 'net1' },
      { ...port, physicalNetwork: 'net2' },
      { ...port, tunneled: true },
    ];

    expect(demandOf(aServer('s1', 'h1', { ports, extraSpecs: pinned })).fit?.networks).toEqual({
      physnets: ['net1', 'net2'],
      tunneled: true,
    });
    expect(demandOf(aServer('s1', 'h1', { ports: [port], extraSpecs: pinned })).fit?.networks).toEqual({
      physnets: [],
      tunneled: false,
    });
    expect(demandOf(aServer('s1', 'h1', { ports })).fit?.networks).toBeUndefined();
  });
});

describe('deriveDemands', () => {
  it('asks hosts without PCPU like the others when Nova makes no second request', () => {
    const config = {
      ...someConfig,
      workarounds: { value: ['disable_fallback_pcpu_query'], known: true },
    };
    const server = aServer('s1', 'h1', {
      extraSpecs: { ...pinned, 'hw:cpu_thread_policy': 'require' },
    });

    expect(demandOf(server)).toMatchObject({ legacyAmounts: { VCPU: 2 }, legacyRequiredTraits: [] });
    expect(demandOf(server, { config })).toMatchObject({
      legacyAmounts: { PCPU: 2 },
      legacyRequiredTraits: ['HW_CPU_HYPERTHREADING'],
    });
  });

  it('counts no root disk of a server that boots from a volume', () => {
    expect(demandOf(aServer('s1', 'h1', { bootFromVolume: true })).amounts).toEqual({
      VCPU: 2,
      MEMORY_MB: 4096,
    });
  });

  it('gives servers of equal wishes one demand, whatever they are called', () => {
    const named = aServer('s2', 'h2');
    const demands = deriveDemands(
      aCloud({ servers: [aServer('s1', 'h1'), { ...named, flavor: { ...named.flavor, name: 'other' } }] }),
    );

    expect(demands.get(serverId('s1'))).toBe(demands.get(serverId('s2')));
  });

  it.each<[string, Partial<Server>, Partial<Server>]>([
    ['extra specs', {}, { flavor: { ...aServer('x', 'h1').flavor, extraSpecs: pinned } }],
    ['image properties', {}, { imageProperties: { hw_cpu_policy: 'dedicated' } }],
    ['kinds of port', { ports: [port] }, { ports: [{ ...port, vnicType: 'direct' }] }],
    ['networks', { ports: [port] }, { ports: [{ ...port, physicalNetwork: 'net1' }] }],
    ['boot volumes', {}, { bootFromVolume: true }],
  ])('tells apart servers that differ in %s', (_, one, other) => {
    const servers = [aServer('s1', 'h1', one), aServer('s2', 'h1', other)].map((server) =>
      without(server, 'pciRequests'),
    );

    const demands = deriveDemands(aCloud({ servers }));

    expect(demands.get(serverId('s1'))).not.toBe(demands.get(serverId('s2')));
  });
});
