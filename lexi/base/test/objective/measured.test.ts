import { describe, expect, it } from 'vitest';
import type { Goal } from '../../src/objective/goal.ts';
import { goalSchema } from '../../src/objective/goal-schema.ts';
import { loadTable } from '../../src/objective/loads.ts';
import { unmeasuredBy } from '../../src/objective/measured.ts';
import { aCloud, aContext, aHost, aServer, hostId, providerId, serverId } from '../support/builders.ts';
import { anInventory, aProvider } from '../support/parts.ts';

const by = (marginPercent: number) => ({ by: 'usage', marginPercent }) as const;
const h1 = hostId('h1');
const s1 = serverId('s1');

function tableOf(cloud: ReturnType<typeof aCloud>, marginPercent = 20) {
  return loadTable(cloud, aContext(cloud).demands, by(marginPercent));
}

/** The flavor of builders: 2 vCPUs. */
const measuredCloud = (usage: { cpuPercent?: number; memoryUsedMiB?: number }) =>
  aCloud({ servers: [aServer('s1', 'h1', { usage })] });

describe('load by usage', () => {
  it('is the busy share of the vCPUs and a margin, up to hundredths', () => {
    expect(tableOf(measuredCloud({ cpuPercent: 25 })).amount(s1, h1, 'VCPU')).toBe(0.6);
    expect(tableOf(measuredCloud({ cpuPercent: 25 }), 0).amount(s1, h1, 'VCPU')).toBe(0.5);
    expect(tableOf(measuredCloud({ cpuPercent: 7 }), 7).amount(s1, h1, 'VCPU')).toBe(0.15);
    expect(tableOf(measuredCloud({ cpuPercent: 0 })).amount(s1, h1, 'VCPU')).toBe(0);
  });

  it('is the same on every host, and never more than what is allocated', () => {
    const table = tableOf(measuredCloud({ cpuPercent: 90, memoryUsedMiB: 1_000_000 }));
    const memory = loadTable(aCloud({ servers: [aServer('s1', 'h1')] }), aContext(measuredCloud({})).demands);

    expect(table.amount(s1, h1, 'VCPU')).toBe(2);
    expect(table.amount(s1, hostId('h2'), 'VCPU')).toBe(2);
    expect(table.amount(s1, h1, 'MEMORY_MB')).toBe(memory.amount(s1, h1, 'MEMORY_MB'));
    expect(tableOf(measuredCloud({ memoryUsedMiB: 101 })).amount(s1, h1, 'MEMORY_MB')).toBe(122);
  });

  it('counts pinned CPUs, and what a server holds where it is', () => {
    const allocations = [{ provider: providerId('rp-h1'), resources: { PCPU: 4 } }];
    const server = aServer('s1', 'h1', { allocations, usage: { cpuPercent: 50 } });

    expect(tableOf(aCloud({ servers: [server] }), 0).amount(s1, h1, 'PCPU')).toBe(2);
  });

  it('is the allocation where nothing was measured, and of classes that are not measured', () => {
    const table = tableOf(measuredCloud({ memoryUsedMiB: 5 }));

    expect(table.amount(s1, h1, 'VCPU')).toBe(2);
    expect(table.counted(s1, 'DISK_GB', 30)).toBe(30);
    expect(table.counted(serverId('s9'), 'VCPU', 3)).toBe(3);
  });

  it('has the capacity of the machine, without the ratio', () => {
    const inventories = new Map(
      ['VCPU', 'DISK_GB'].map(
        (name) => [name, anInventory(10, { reserved: 2, allocationRatio: 4 })] as const,
      ),
    );
    const cloud = aCloud({ hosts: [aHost('h1', { providers: [{ ...aProvider('h1', {}), inventories }] })] });

    expect(tableOf(cloud).capacity(h1, 'VCPU')).toBe(8);
    expect(tableOf(cloud).capacity(h1, 'DISK_GB')).toBe(32);
    expect(loadTable(cloud, aContext(cloud).demands).capacity(h1, 'VCPU')).toBe(32);
  });
});

const goalOf = (terms: Goal['terms']): Goal => ({
  name: 'mine',
  description: '',
  spareHosts: 0,
  headroomPercent: 0,
  disableEmptied: false,
  loads: by(20),
  terms,
});

describe('servers that are not measured', () => {
  it('are told for each fact that the goal counts', () => {
    const cloud = aCloud({
      servers: [aServer('s1', 'h1', { usage: { cpuPercent: 1 } }), aServer('s2', 'h1')],
    });
    const cpu = goalOf([{ kind: 'highest-load', weight: 1, resource: 'VCPU' }]);
    const both = goalOf([
      { kind: 'stranded-capacity', weight: 1, resource: 'MEMORY_MB', needs: 'PCPU', target: 1 },
    ]);

    expect(unmeasuredBy(cpu, cloud).map(({ servers }) => servers)).toEqual([['s2']]);
    expect(unmeasuredBy(both, cloud).map(({ servers }) => servers)).toEqual([['s2'], ['s1', 's2']]);
    expect(unmeasuredBy(goalOf([{ kind: 'hosts-used', weight: 1 }]), cloud)).toEqual([]);
  });
});

describe('a goal by usage', () => {
  it('is read, but not with free slots', () => {
    expect(goalSchema.safeParse(goalOf([{ kind: 'hosts-used', weight: 1 }])).success).toBe(true);
    const slots = goalOf([{ kind: 'free-slots', weight: 1, amounts: { VCPU: 1 } }]);
    expect(goalSchema.safeParse(slots).error?.issues[0]?.path).toEqual(['loads']);
  });
});
