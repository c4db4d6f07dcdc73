import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import type { PlanningOutcome } from '../../src/planning/planning-request.ts';
import { backendIds, createBackend } from '../../src/solve/backends/registry.ts';
import { balance, consolidate, plan } from '../support/planning.ts';
import { cloudOf, cloudShapes } from '../support/random-cloud.ts';

const backends = backendIds.map((id) => createBackend(id));
afterAll(async () => {
  for (const backend of backends) await backend.close();
});

const objectiveOf = (outcome: PlanningOutcome): number | undefined =>
  outcome.kind === 'planned' || outcome.kind === 'nothing-to-do' ? outcome.plan.objective.after : undefined;

const clouds = fc.sample(cloudShapes(4, 12), { seed: 2026, numRuns: 40 }).map(cloudOf);

it('comes to the same objective with every solver, on 40 clouds and both goals', async () => {
  let planned = 0;
  for (const cloud of clouds) {
    for (const goal of [consolidate, balance]) {
      const outcomes: PlanningOutcome[] = [];
      for (const backend of backends)
        outcomes.push(await plan(cloud, goal, backend, { allow: ['nic-detach'] }));

      const [first, ...others] = outcomes.map(objectiveOf);

      expect(first).toBeDefined();
      for (const other of others) expect(other).toBeCloseTo(first ?? NaN, 5);
      if (outcomes[0]?.kind === 'planned') planned += 1;
    }
  }
  // Clouds on which nothing can be gained would prove little.
  expect(planned).toBeGreaterThan(25);
});
