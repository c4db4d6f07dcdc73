import { afterAll, describe, expect, it } from 'vitest';
import type { BackendAnswer } from '../../../src/solve/backend.ts';
import { createBackend } from '../../../src/solve/backends/registry.ts';
import { type LinearModel, evaluate, findBreach } from '../../../src/solve/linear/linear-model.ts';
import {
  aModel,
  aVariable,
  assignment,
  boundOf,
  knapsack,
  mixture,
  objectiveOf,
  toTheEnd,
} from './models.ts';

const highs = createBackend('highs');
const glpk = createBackend('glpk');
const jslp = createBackend('jslp');
const backends = [highs, glpk, jslp];

afterAll(() => Promise.all(backends.map((backend) => backend.close())));

const seeds = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i + 1);
const solveAll = (model: LinearModel, relax = false): Promise<BackendAnswer[]> =>
  Promise.all(backends.map((backend) => backend.solve({ model, relax }, toTheEnd)));

/** What must hold of any answer, given the objective of the optimum; undefined where there is none. */
function expectSound(
  model: LinearModel,
  answer: BackendAnswer,
  optimum: number | undefined,
  relax = false,
): void {
  const objective = objectiveOf(answer);
  if (answer.status === 'optimal' || answer.status === 'feasible') {
    const evaluation = evaluate(model, answer.values);
    expect(findBreach(evaluation, { relax })).toBeUndefined();
    expect(evaluation.objective).toBe(answer.objective);
  }
  if (optimum === undefined) expect(objective).toBeUndefined();
  else {
    const tolerance = 1e-6 * Math.max(1, Math.abs(optimum));
    expect(objective ?? Infinity).toBeGreaterThanOrEqual(optimum - tolerance);
    expect(boundOf(answer) ?? -Infinity).toBeLessThanOrEqual(optimum + tolerance);
  }
}

const families: readonly (readonly [string, readonly LinearModel[]])[] = [
  ['knapsacks', seeds(12).map((seed) => knapsack(seed, 8 + (seed % 5)))],
  ['assignments with capacities', seeds(12).map((seed) => assignment(seed, 6, 3))],
  ['mixtures of whole numbers', seeds(20).map((seed) => mixture(seed, ['integer']))],
  ['mixtures with continuous variables', seeds(20).map((seed) => mixture(seed + 100))],
];

describe.each(families)('%s', (_, models) => {
  it('have the same optimum by every solver', async () => {
    for (const model of models) {
      const answers = await solveAll(model);

      const [byHighs, byGlpk, byJslp] = answers;
      const optimum = byHighs === undefined ? undefined : objectiveOf(byHighs);
      expect(byHighs?.status).toMatch(/^(optimal|infeasible)$/);
      expect(byGlpk?.status).toBe(byHighs?.status);
      for (const answer of answers) expectSound(model, answer, optimum);
      if (optimum === undefined) expect(byJslp?.status).toMatch(/^(infeasible|unknown)$/);
      else for (const answer of answers) expect(objectiveOf(answer)).toBeCloseTo(optimum, 5);
    }
  });

  it('have the same relaxation by every solver', async () => {
    for (const model of models) {
      const answers = await solveAll(model, true);

      const [byHighs] = answers;
      const optimum = byHighs === undefined ? undefined : objectiveOf(byHighs);
      for (const answer of answers) {
        expect(answer.status).toBe(optimum === undefined ? 'infeasible' : 'optimal');
        expectSound(model, answer, optimum, true);
        if (optimum !== undefined) {
          expect(Math.abs((objectiveOf(answer) ?? NaN) - optimum)).toBeLessThanOrEqual(
            1e-6 * Math.max(1, Math.abs(optimum)),
          );
        }
      }
    }
  });
});

it('covers enough of everything', async () => {
  const statuses = new Map<string, number>();
  for (const model of families.flatMap(([, models]) => models)) {
    const { status } = await highs.solve({ model }, toTheEnd);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }

  expect(statuses.get('optimal')).toBeGreaterThanOrEqual(45);
  expect(statuses.get('infeasible')).toBeGreaterThanOrEqual(3);
});

