import { describe, expect, it } from 'vitest';
import { hostFacts, poolOf } from '../../src/constraints/host-facts.ts';
import { aCloud, aHost } from '../support/builders.ts';
import { aDevice, aPool, without } from '../support/parts.ts';

const onNet = (name: string) => ({ tags: { physical_network: name } });

describe('hostFacts', () => {
  it('are undefined when no source told the cells', () => {
    expect(hostFacts(without(aHost('h1'), 'cells'), aCloud())).toBeUndefined();
  });

  it('have an empty pool for devices of which none is free, so that they can come back', () => {
    const host = aHost('h1', {
      pciDevices: [
        aDevice('0000:01:00.0', { status: 'allocated' }),
        aDevice('0000:01:00.1', { status: 'allocated' }),
        aDevice('0000:81:00.0', { status: 'allocated', numaNode: 1 }),
        aDevice('0000:82:00.0', { status: 'unavailable', numaNode: 2 }),
      ],
      pciPools: [aPool(3)],
    });

    expect(hostFacts(host, aCloud({ hosts: [host] }))?.pciPools).toEqual([
      aPool(3),
      aPool(0, { numaNode: 1 }),
    ]);
  });

  it('lend such a pool the tags of its like, on this host or another', () => {
    const taken = [aDevice('0000:81:00.0', { status: 'allocated', numaNode: 1 })];
    const full = aHost('h1', { pciDevices: taken });
    const other = aHost('h2', { pciPools: [aPool(1, onNet('net1'))] });
    const half = aHost('h3', { pciDevices: taken, pciPools: [aPool(1, onNet('net2'))] });
    const cloud = aCloud({ hosts: [full, other, half] });

    expect(hostFacts(full, cloud)?.pciPools).toEqual([aPool(0, { numaNode: 1, ...onNet('net1') })]);
    expect(hostFacts(half, cloud)?.pciPools[1]).toEqual(aPool(0, { numaNode: 1, ...onNet('net2') }));
  });
});

describe('poolOf', () => {
  const pools = [aPool(1, onNet('net1')), aPool(1, onNet('net2')), aPool(1, { numaNode: 1 })];

  it('finds the pool of the kind and NUMA node of a device', () => {
    expect(poolOf(aDevice('0000:81:00.0', { numaNode: 1 }), pools)).toBe(2);
    expect(poolOf(aDevice('0000:01:00.0', { productId: '1572' }), pools)).toBe(-1);
    expect(poolOf(without(aDevice('0000:01:00.0'), 'numaNode'), pools)).toBe(-1);
  });

  it('tells networks apart by the tags of a device', () => {
    expect(poolOf(aDevice('0000:01:00.0', onNet('net2')), pools)).toBe(1);
    expect(poolOf(aDevice('0000:01:00.0', onNet('net3')), pools)).toBe(-1);
    expect(poolOf(aDevice('0000:01:00.0'), pools)).toBe(0);
  });
});
