import { afterAll, describe, expect, it } from 'vitest';
import type { Backend, Budget } from '../../../src/solve/backend.ts';
import { createGlpkBackend } from '../../../src/solve/backends/glpk.ts';
import { backendIds, createBackend } from '../../../src/solve/backends/registry.ts';
import { InputError } from '../../../src/shared/diagnostic.ts';
import { aModel, aVariable, binPacking, knapsack, toTheEnd } from './models.ts';

const created: Backend[] = [];
const create = (id: 'glpk' | 'jslp'): Backend => {
  const backend = createBackend(id);
  created.push(backend);
  return backend;
};
afterAll(() => Promise.all(created.map((backend) => backend.close())));

const model = binPacking(1, 12, 7);
/** More than either can prove in an hour. */
const endless = binPacking(3, 40, 25);

it('knows three solvers, the default first', () => {
  expect(backendIds).toEqual(['highs', 'glpk', 'jslp']);
  expect(backendIds.map((id) => createBackend(id).id)).toEqual(backendIds);
});

describe.each(['glpk', 'jslp'] as const)('%s', (id) => {
  const backend = create(id);
  const within = (amount: number): Budget => ({
    ...toTheEnd,
    effort: { nodes: amount, simplexIterations: amount },
  });

  it('stops at its effort, at the same place each time, with a bound from the relaxation', async () => {
    for (const amount of [1, 40, 400]) {
      const first = await backend.solve({ model }, within(amount));
      const second = await backend.solve({ model }, within(amount));

      expect(first.status).toMatch(/^(feasible|unknown)$/);
      expect(first).toMatchObject({ stoppedBy: 'effort' });
      expect(second).toEqual(first);
    }
    expect(await backend.solve({ model }, within(400))).toMatchObject({ proof: 'lp-bound' });
  });

  it('falls back on a feasible start, which it does not know by itself', async () => {
    const sack = knapsack(2, 12);
    const start = new Float64Array(12).fill(1, 0, 1);
    const problem = { model: sack, start };

    const answer = await backend.solve(problem, within(0));

    expect(answer).toMatchObject({
      status: 'feasible',
      stoppedBy: 'effort',
      values: start,
      objective: sack.cost[0],
    });
  });

  it('stops when it is cancelled, and solves the next problem', async () => {
    const controller = new AbortController();
    const running = backend.solve({ model: endless }, { ...within(Infinity), signal: controller.signal });
    setTimeout(() => {
      controller.abort();
    }, 200);

    expect(await running).toMatchObject({ stoppedBy: 'cancel' });
    expect(await backend.solve({ model: knapsack(1, 6) }, toTheEnd)).toMatchObject({ objective: -125 });
  });

  it('stops at its time limit', async () => {
    const budget = { ...within(Infinity), timeLimitSeconds: 0.2 };

    expect(await backend.solve({ model: endless }, budget)).toMatchObject({
      stoppedBy: 'time',
    });
  });
});

describe('an integer that is only nearly whole', () => {
  // GLPK takes x = 5e-7 for 0, and so opens for 0.5 what costs 100 to open.
  const open = (need: number, spare: number) =>
    aModel(
      [
        aVariable({ upper: 5, cost: 100 }),
        aVariable({ name: 'y', upper: 1e9, kind: 'continuous', cost: 0.01 }),
        aVariable({ name: 'spare', upper: spare, kind: 'continuous', cost: 50 }),
      ],
      [
        [-Infinity, [-1e6, 1, 0], 0],
        [need, [0, 1, 1], Infinity],
      ],
    );

  it('is no solution once it is whole', async () => {
    const answer = await create('glpk').solve({ model: open(0.5, 0) }, toTheEnd);

    expect(answer).toMatchObject({
      status: 'unknown',
      stoppedBy: 'failure',
      reason: 'its solution does not pass the check: row 0 is 0.5, limit 0',
    });
  });

  it('lets the continuous variables follow where they can', async () => {
    const answer = await create('glpk').solve({ model: open(0.3, 1) }, toTheEnd);

    expect(answer).toMatchObject({ status: 'feasible', values: Float64Array.of(0, 0, 0.3), objective: 15 });
  });
});

describe('a solver that is not installed', () => {
  const missing = createGlpkBackend({
    importGlpk: () => Promise.reject(new Error("Cannot find package 'glpk.js'")),
  });

  it('is named, with its licence and the command that installs it', async () => {
    const error: unknown = await missing.solve({ model }, toTheEnd).catch((caught: unknown) => caught);

    expect(error).toBeInstanceOf(InputError);
    expect(error instanceof InputError ? error.diagnostics : []).toEqual([
      {
        code: 'solver.missing',
        severity: 'error',
        summary: '--solver glpk needs the optional package glpk.js (GPL-3.0)',
        hint: 'npm install glpk.js',
      },
    ]);
  });
});
