import { afterAll, describe, expect, it } from 'vitest';
import { createBackend } from '../../src/solve/backends/registry.ts';
import { solvePlacement } from '../../src/solve/solve.ts';
import { randomProblem } from './random-cloud.ts';
import { aBudget } from './support.ts';

const highs = createBackend('highs');
const glpk = createBackend('glpk');
const jslp = createBackend('jslp');

afterAll(() => Promise.all([highs, glpk, jslp].map((backend) => backend.close())));

const seeds = Array.from({ length: 40 }, (_, i) => 100 + i);

describe('the three backends', () => {
  it.each(seeds)('find answers of the same value in cloud %i', async (seed) => {
    const problem = randomProblem(seed, 2 + (seed % 3), 4 + (seed % 9));

    const exact = await solvePlacement(problem, highs, aBudget());
    const second = await solvePlacement(problem, glpk, aBudget());
    const third = await solvePlacement(problem, jslp, aBudget({ effort: 60 }));

    expect(['optimal', 'infeasible']).toContain(exact.kind);
    expect(second.kind).toBe(exact.kind);
    if (exact.kind !== 'optimal' || second.kind !== 'optimal') return;
    expect(second.objective).toBeCloseTo(exact.objective, 5);
    // Of the third, only bounds from the LP relaxation count as proofs.
    if (third.kind !== 'optimal' && third.kind !== 'feasible') expect.fail(`jslp: ${third.kind}`);
    expect(third.objective).toBeCloseTo(exact.objective, 5);
    expect(third.bound ?? -Infinity).toBeLessThanOrEqual(exact.objective + 1e-5);
  });
});
