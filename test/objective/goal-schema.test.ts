import { describe, expect, it } from 'vitest';
import { goalSchema } from '../../src/objective/goal-schema.ts';

const goal = (term: unknown) => ({
  name: 'mine',
  description: '',
  spareHosts: 0,
  headroomPercent: 0,
  disableEmptied: false,
  terms: [term],
});

const good = [
  { kind: 'hosts-used', weight: 1, prices: [{ hosts: { aggregate: 'gpu' }, weight: 9 }] },
  { kind: 'load-above', weight: 1, resources: ['VCPU'], threshold: { percent: 80 } },
  {
    kind: 'load-above',
    weight: 1,
    resources: ['VCPU'],
    threshold: { amounts: [{ hosts: { name: '*' }, amount: 3 }] },
  },
  { kind: 'load-above-mean', weight: 1, resources: ['VCPU'], thresholds: [{ abovePercent: 0, slope: 1 }] },
  { kind: 'highest-load', weight: 1, resource: 'VCPU' },
  { kind: 'stranded-capacity', weight: 1, resource: 'VCPU', needs: 'MEMORY_MB', target: 2048 },
  { kind: 'free-slots', weight: 1, amounts: { VCPU: 4 }, wanted: 3, hosts: { zone: 'a' } },
  { kind: 'spread', weight: 1, of: { each: 'project' }, over: 'rack', atLeast: 2 },
  { kind: 'group-violations', weight: 1, policies: ['soft-affinity'] },
  { kind: 'closeness', weight: 1, within: 'rack', pairs: [{ servers: { tag: 'web' }, near: { tag: 'db' } }] },
  { kind: 'route-cost', weight: 1, routes: [{ from: { rack: 'a' }, to: { name: '*' }, price: 2 }] },
  { kind: 'most-moved', weight: 1, of: { eachMetadata: 'service' } },
  { kind: 'servers-left', weight: 1, hosts: { name: 'a1' }, servers: { tag: 'web' } },
  { kind: 'migration-cost', perMove: 1, perGiB: 1, perDiskGiB: 1, perDirtyMiBps: 1 },
];

describe('a goal', () => {
  it.each(good)('may have the term $kind', (term) => {
    expect(goalSchema.safeParse(goal(term)).error?.issues).toBeUndefined();
  });

  it.each(good)('may not reward what $kind counts', (term) => {
    const price = term.kind === 'migration-cost' ? { perMove: -1 } : { weight: -1 };

    expect(goalSchema.safeParse(goal({ ...term, ...price })).success).toBe(false);
  });

  it('may not hide a negative price further down', () => {
    const hidden = [
      { kind: 'hosts-used', weight: 1, prices: [{ hosts: { name: '*' }, weight: -1 }] },
      { kind: 'route-cost', weight: 1, routes: [{ from: { name: '*' }, to: { name: '*' }, price: -1 }] },
      { kind: 'free-slots', weight: 1, amounts: { VCPU: 0 } },
      { kind: 'free-slots', weight: 1, amounts: {} },
      { kind: 'stranded-capacity', weight: 1, resource: 'VCPU', needs: 'MEMORY_MB', target: -1 },
      { kind: 'migration-cost', perMove: 1, perGiB: 1, factors: [{ servers: { name: '*' }, factor: -1 }] },
      { kind: 'load-above', weight: 1, resources: ['VCPU'], threshold: { percent: 8, amounts: [] } },
    ];

    for (const term of hidden)
      expect([term, goalSchema.safeParse(goal(term)).success]).toEqual([term, false]);
  });
});

describe('priorities', () => {
  const terms = [
    { kind: 'hosts-used', weight: 1 },
    { kind: 'highest-load', weight: 1, resource: 'VCPU', priority: 2 },
    { kind: 'migration-cost', perMove: 1, perGiB: 1, priority: 5 },
  ];
  const problemsOf = (...priorities: readonly unknown[]): readonly string[] =>
    (goalSchema.safeParse({ ...goal(undefined), terms, priorities }).error?.issues ?? []).map(
      ({ path, message }) => `${path.join('.')}: ${message}`,
    );

  it.each(good)('may be given to the term $kind, from 1 on', (term) => {
    expect(goalSchema.safeParse(goal({ ...term, priority: 2 })).success).toBe(true);
    expect(goalSchema.safeParse(goal({ ...term, priority: 0 })).success).toBe(false);
    expect(goalSchema.safeParse(goal({ ...term, priority: 1.5 })).success).toBe(false);
  });

  it('may give something away to those after them', () => {
    expect(
      problemsOf(
        { priority: 1, tolerance: { absolute: 2 } },
        { priority: 2, tolerance: { percent: 5, absolute: 1 } },
      ),
    ).toEqual([]);
  });

  it('are told together what is wrong with them', () => {
    expect(
      problemsOf(
        { priority: 1, tolerance: { absolute: 2 } },
        { priority: 1, tolerance: { absolute: 3 } },
        { priority: 3, tolerance: { percent: 1 } },
        { priority: 5, tolerance: { percent: 1 } },
      ),
    ).toEqual([
      'priorities.1.priority: this priority has an entry already',
      'priorities.2.priority: no term has this priority: 1, 2, 5',
      'priorities.3.priority: nothing comes after the last priority, so nothing is won by giving some of it away',
    ]);
    expect(problemsOf({ priority: 1, tolerance: {} })).toEqual([
      'priorities.0.tolerance: a tolerance, absolute, in percent, or both',
    ]);
    expect(problemsOf({ priority: 1, tolerance: { percent: -1 } })).toHaveLength(1);
  });
});
