import { afterAll, describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/catalog.ts';
import { rules } from '../../src/constraints/registry.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import type { Goal } from '../../src/objective/goal.ts';
import { auditAll } from '../../src/plan/compare-violations.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { isMigration } from '../../src/plan/run-steps.ts';
import { createState } from '../../src/replay/state.ts';
import { createBackend } from '../../src/solve/backends/registry.ts';
import { aCloud, aContext, aGroup, aHost, aServer } from '../support/builders.ts';
import { plan } from '../support/planning.ts';

const highs = createBackend('highs');
afterAll(() => highs.close());

async function repaired(cloud: Cloud): Promise<Plan> {
  const goal = (await loadCatalog()).goals.get('repair') as Goal;
  const outcome = await plan(cloud, goal, highs);
  if (!('plan' in outcome)) return expect.fail(outcome.kind);
  return outcome.plan;
}

const broken = (cloud: Cloud): readonly string[] => [
  ...new Set(auditAll(createState(aContext(cloud)), rules).map(({ rule }) => rule)),
];
const movesOf = ({ steps }: Plan): readonly string[] => steps.filter(isMigration).map(({ server }) => server);

describe('the goal repair', () => {
  it('mends what audit finds of room and of groups, with the fewest moves', async () => {
    const cloud = aCloud({
      hosts: [aHost('h1', { vcpu: 8 }), aHost('h2', { vcpu: 8 }), aHost('h3', { vcpu: 8 })],
      servers: [
        // 10 of 8 vCPUs: one of the three would do.
        aServer('a', 'h1', { vcpus: 4 }),
        aServer('b', 'h1', { vcpus: 3, memoryGiB: 1 }),
        aServer('c', 'h1', { vcpus: 3, memoryGiB: 8 }),
        // Apart, where they should be together, and together, where they should be apart; one of each has to go.
        aServer('t1', 'h2', { vcpus: 1 }),
        aServer('t2', 'h3', { vcpus: 1, memoryGiB: 2 }),
        aServer('x1', 'h2', { vcpus: 1 }),
        aServer('x2', 'h2', { vcpus: 1, memoryGiB: 2 }),
      ],
      groups: [
        aGroup(['t1', 't2'], { policy: 'affinity' }),
        aGroup(['x1', 'x2'], { policy: 'anti-affinity' }),
      ].map((group, index) => ({ ...group, id: `${group.id}${index}` as typeof group.id })),
    });
    expect(broken(cloud)).toEqual(expect.arrayContaining(['capacity', 'affinity', 'anti-affinity']));

    const done = await repaired(cloud);

    expect(done.objective).toMatchObject({ outcome: 'optimal', after: 0 });
    expect(done.summary).toMatchObject({
      violationsBefore: broken(cloud).length,
      violationsAfter: 0,
      moves: 3,
    });
    // Of those that would do, the smallest.
    expect(movesOf(done).toSorted()).toEqual(['b', 't2', 'x2']);
  });

  it('mends what is over by next to nothing, and leaves be what is not', async () => {
    const cloud = aCloud({
      hosts: [aHost('h1', { memoryMiB: 4095 }), aHost('h2')],
      servers: [aServer('a', 'h1', { vcpus: 1, memoryGiB: 4 })],
    });

    const done = await repaired(cloud);

    expect(done.summary).toMatchObject({ violationsBefore: 1, violationsAfter: 0, moves: 1 });
    const well = aCloud({ hosts: [aHost('h1'), aHost('h2')], servers: [aServer('a', 'h1')] });
    expect(movesOf(await repaired(well))).toEqual([]);
  });
});