describe.each(backends.map((backend) => [backend.id, backend] as const))('%s', (id, backend) => {
  it('finds out that nothing fits', async () => {
    const model = assignment(4, 6, 3, 1.5);

    const answer = await backend.solve({ model }, toTheEnd);

    expect(answer).toMatchObject({ status: 'infeasible', proof: id === 'jslp' ? 'lp-bound' : 'exact' });
    expect(answer).not.toHaveProperty('values');
  });

  it('rounds a bound up to what whole costs can sum to', async () => {
    const thirds = [aVariable({ cost: 4 }), aVariable({ cost: 4 }), aVariable({ cost: 4 })];
    const model = aModel(thirds, [[1.5, [1, 1, 1], Infinity]]);

    const answer = await backend.solve({ model }, toTheEnd);

    expect(answer).toMatchObject({ status: 'optimal', objective: 8, bound: 8 });
  });

  it.each([
    [
      'crossed bounds',
      aModel([aVariable({ lower: 0.2, upper: 0.8 })], [[0, [1], 5]]),
      { status: 'infeasible' },
    ],
    ['a crossed row', aModel([aVariable()], [[3, [1], 2]]), { status: 'infeasible' }],
    [
      'only fixed variables',
      aModel([aVariable({ lower: 1, cost: 7 })], [[0, [1], 5]]),
      { objective: 7, bound: 7 },
    ],
    [
      'fixed variables that break a row',
      aModel([aVariable({ lower: 1 })], [[2, [1], 5]]),
      { status: 'infeasible' },
    ],
    ['no variables', aModel([], []), { status: 'optimal', objective: 0 }],
    ['no variables and a row', aModel([], [[1, [], 2]]), { status: 'infeasible' }],
    [
      'no rows',
      aModel([aVariable({ upper: 2.5, cost: -3 }), aVariable()], []),
      { status: 'optimal', objective: -6 },
    ],
    [
      'no rows and no end',
      aModel([aVariable({ upper: Infinity, cost: -1 })], []),
      { status: 'unbounded', proof: 'exact' },
    ],
    ['an empty row', aModel([aVariable({ cost: -1 })], [[1, [0], 2]]), { status: 'infeasible' }],
  ])('answers for %s', async (_, model, expected) => {
    expect(await backend.solve({ model }, toTheEnd)).toMatchObject(expected);
  });

  it('takes whole bounds where the bounds of an integer variable are not', async () => {
    // HiGHS 1.15.1 by itself answers −228.5 with x2 = 2.5.
    const costs = [-8, -4, -7, 5, -2];
    const variables = [8.5, Infinity, 2.5, 6.5, 6.5].map((upper, j) =>
      aVariable({ lower: j === 0 ? 0.5 : 0, upper, cost: costs[j] ?? 0 }),
    );
    const model = aModel(variables, [[-Infinity, [0, 1, 1, -1, -7], -4]]);

    expect(objectiveOf(await backend.solve({ model }, toTheEnd))).toBe(-234);
  });

  it('never calls an unbounded program solved', async () => {
    // HiGHS 1.15.1 by itself calls this one infeasible.
    const model = aModel(
      [
        aVariable({ lower: 0.5, upper: 5.5, kind: 'continuous', cost: -2 }),
        aVariable({ upper: Infinity, kind: 'continuous', cost: -9 }),
        aVariable({ lower: -Infinity, upper: 0, cost: 9 }),
        aVariable({ upper: Infinity, cost: -5 }),
        aVariable({ lower: 0.5, upper: 3.5, cost: -1 }),
        aVariable({ upper: 8.5, cost: -7 }),
      ],
      [
        [19, [7, 0, 0, 0, 0, -6], 26],
        [-Infinity, [-1, 3, 4, -5, 1, 0], 10],
        [-Infinity, [0, -6, -7, 2, 0, 0], -7],
        [-Infinity, [2, 0, 3, 0, 6, 0], 5],
      ],
    );
    const expected = id === 'jslp' ? 'unknown' : 'unbounded';

    for (const relax of [true, false]) {
      expect((await backend.solve({ model, relax }, toTheEnd)).status).toBe(expected);
    }
  });
});
