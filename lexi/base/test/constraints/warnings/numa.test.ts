import { describe, expect, it } from 'vitest';
import { deviceNumaCell } from '../../../src/constraints/warnings/device-numa-cell.ts';
import { novaMayDiffer } from '../../../src/constraints/warnings/nova-may-differ.ts';
import { numaLayout } from '../../../src/constraints/warnings/numa-layout.ts';
import { sharedNumaCell } from '../../../src/constraints/warnings/shared-numa-cell.ts';
import type { Host } from '../../../src/model/host.ts';
import type { Server } from '../../../src/model/server.ts';
import { aCell, aCloud, aContext, aHost, aServer, zedProfile } from '../../support/builders.ts';
import { aDevice, aPlacedCell, aPool, placedOn } from '../../support/parts.ts';
import { warn } from '../../support/warn.ts';

const pinnedSpecs = { 'hw:cpu_policy': 'dedicated' };
const pinned = (name: string, host: string, cell: number, over: Parameters<typeof aServer>[2] = {}) => {
  const first = cell * 1000 + (name === 's1' ? 0 : 1);
  return aServer(name, host, {
    extraSpecs: pinnedSpecs,
    topology: placedOn(aPlacedCell(cell, [first, first + 500])),
    ...over,
  });
};
const host = (name: string, over: Partial<Host> = {}) =>
  aHost(name, { pcpu: 8, cells: [aCell(0, { cores: 2 }), aCell(1, { cores: 2 })], ...over });

describe('device-numa-cell', () => {
  const spec = { vendor_id: '8086', product_id: '154c', dev_type: 'type-VF' };
  const request = {
    count: 1,
    specs: [spec],
    source: { kind: 'port', port: 'p1' },
    numaPolicy: 'preferred',
  } as const;
  const withVf = { pciRequests: [request], pciDevices: ['0000:81:00.0'] };
  const vf = (numaNode: number) => aDevice('0000:81:00.0', { numaNode, status: 'allocated', server: 's1' });
  const cloud = (now: number, there: readonly number[]) =>
    aCloud({
      hosts: [
        host('h1', { pciDevices: [vf(now)] }),
        host('h2', {
          cells: [
            aCell(0, { cores: 2, pinned: there.length > 1 ? [0, 1, 500, 501] : [] }),
            aCell(1, { cores: 2 }),
          ],
          pciPools: [aPool(1, { numaNode: there[0] ?? 0 })],
          pciDevices: [aDevice('0000:82:00.0', { numaNode: there[0] ?? 0 })],
        }),
      ],
      servers: [pinned('s1', 'h1', 0, withVf)],
    });

  it('warns of a device that comes to lie on another NUMA cell than the CPUs', () => {
    // Cell 0 of h2 is full, and the only VF hangs on it.
    expect(warn(deviceNumaCell, aContext(cloud(0, [0, 0])), 's1', 'h2')).toEqual([
      'a PCI device of server s1 would be on NUMA cell 0 of host h2, its CPUs on NUMA cell 1',
    ]);
  });

  it('is silent where it stays near, or is far today already', () => {
    expect(warn(deviceNumaCell, aContext(cloud(0, [0])), 's1', 'h2')).toEqual([]);
    expect(warn(deviceNumaCell, aContext(cloud(1, [0, 0])), 's1', 'h2')).toEqual([]);
  });

  it('warns of a network that is near today and near to no cell of the destination', () => {
    const near = { ...aCell(0, { cores: 2 }), networks: { physnets: ['physnet1'], tunneled: false } };
    const ports = [{ id: 'p1', vnicType: 'normal', physicalNetwork: 'physnet1', hasResourceRequest: false }];
    const servers = [pinned('s1', 'h1', 0, { ports })];
    const to = (cells: Host['cells'] = []) =>
      aCloud({ hosts: [host('h1', { cells: [near] }), host('h2', { cells })], servers });

    expect(warn(deviceNumaCell, aContext(to([aCell(0, { cores: 2 })])), 's1', 'h2')).toEqual([
      'network physnet1 is near to server s1 now; host h2 names no NUMA cell for it',
    ]);
    expect(warn(deviceNumaCell, aContext(to([near])), 's1', 'h2')).toEqual([]);
  });
});

describe('numa-layout', () => {
  const cloud = (over: Partial<Host>, server = pinned('s1', 'h1', 0)) =>
    aContext(aCloud({ hosts: [host('h1'), host('h2', over)], servers: [server] }));

  it('compares NUMA cells and threads of both ends', () => {
    expect(warn(numaLayout, cloud({ cells: [aCell(0, { cores: 4 })] }), 's1', 'h2')).toEqual([
      'host h1 has 2 NUMA cells of 4 CPUs, 2 a core, host h2 1 NUMA cell of 8 CPUs, 2 a core',
    ]);
    expect(warn(numaLayout, cloud({}), 's1', 'h2')).toEqual([]);
  });

  it('is silent for servers without a NUMA topology', () => {
    expect(warn(numaLayout, cloud({ cells: [aCell(0)] }, aServer('s1', 'h1')), 's1', 'h2')).toEqual([]);
  });
});

describe('shared-numa-cell', () => {
  const text = ['server s1 would share NUMA cell 0 of host h2 with 1 other server'];
  const cloud = (...others: readonly Server[]) =>
    aCloud({
      hosts: [host('h1'), host('h2', { cells: [aCell(0, { cores: 4 })] })],
      servers: [pinned('s1', 'h1', 0), ...others],
    });
  const there = pinned('s2', 'h2', 0);

  it('is told of a server that has its cells for itself and would not', () => {
    expect(warn(sharedNumaCell, aContext(cloud(there)), 's1', 'h2')).toEqual(text);
    expect(warn(sharedNumaCell, aContext(cloud()), 's1', 'h2')).toEqual([]);
  });

  it('is no news to a server that shares them today, but where the vendor insists', () => {
    const shares = cloud(there, pinned('s3', 'h1', 0));
    const insisting = {
      ...zedProfile,
      switches: { ...zedProfile.switches, sameNumaCells: 'warned' },
    } as const;

    expect(warn(sharedNumaCell, aContext(shares), 's1', 'h2')).toEqual([]);
    expect(warn(sharedNumaCell, aContext(shares, { profile: insisting }), 's1', 'h2')).toEqual(text);
  });
});

describe('nova-may-differ', () => {
  it('is told of guests on hosts for which a bug of the search is known', () => {
    const large = pinned('s1', 'h1', 0, { extraSpecs: { ...pinnedSpecs, 'hw:mem_page_size': 'large' } });
    const to = (cells: Host['cells'] = []) =>
      aContext(aCloud({ hosts: [host('h1'), host('h2', { cells })], servers: [large] }));
    const cells = [aCell(0, { bigPages: 8 }), aCell(1, { bigPages: 8 })];

    expect(warn(novaMayDiffer, to(cells), 's1', 'h2')).toEqual([
      'Nova may refuse or choose otherwise here: its search for NUMA cells has known bugs for such guests',
    ]);
    expect(warn(novaMayDiffer, to(cells.slice(1)), 's1', 'h2')).toEqual([]);
  });
});
