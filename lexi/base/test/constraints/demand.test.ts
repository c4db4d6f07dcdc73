import { describe, expect, it } from 'vitest';
import { amountsOn, hasInventory, traitsOn } from '../../src/constraints/demand.ts';
import { aCloud, aContext, aHost, aServer, serverId } from '../support/builders.ts';
import { aProvider } from '../support/parts.ts';

const demandOf = (extraSpecs: Readonly<Record<string, string>>) => {
  const context = aContext(aCloud({ servers: [aServer('s1', 'h1', { vcpus: 4, extraSpecs })] }));
  const demand = context.demands.get(serverId('s1'));
  if (demand === undefined) throw new Error('the server has a demand');
  return demand;
};

const modern = aHost('h1', { pcpu: 8 });
const legacy = aHost('h2');

describe('amountsOn', () => {
  it('asks for VCPU of an unpinned server on any host', () => {
    const demand = demandOf({});

    expect(amountsOn(demand, modern)).toEqual({ VCPU: 4, MEMORY_MB: 4096, DISK_GB: 10 });
    expect(amountsOn(demand, legacy)).toEqual({ VCPU: 4, MEMORY_MB: 4096, DISK_GB: 10 });
  });

  it('asks for PCPU of a pinned server where there are such, and for VCPU elsewhere', () => {
    const demand = demandOf({ 'hw:cpu_policy': 'dedicated' });

    expect(amountsOn(demand, modern)).toEqual({ PCPU: 4, MEMORY_MB: 4096, DISK_GB: 10 });
    expect(amountsOn(demand, legacy)).toEqual({ VCPU: 4, MEMORY_MB: 4096, DISK_GB: 10 });
  });

  it('asks for both classes of a mixed server, on legacy hosts too', () => {
    const demand = demandOf({ 'hw:cpu_policy': 'mixed', 'hw:cpu_dedicated_mask': '0-1' });

    expect(amountsOn(demand, legacy)).toEqual({ VCPU: 2, PCPU: 2, MEMORY_MB: 4096, DISK_GB: 10 });
  });
});

describe('traitsOn', () => {
  it('leaves the trait of the thread policy out on hosts without PCPU', () => {
    const demand = demandOf({
      'hw:cpu_policy': 'dedicated',
      'hw:cpu_thread_policy': 'isolate',
      'trait:CUSTOM_X': 'required',
    });

    expect(traitsOn(demand, modern)).toEqual({
      required: ['CUSTOM_X'],
      forbidden: ['HW_CPU_HYPERTHREADING'],
    });
    expect(traitsOn(demand, legacy)).toEqual({ required: ['CUSTOM_X'], forbidden: [] });
  });
});

describe('hasInventory', () => {
  it('finds a class anywhere in the tree', () => {
    const host = aHost('h1', { providers: [aProvider('h1', { VCPU: 1 }), aProvider('pf', { VGPU: 1 })] });

    expect(hasInventory(host, 'VGPU')).toBe(true);
    expect(hasInventory(host, 'PCPU')).toBe(false);
  });
});
