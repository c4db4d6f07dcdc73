import { describe, expect, it } from 'vitest';
import { withRoomFor } from '../../../src/schedule/exact/more-room.ts';
import { aCell, aCloud, aContext, aHost, aServer, serverId } from '../../support/builders.ts';

function demandOf(server: ReturnType<typeof aServer>) {
  const demand = aContext(aCloud({ servers: [server] })).demands.get(serverId('a'));
  if (demand === undefined) throw new Error('a server has a demand');
  return demand;
}

/** Total of a resource. */
const totalOf = (host: ReturnType<typeof aHost>, resource: string) =>
  host.providers[0]?.inventories.get(resource)?.total;

describe('withRoomFor', () => {
  it("adds the server's amounts, more of them where less may be allocated than there is", () => {
    const host = aHost('h1');
    const [provider] = host.providers;
    const memory = provider?.inventories.get('MEMORY_MB');
    if (provider === undefined || memory === undefined) throw new Error('a host has memory');
    const tight = new Map(provider.inventories).set('MEMORY_MB', { ...memory, allocationRatio: 0.5 });
    const loose = new Map(provider.inventories).set('MEMORY_MB', { ...memory, allocationRatio: 2 });
    const demand = demandOf(aServer('a', 'h1'));
    const wider = (inventories: typeof tight) =>
      totalOf(withRoomFor(demand, { ...host, providers: [{ ...provider, inventories }] }), 'MEMORY_MB');

    expect([wider(tight), wider(loose)]).toEqual([65536 + 8192, 65536 + 4096]);
    expect(totalOf(withRoomFor(demand, host), 'VCPU')).toBe(18);
  });

  it('adds CPUs, memory and pages to the first NUMA cell, and none to the second', () => {
    const cells = [aCell(0), aCell(1)];
    const pinned = aServer('a', 'h1', { vcpus: 4, extraSpecs: { 'hw:cpu_policy': 'dedicated' } });

    const [first, second] = withRoomFor(demandOf(pinned), aHost('h1', { cells })).cells ?? [];

    expect(first?.dedicatedCpus).toHaveLength(8 + 4);
    expect(first?.siblings.slice(-4).map((cpus) => cpus.length)).toEqual([1, 1, 1, 1]);
    expect(first?.memoryMiB).toBe(65536 + 4096);
    expect(first?.pages.map(({ total }) => total)).toEqual([16_777_216 + 1_048_576, 4]);
    expect(second).toEqual(cells[1]);
  });
});
