import { afterAll, describe, expect, it } from 'vitest';
import { createBackend } from '../../../src/solve/backends/registry.ts';
import { cheapestShed } from '../../../src/solve/bounds/shed.ts';
import { solveLevels } from '../../../src/solve/levels/solve-levels.ts';
import { bestOfAll } from '../brute-force.ts';
import { randomProblem } from '../random-cloud.ts';
import { aBudget, aProblem, migration, plain } from '../support.ts';

const highs = createBackend('highs');
afterAll(() => highs.close());

describe('what a host must lose', () => {
  it('is the cheapest set that weighs enough, not the one with the best ratio', () => {
    const loads = [
      { amount: 5, cost: 4 },
      { amount: 3, cost: 3 },
      { amount: 4, cost: 5 },
    ];

    const shed = cheapestShed(loads, 6);

    expect(shed.bound).toBe(7);
    expect([...(shed.chosen ?? [])].sort()).toEqual([0, 1]);
  });

  it('has no set when all together weigh less', () => {
    expect(cheapestShed([{ amount: 2, cost: 1 }], 3)).toEqual({ bound: Infinity, chosen: undefined });
  });
});

describe('solving level by level', () => {
  it('brings the highest load down to where the next step costs more than it saves', async () => {
    const problem = aProblem({
      hosts: { h1: { cpus: 8 }, h2: { cpus: 8 } },
      servers: {
        s1: { host: 'h1', cpus: 2 },
        s2: { host: 'h1', cpus: 2 },
        s3: { host: 'h1', cpus: 2 },
        s4: { host: 'h1', cpus: 2 },
      },
      terms: [{ kind: 'highest-load', weight: 1, resource: 'VCPU' }, migration(10, 0)],
    });

    const outcome = await solveLevels(
      problem,
      { kind: 'highest-load', weight: 1, resource: 'VCPU' },
      highs,
      aBudget(),
    );

    expect(outcome).toMatchObject({ kind: 'optimal', objective: 70, bound: 70 });
    expect('assignment' in outcome ? Object.values(plain(outcome.assignment)).sort() : []).toEqual([
      'h1',
      'h1',
      'h2',
      'h2',
    ]);
  });

  it('never claims a bound above what trying everything finds, nor an answer below it', async () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const term = { kind: 'highest-load', weight: 1 + (seed % 3), resource: 'VCPU' } as const;
      const problem = randomProblem(seed + 900, 3, 6, [term, migration(seed % 3, 0.5)]);
      const best = bestOfAll(problem);

      const outcome = await solveLevels(problem, term, highs, aBudget({ effort: 3 }));

      if (best === undefined) expect(['unknown', 'infeasible'], `seed ${seed}`).toContain(outcome.kind);
      if (best === undefined || outcome.kind === 'infeasible') continue;
      expect(outcome.bound ?? -Infinity, `seed ${seed}`).toBeLessThanOrEqual(best + 1e-5);
      if ('objective' in outcome)
        expect(outcome.objective, `seed ${seed}`).toBeGreaterThanOrEqual(best - 1e-5);
    }
  });
});
