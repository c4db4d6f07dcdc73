import { afterAll, describe, expect, it } from 'vitest';
import type { Cloud } from '../../src/model/cloud.ts';
import type { Term } from '../../src/objective/goal.ts';
import { loadTable } from '../../src/objective/loads.ts';
import { createRng } from '../../src/shared/rng.ts';
import { createBackend } from '../../src/solve/backends/registry.ts';
import { compileProblem } from '../../src/solve/compile/compile.ts';
import { highestLoadOf } from '../../src/solve/levels/highest-load.ts';
import type { PlacementProblem } from '../../src/solve/placement-problem.ts';
import { solveLevels } from '../../src/solve/levels/solve-levels.ts';
import { solvePlacement } from '../../src/solve/solve.ts';
import { bestOfAll, valueOf } from './brute-force.ts';
import { randomProblem } from './random-cloud.ts';
import { above, aBudget, migration } from './support.ts';

const highs = createBackend('highs');
afterAll(() => highs.close());

/** Two servers of three are measured. */
function measured(problem: PlacementProblem, seed: number): PlacementProblem {
  const rng = createRng(seed, 1);
  const servers: Cloud['servers'] = new Map(
    [...problem.cloud.servers.values()].map((server, i) => {
      const usage = { cpuPercent: rng.nextInt(101), memoryUsedMiB: rng.nextInt(1 + server.flavor.memoryMiB) };
      return [server.id, i % 3 === 2 ? server : { ...server, usage }];
    }),
  );
  const goal = { ...problem.goal, loads: { by: 'usage', marginPercent: 20 } as const };
  return { ...problem, cloud: { ...problem.cloud, servers }, goal };
}

const price = migration(1, 0.01);
const goals: Readonly<Record<string, readonly Term[]>> = {
  'load above the mean': [above(2, ['VCPU', 'MEMORY_MB'], [0, 1], [10, 2]), price],
  'load above a threshold': [
    { kind: 'load-above', weight: 1, resources: ['VCPU'], threshold: { percent: 30 } },
    price,
  ],
  'highest load': [{ kind: 'highest-load', weight: 2, resource: 'VCPU' }, price],
  'stranded capacity': [
    { kind: 'stranded-capacity', weight: 0.1, resource: 'VCPU', needs: 'MEMORY_MB', target: 4096 },
    price,
  ],
};

describe('solving by usage agrees with trying everything:', () => {
  it.each(Object.entries(goals))('%s', async (_, terms) => {
    let differs = 0;
    for (let seed = 1; seed <= 5; seed += 1) {
      const plain = randomProblem(seed + 40, 3, 5, terms);
      const problem = measured(plain, seed);
      const best = bestOfAll(problem);
      if (best !== bestOfAll(plain)) differs += 1;

      const highest = highestLoadOf(problem.goal);
      const outcomes = [await solvePlacement(problem, highs, aBudget())];
      if (highest !== undefined) outcomes.push(await solveLevels(problem, highest, highs, aBudget()));

      for (const outcome of outcomes) {
        if (best === undefined || outcome.kind === 'infeasible') {
          expect(best, `seed ${seed}`).toBeUndefined();
          continue;
        }
        expect(outcome.bound ?? -Infinity, `seed ${seed}`).toBeLessThanOrEqual(best + 1e-5);
        if (!('assignment' in outcome)) continue;
        expect(outcome.objective, `seed ${seed}`).toBeCloseTo(valueOf(problem, outcome.assignment), 5);
        if (outcome.kind === 'optimal') expect(outcome.objective, `seed ${seed}`).toBeCloseTo(best, 4);
      }
      expect(outcomes.some(({ kind }) => kind === 'optimal') || best === undefined, `seed ${seed}`).toBe(
        true,
      );
    }
    expect(differs).toBeGreaterThan(1);
  });
});

it('compiles what a server counts with on every host, as evaluate counts it', () => {
  let measuredLess = 0;
  for (let seed = 1; seed <= 5; seed += 1) {
    const terms = goals['load above the mean'] ?? [];
    const problem = measured(randomProblem(seed + 40, 3, 5, terms), seed);
    const { classes, classOf, hosts, servers, start, objective } = compileProblem(problem);
    const table = loadTable(problem.cloud, problem.demands, problem.goal.loads);
    const plain = loadTable(problem.cloud, problem.demands);
    for (const [v, server] of servers.entries())
      for (const [h, host] of hosts.entries())
        for (const [r, resource] of objective.resources.entries()) {
          const ofClass = classes[classOf[v] ?? -1];
          if (ofClass === undefined || h === start[v]) continue;
          const counted = ofClass.load[objective.kindOf[h] === 1 ? 1 : 0][r];
          expect(counted).toBe(table.amount(server, host, resource));
          if ((counted ?? 0) < plain.amount(server, host, resource)) measuredLess += 1;
        }
  }
  expect(measuredLess).toBeGreaterThan(20);
});
