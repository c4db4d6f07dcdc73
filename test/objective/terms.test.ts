import { describe, expect, it } from 'vitest';
import { createObjective } from '../../src/objective/evaluate.ts';
import type { Term } from '../../src/objective/goal.ts';
import { createSelectors } from '../../src/objective/selectors.ts';
import { aProblem, type Sketch } from '../solve/support.ts';

const sketch: Sketch = {
  hosts: {
    a1: { cpus: 10, memoryMiB: 10_240, rack: 'a', zone: 'z1' },
    a2: { cpus: 10, memoryMiB: 10_240, rack: 'a', zone: 'z1' },
    b1: { cpus: 20, memoryMiB: 10_240, rack: 'b', zone: 'z2' },
  },
  servers: {
    s1: { host: 'a1', cpus: 4, memoryMiB: 1024, tags: ['web'], metadata: { tier: 'x' } },
    s2: { host: 'a1', cpus: 3, memoryMiB: 2048, tags: ['web'], metadata: { tier: 'x' } },
    s3: { host: 'a2', cpus: 2, memoryMiB: 4096, metadata: { tier: 'y', price: '5' } },
    s4: { host: 'b1', cpus: 1, memoryMiB: 8192, metadata: { tier: 'y', price: 'much' } },
  },
  groups: [
    { policy: 'soft-affinity', members: ['s1', 's3', 's4'] },
    { policy: 'soft-anti-affinity', members: ['s1', 's2', 's3'] },
  ],
};
const { cloud, demands, start } = aProblem(sketch);

/** What a term is worth today, and with s2 and s3 on b1. */
function worth(term: Term): readonly [number, number] {
  const goal = {
    name: 'g',
    description: '',
    terms: [term],
    spareHosts: 0,
    headroomPercent: 0,
    disableEmptied: false,
  };
  const to = [...cloud.hosts.keys()][2];
  const after = new Map(start);
  const volumes = [...start.keys()].slice(1, 3).map((server) => {
    if (to !== undefined) after.set(server, to);
    return { server, memoryMiB: 2048, diskGiB: 3 };
  });
  const value = createObjective(goal, cloud, demands).evaluate(start, after, volumes);
  return [value.before, value.after];
}

describe('a term is worth what its formula says:', () => {
  it.each<[Term, number, number]>([
    [{ kind: 'hosts-used', weight: 10, prices: [{ hosts: { rack: 'a' }, weight: 3 }] }, 16, 13],
    [{ kind: 'load-above', weight: 2, resources: ['VCPU'], threshold: { percent: 30 } }, 80, 20],
    [
      {
        kind: 'load-above',
        weight: 2,
        resources: ['VCPU'],
        threshold: {
          amounts: [
            { hosts: { name: 'a1' }, amount: 5 },
            { hosts: { name: 'a*' }, amount: 1 },
          ],
        },
      },
      6,
      0,
    ],
    [{ kind: 'highest-load', weight: 3, resource: 'VCPU' }, 210, 120],
    [
      { kind: 'stranded-capacity', weight: 1, resource: 'VCPU', needs: 'MEMORY_MB', target: 512 },
      19 * 512 - 2048,
      14 * 512 + 4096,
    ],
    [{ kind: 'free-slots', weight: 1, amounts: { VCPU: 4, MEMORY_MB: 2048 }, wanted: 9 }, 6, 6],
    [{ kind: 'free-slots', weight: 1, amounts: { VCPU: 4, MEMORY_MB: 2048 } }, 6, 6],
    [{ kind: 'spread', weight: 5, of: { eachMetadata: 'tier' }, over: 'host' }, 5, 5],
    [{ kind: 'spread', weight: 5, of: { sets: [{ tag: 'web' }] }, over: 'rack' }, 5, 0],
    [{ kind: 'group-violations', weight: 4, policies: ['soft-affinity'] }, 8, 4],
    [{ kind: 'group-violations', weight: 4, policies: ['soft-anti-affinity'] }, 4, 4],
    [
      {
        kind: 'closeness',
        weight: 7,
        within: 'rack',
        pairs: [{ servers: { tag: 'web' }, near: { name: 's3' } }],
      },
      0,
      7,
    ],
    [
      { kind: 'route-cost', weight: 2, routes: [{ from: { name: 'a1' }, to: { zone: 'z2' }, price: 4 }] },
      0,
      8,
    ],
    [{ kind: 'most-moved', weight: 6, of: { each: 'project' } }, 0, 12],
    [{ kind: 'most-moved', weight: 6, of: { eachMetadata: 'tier' } }, 0, 6],
    [{ kind: 'servers-left', weight: 7, hosts: { rack: 'a' } }, 21, 7],
    [{ kind: 'servers-left', weight: 7, hosts: { rack: 'a' }, servers: { tag: 'web' } }, 14, 7],
    [
      {
        kind: 'migration-cost',
        perMove: 1,
        perGiB: 10,
        perDiskGiB: 100,
        perMetadata: { key: 'price', weight: 2 },
        factors: [{ servers: { tag: 'web' }, factor: 3 }],
      },
      0,
      3 * (1 + 50 + 300) + (1 + 50 + 300 + 10),
    ],
  ])('%j', (term, before, after) => {
    expect(worth(term)).toEqual([before, after]);
  });
});

it('a set means what all its members say', () => {
  const { hosts, servers } = createSelectors(cloud);

  expect([...hosts({})]).toEqual(['a1', 'a2', 'b1']);
  expect([...hosts({ name: 'a*', zone: 'z1' })]).toEqual(['a1', 'a2']);
  expect([...hosts({ name: 'a*', zone: 'z2' })]).toEqual([]);
  expect([...hosts({ name: 'a.' })]).toEqual([]);
  expect([...servers({ group: 'group 1', tag: 'web' })]).toEqual(['s1', 's2']);
  expect([...servers({ metadata: 'tier=y', name: 's4' })]).toEqual(['s4']);
});
