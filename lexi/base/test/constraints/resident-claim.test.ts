import { describe, expect, it } from 'vitest';
import { hostFacts } from '../../src/constraints/host-facts.ts';
import { residentClaim } from '../../src/constraints/resident-claim.ts';
import type { Host } from '../../src/model/host.ts';
import type { Server } from '../../src/model/server.ts';
import { hostLayout } from '../../src/nova/host-layout.ts';
import { aCell, aCloud, aContext, aHost, aServer } from '../support/builders.ts';
import { aDevice, aPlacedCell, aPool, placedOn, without } from '../support/parts.ts';

const claimOf = (server: Server, host: Host) => {
  const context = aContext(aCloud({ hosts: [host], servers: [server] }));
  const facts = hostFacts(host, context.cloud);
  if (facts === undefined) throw new Error('the cells of the host are known');
  return residentClaim(server, context.demands.get(server.id), host, facts, hostLayout(facts));
};

const cell = aCell(0, { cores: 3 });
const legacyHost = aHost('h1', { cells: [{ ...cell, sharedCpus: cell.dedicatedCpus }] });

describe('residentClaim', () => {
  it('is nothing for a server without cells and devices', () => {
    expect(claimOf(aServer('s1', 'h1'), aHost('h1'))).toBeUndefined();
    expect(claimOf(without(aServer('s1', 'h1'), 'topology'), aHost('h1'))).toBeUndefined();
  });

  it('takes the threads that the server is pinned to, its memory and its pages', () => {
    const topology = placedOn(aPlacedCell(0, [0, 500, 2], { reservedCpus: [1], pageSizeKiB: 1048576 }));

    expect(claimOf(aServer('s1', 'h1', { topology }), aHost('h1', { cells: [cell] }))).toEqual({
      cells: [
        {
          hostCellId: 0,
          threads: [
            [0, 2],
            [2, 1],
            [1, 1],
          ],
          floatingVcpus: 0,
          memoryMiB: 4096,
          pageSizeKiB: 1048576,
          pages: 4,
        },
      ],
      pci: [],
    });
  });

  it('takes small pages where none were asked for', () => {
    const topology = placedOn(aPlacedCell(0, [0]));

    expect(claimOf(aServer('s1', 'h1', { topology }), aHost('h1'))?.cells[0]).toMatchObject({
      pageSizeKiB: 4,
      pages: 1048576,
    });
  });

  it('takes whole cores of a legacy host for thread policy isolate', () => {
    const topology = placedOn(aPlacedCell(0, [0, 2]));
    const isolate = { 'hw:cpu_policy': 'dedicated', 'hw:cpu_thread_policy': 'isolate' };
    const prefer = { 'hw:cpu_policy': 'dedicated', 'hw:cpu_thread_policy': 'prefer' };
    const threads = (extraSpecs: Readonly<Record<string, string>>) =>
      claimOf(aServer('s1', 'h1', { topology, extraSpecs }), legacyHost)?.cells[0]?.threads;

    expect(threads(isolate)).toEqual([
      [0, 2],
      [2, 2],
    ]);
    expect(threads(prefer)).toEqual([
      [0, 1],
      [2, 1],
    ]);
  });

  it('counts floating vCPUs, and no pins where no source told them', () => {
    const floating = placedOn(aPlacedCell(0, [], { sharedVcpus: [0, 1, 2] }));
    const untold = placedOn(without(aPlacedCell(0, [0, 1]), 'pinning'));
    const on = (topology: Server['topology']) =>
      claimOf(aServer('s1', 'h1', topology === undefined ? {} : { topology }), legacyHost)?.cells[0];

    expect(on(floating)).toMatchObject({ floatingVcpus: 3, threads: [] });
    expect(on(untold)).toMatchObject({ floatingVcpus: 0, threads: [], memoryMiB: 4096 });
  });

  it('takes the devices that the host says are the server’s, by pool', () => {
    const host = aHost('h1', {
      pciDevices: [
        aDevice('0000:01:00.0', { status: 'allocated', server: 's1' }),
        aDevice('0000:01:00.1', { status: 'allocated', server: 's2' }),
        aDevice('0000:81:00.0', { status: 'allocated', server: 's1', numaNode: 1 }),
        aDevice('0000:81:00.1', { status: 'claimed', server: 's1', numaNode: 1 }),
      ],
      pciPools: [aPool(5), aPool(1, { numaNode: 1 })],
    });

    expect(claimOf(aServer('s1', 'h1'), host)?.pci).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });
});
