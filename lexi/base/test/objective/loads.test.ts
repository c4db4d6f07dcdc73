import { describe, expect, it } from 'vitest';
import { loadTable } from '../../src/objective/loads.ts';
import { aCloud, aContext, aHost, aServer, hostId, providerId, serverId } from '../support/builders.ts';
import { anInventory, aProvider, without } from '../support/parts.ts';

const tableOf = (cloud: ReturnType<typeof aCloud>) => loadTable(cloud, aContext(cloud).demands);
const hold = (host: string, resources: Readonly<Record<string, number>>) => ({
  provider: providerId(`rp-${host}`),
  resources,
});
const [h1, h2] = [hostId('h1'), hostId('h2')];

describe('the capacity of a host', () => {
  it('is (total − reserved) × ratio in whole units, over all of its providers', () => {
    const root = aProvider('h1', { MEMORY_MB: 1000 });
    const numa = [
      anInventory(5, { reserved: 2, allocationRatio: 1.5 }),
      anInventory(3, { allocationRatio: 1.5 }),
    ].map((vcpu, index) => ({
      ...aProvider(`numa${index}`, {}),
      inventories: new Map([['VCPU', vcpu]]),
    }));

    const table = tableOf(aCloud({ hosts: [aHost('h1', { providers: [root, ...numa] })] }));

    expect(table.capacity(h1, 'VCPU')).toBe(8);
    expect(table.capacity(h1, 'MEMORY_MB')).toBe(1000);
    expect(table.capacity(h1, 'PCPU')).toBe(0);
    expect(table.capacity(hostId('h9'), 'VCPU')).toBe(0);
  });
});

describe('the receivers of a class', () => {
  it('are the hosts that are enabled, up, and have some of it', () => {
    const service = { status: 'enabled', state: 'up', forcedDown: false } as const;
    const table = tableOf(
      aCloud({
        hosts: [
          aHost('h1', { pcpu: 4 }),
          aHost('h2'),
          aHost('h3', { pcpu: 4, service: { ...service, status: 'disabled' } }),
          aHost('h4', { pcpu: 4, service: { ...service, state: 'down' } }),
          aHost('h5', { pcpu: 4, service: { ...service, forcedDown: true } }),
        ],
      }),
    );

    expect(table.receivers('PCPU')).toEqual(['h1']);
    expect(table.receivers('VCPU')).toEqual(['h1', 'h2']);
  });
});

describe('the amount of a server', () => {
  it('is what it holds where it is, and what it would ask for elsewhere', () => {
    const server = aServer('s1', 'h1', { allocations: [hold('h1', { VCPU: 3, MEMORY_MB: 5000 })] });
    const table = tableOf(aCloud({ servers: [server] }));

    expect(table.amount(serverId('s1'), h1, 'VCPU')).toBe(3);
    expect(table.amount(serverId('s1'), h2, 'VCPU')).toBe(2);
    expect(table.amount(serverId('s1'), h1, 'PCPU')).toBe(0);
  });

  it('is nothing where it holds nothing, and what it would ask for when Placement was not read', () => {
    const table = tableOf(
      aCloud({ servers: [aServer('s1', 'h1', { allocations: [] }), aServer('s2', 'h1')] }),
    );

    expect(table.amount(serverId('s1'), h1, 'VCPU')).toBe(0);
    expect(table.amount(serverId('s1'), h2, 'VCPU')).toBe(2);
    expect(table.amount(serverId('s2'), h1, 'VCPU')).toBe(2);
  });

  it('is VCPU for a pinned server on a host without PCPU', () => {
    const server = aServer('s1', 'h1', { extraSpecs: { 'hw:cpu_policy': 'dedicated' } });
    const table = tableOf(aCloud({ hosts: [aHost('h1', { pcpu: 4 }), aHost('h2')], servers: [server] }));

    expect(['VCPU', 'PCPU'].map((resource) => table.amount(serverId('s1'), h1, resource))).toEqual([0, 2]);
    expect(['VCPU', 'PCPU'].map((resource) => table.amount(serverId('s1'), h2, resource))).toEqual([2, 0]);
  });

  it('is nothing for servers and hosts that the cloud does not have', () => {
    const table = tableOf(aCloud({ servers: [aServer('s1', 'h1')] }));

    expect(table.amount(serverId('s9'), h1, 'VCPU')).toBe(0);
    expect(table.amount(serverId('s1'), hostId('h9'), 'VCPU')).toBe(0);
  });
});

describe('foreign usage', () => {
  it('is that of other consumers, and of servers away from their host', () => {
    const evacuated = aServer('s1', 'h2', {
      allocations: [hold('h1', { VCPU: 2 }), hold('h2', { VCPU: 2 })],
    });
    const building = without(aServer('s2', 'h1', { allocations: [hold('h1', { VCPU: 4 })] }), 'host');
    const table = tableOf(
      aCloud({
        servers: [evacuated, building],
        otherConsumers: [{ id: 'x', allocations: [hold('h1', { VCPU: 1 }), hold('h1', { MEMORY_MB: 7 })] }],
      }),
    );

    expect(table.foreign(h1, 'VCPU')).toBe(7);
    expect(table.foreign(h1, 'MEMORY_MB')).toBe(7);
    expect(table.foreign(h2, 'VCPU')).toBe(0);
    expect(table.amount(serverId('s1'), h2, 'VCPU')).toBe(2);
  });
});
