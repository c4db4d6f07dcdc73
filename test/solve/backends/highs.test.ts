import { afterAll, describe, expect, it } from 'vitest';
import type { BackendAnswer, Budget } from '../../../src/solve/backend.ts';
import { loadHighsEngine } from '../../../src/solve/backends/highs-engine.ts';
import { createHighsBackend } from '../../../src/solve/backends/highs.ts';
import { findBreach, evaluate } from '../../../src/solve/linear/linear-model.ts';
import { aModel, aVariable, assignment, binPacking, knapsack, toTheEnd } from './models.ts';

const highs = createHighsBackend();
afterAll(() => highs.close());

const within = (effort: Partial<Budget['effort']>): Budget => ({
  ...toTheEnd,
  effort: { nodes: Infinity, simplexIterations: Infinity, ...effort },
});
const unlimited = within({});
/** Far more than any machine can prove while a test runs. */
const endless = binPacking(3, 60, 40);

/** An answer as text, every bit of its numbers included. */
const print = (answer: BackendAnswer): string =>
  JSON.stringify(answer, (_, value: unknown) =>
    ArrayBuffer.isView(value) ? Buffer.from(value.buffer).toString('hex') : value,
  );

describe('effort', () => {
  it('packs bins within an effort and says how good that is', async () => {
    const model = binPacking(1, 24, 12);

    const answer = await highs.solve({ model }, within({ simplexIterations: 500 }));

    expect(answer).toMatchObject({ status: 'feasible', stoppedBy: 'effort', proof: 'exact' });
    if (answer.status !== 'feasible') return;
    const { objective, bound = -Infinity, gap } = answer;
    expect(findBreach(evaluate(model, answer.values))).toBeUndefined();
    expect(bound).toBeLessThan(objective);
    expect(gap).toBeCloseTo((objective - bound) / objective, 12);
  });

  it('has no answer, or a sound one, wherever it stops', async () => {
    const model = assignment(5, 14, 5, 0.98);
    const full = await highs.solve({ model }, unlimited);
    expect(full.status).toBe('optimal');
    const optimum = full.status === 'optimal' ? full.objective : NaN;

    for (const effort of [
      ...[0, 1, 5].map((nodes) => ({ nodes })),
      ...[0, 1, 30, 90, 200].map((simplexIterations) => ({ simplexIterations })),
    ]) {
      const answer = await highs.solve({ model }, within(effort));

      expect(answer.status).toMatch(/^(optimal|feasible|unknown)$/);
      if ('objective' in answer) expect(answer.objective).toBeGreaterThanOrEqual(optimum);
      if ('bound' in answer) expect(answer.bound).toBeLessThanOrEqual(optimum);
      if ('stoppedBy' in answer) expect(answer.stoppedBy).toBe('effort');
    }
  });

  it('stops an LP too, with what its duals prove', async () => {
    const answer = await highs.solve({ model: endless, relax: true }, within({ simplexIterations: 20 }));

    expect(answer).toMatchObject({ stoppedBy: 'effort' });
    expect(answer.proof).toMatch(/^(lp-bound|none)$/);
  });

  it('stops at a gap that is good enough', async () => {
    const answer = await highs.solve({ model: knapsack(3, 40) }, { ...unlimited, relativeGap: 0.5 });

    if (answer.status === 'feasible') expect(answer).toMatchObject({ stoppedBy: 'gap', proof: 'exact' });
    else expect(answer.status).toBe('optimal');
  });

  it('refuses a budget that is no budget', async () => {
    const solve = highs.solve({ model: knapsack(1, 4) }, { ...unlimited, relativeGap: Number.NaN });

    await expect(solve).rejects.toThrow('the budget of a solve has relativeGap NaN');
  });
});

describe('determinism', () => {
  it('gives the same bytes again, whatever was solved between, on a worker that is new or not', async () => {
    const budget = within({ simplexIterations: 600 });
    const problem = { model: binPacking(2, 16, 9) };

    const first = print(await highs.solve(problem, budget));
    await highs.solve({ model: assignment(1, 8, 4) }, unlimited);
    const second = print(await highs.solve(problem, budget));
    await highs.close();
    const third = print(await highs.solve(problem, budget));

    expect(first).toContain('"objective"');
    expect(second).toBe(first);
    expect(third).toBe(first);
  });
});

describe('start', () => {
  const model = binPacking(1, 24, 12);

  it('is never worse than its start', async () => {
    const known = await highs.solve({ model }, within({ simplexIterations: 700 }));
    const start = 'values' in known ? known.values : new Float64Array();

    const answer = await highs.solve({ model, start }, within({ simplexIterations: 0 }));

    expect(answer).toMatchObject({ status: 'feasible', stoppedBy: 'effort' });
    if ('objective' in answer && 'objective' in known) {
      expect(answer.objective).toBeLessThanOrEqual(known.objective);
    }
  });

  it('hands the start to the solver, which has it from the first moment', async () => {
    const program = assignment(7, 12, 4, 0.95);
    const solved = await highs.solve({ model: program }, unlimited);
    const start = 'values' in solved ? solved.values : new Float64Array();
    const limits = { ...unlimited.effort, simplexIterations: 0, timeLimitSeconds: Infinity };
    const watch = { isCancelled: () => false, onIncumbent: () => undefined, onBound: () => undefined };
    const engine = await loadHighsEngine();

    const claim = engine.solve(
      { program, start, limits: { ...limits, relativeGap: 0, absoluteGap: 0 } },
      watch,
    );

    expect(claim.values).toEqual(start);
  });

  it('does not fall for a start that breaks a row', async () => {
    const packed = aModel([aVariable({ cost: -1 }), aVariable({ cost: -1 })], [[-Infinity, [1, 1], 1]]);

    const answer = await highs.solve({ model: packed, start: Float64Array.of(1, 1) }, unlimited);

    expect(answer).toMatchObject({ status: 'optimal', objective: -1 });
  });

  it('refuses a start of another model', async () => {
    const solve = highs.solve({ model, start: Float64Array.of(1) }, unlimited);

    await expect(solve).rejects.toThrow('the start has 1 values, model bin packing has 300 variables');
  });
});

describe('LP', () => {
  it('comes with duals and reduced costs', async () => {
    const continuous = { kind: 'continuous', upper: Infinity } as const;
    const model = aModel(
      [aVariable({ ...continuous, cost: 3 }), aVariable({ ...continuous, cost: 5 })],
      [
        [4, [1, 1], Infinity],
        [-Infinity, [1, 0], 3],
      ],
    );

    const answer = await highs.solve({ model }, unlimited);

    expect(answer).toEqual({
      status: 'optimal',
      values: Float64Array.of(3, 1),
      objective: 14,
      bound: 14,
      proof: 'exact',
      duals: Float64Array.of(5, -2),
      reducedCosts: Float64Array.of(0, 0),
      work: { nodes: 0, simplexIterations: 0 },
    });
  });
});

describe('cancelling', () => {
  const abortWith = (controller: AbortController): Budget => ({ ...unlimited, signal: controller.signal });

  it('does not begin what is cancelled already', async () => {
    const answer = await highs.solve({ model: endless }, { ...unlimited, signal: AbortSignal.abort() });

    expect(answer).toMatchObject({ status: 'unknown', stoppedBy: 'cancel', proof: 'none' });
  });

  it('keeps a feasible start when it is cancelled', async () => {
    const known = await highs.solve({ model: endless }, within({ simplexIterations: 0 }));
    const found = await highs.solve({ model: endless }, within({ simplexIterations: 1000 }));
    expect(known.status).toBe('unknown');
    const start = 'values' in found ? found.values : new Float64Array();

    const answer = await highs.solve(
      { model: endless, start },
      { ...unlimited, signal: AbortSignal.abort() },
    );

    expect(answer).toMatchObject({ status: 'feasible', stoppedBy: 'cancel' });
  });

  it('stops a search that would go on for hours, and solves the next one', async () => {
    const controller = new AbortController();
    const running = highs.solve({ model: endless }, abortWith(controller));
    const waiting = highs.solve({ model: endless }, abortWith(controller));
    const next = highs.solve({ model: knapsack(1, 8) }, unlimited);
    setTimeout(() => {
      controller.abort();
    }, 300);

    expect(await waiting).toMatchObject({ status: 'unknown', stoppedBy: 'cancel' });
    expect(await running).toMatchObject({ stoppedBy: 'cancel' });
    expect(await next).toMatchObject({ status: 'optimal' });
  });

  it('answers what runs and what waits as cancelled when it is closed, and can be used again', async () => {
    const running = highs.solve({ model: endless }, unlimited);
    const waiting = highs.solve({ model: endless }, unlimited);

    await highs.close();

    expect(await running).toMatchObject({ stoppedBy: 'cancel' });
    expect(await waiting).toMatchObject({ status: 'unknown', stoppedBy: 'cancel' });
    expect(await highs.solve({ model: knapsack(1, 8) }, unlimited)).toMatchObject({ status: 'optimal' });
  });

  it('stops at its time limit', async () => {
    const answer = await highs.solve({ model: endless }, { ...unlimited, timeLimitSeconds: 0.5 });

    expect(answer).toMatchObject({ stoppedBy: 'time' });
  });
});

it('says what broke, and goes on with a new worker', async () => {
  const tooSteep = aModel([aVariable({ cost: 1 })], [[1, [1e300], Infinity]]);

  const answer = await highs.solve({ model: tooSteep }, unlimited);

  expect(answer).toMatchObject({ status: 'unknown', stoppedBy: 'failure', proof: 'none' });
  expect('reason' in answer ? answer.reason : '').toMatch(/^it broke: HighsError/);
  expect(await highs.solve({ model: knapsack(1, 8) }, unlimited)).toMatchObject({ status: 'optimal' });
});
