import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkValues } from '../../../src/solve/backends/check-values.ts';
import { boundFromDuals, roundUpBound } from '../../../src/solve/backends/dual-bound.ts';
import { createElastic, provesInfeasible } from '../../../src/solve/backends/elastic.ts';
import type { Claim } from '../../../src/solve/backends/engine.ts';
import { settle } from '../../../src/solve/backends/settle.ts';
import { evaluate } from '../../../src/solve/linear/linear-model.ts';
import { aModel, aVariable, knapsack } from './models.ts';

// Take x of 0 … 10 and y of 0 … 10 for 3 and 2 each, together at least 7.5: the best is x = 0, y = 8 for 16.
const model = aModel(
  [aVariable({ upper: 10, cost: 3 }), aVariable({ name: 'y', upper: 10, cost: 2 })],
  [[7.5, [1, 1], Infinity]],
);
const hear = (claim: Claim, { search = true, start }: { search?: boolean; start?: Float64Array } = {}) =>
  settle({
    problem: { model, ...(start === undefined ? {} : { start }) },
    program: model,
    claim,
    trust: { search },
  });

describe('settle', () => {
  it('rounds what is nearly whole and counts the objective itself', () => {
    const answer = hear({ says: 'optimal', values: Float64Array.of(-1e-9, 7.999999), bound: 16 });

    expect(answer).toEqual({
      status: 'optimal',
      values: Float64Array.of(0, 8),
      objective: 16,
      bound: 16,
      proof: 'exact',
    });
  });

  it('calls nothing optimal that its bound does not prove', () => {
    const answer = hear({ says: 'optimal', values: Float64Array.of(1, 7), bound: 16 });

    expect(answer).toEqual({
      status: 'feasible',
      values: Float64Array.of(1, 7),
      objective: 17,
      bound: 16,
      gap: 1 / 17,
      proof: 'exact',
      stoppedBy: 'failure',
      reason: 'it says optimal, which contradicts its own bound',
    });
  });

  it.each([
    ['breaks a row', Float64Array.of(0, 7), 'row 0 is 7, limit 7.5'],
    ['breaks a bound', Float64Array.of(0, 12), 'y is 12, limit 10'],
    ['is not whole', Float64Array.of(0.5, 7.5), 'x is 0.5, limit 1'],
    ['is no number', Float64Array.of(0, Number.NaN), 'row 0 is NaN, limit 7.5'],
    ['is of another model', Float64Array.of(8), '1 values for 2 variables'],
  ])('takes no solution that %s', (_, values, why) => {
    const answer = hear({ says: 'optimal', values, bound: 15 });

    expect(answer).toEqual({
      status: 'unknown',
      bound: 15,
      proof: 'exact',
      stoppedBy: 'failure',
      reason: `its solution does not pass the check: ${why}`,
    });
  });

  it('drops a bound above a solution', () => {
    const answer = hear(
      { says: 'optimal', values: Float64Array.of(0, 9), bound: 18 },
      { start: Float64Array.of(0, 8) },
    );

    expect(answer).toMatchObject({ status: 'feasible', objective: 16, proof: 'none', stoppedBy: 'failure' });
    expect(answer).not.toHaveProperty('bound');
  });

  it('believes no "infeasible" against a solution', () => {
    const answer = hear({ says: 'infeasible' }, { start: Float64Array.of(0, 8) });

    expect(answer).toMatchObject({ status: 'feasible', objective: 16, stoppedBy: 'failure' });
  });

  it('believes no "infeasible", "unbounded" or bound of a solver whose search is no proof', () => {
    for (const says of ['infeasible', 'unbounded'] as const) {
      expect(hear({ says, bound: 16 }, { search: false })).toEqual({
        status: 'unknown',
        proof: 'none',
        stoppedBy: 'failure',
        reason: `it says ${says}, without proof`,
      });
    }
  });

  it('takes duals from any solver, and rounds the bound up', () => {
    const claim = { says: 'optimal', values: Float64Array.of(0, 8), duals: Float64Array.of(1.9) } as const;

    expect(hear(claim, { search: false })).toMatchObject({
      status: 'feasible',
      bound: 15, // 1.9 · 7.5 = 14.25
      proof: 'lp-bound',
      reason: 'it says optimal, without proof',
    });
  });

  it('has no NaN in it, whatever the solver says', () => {
    const wild = fc.constantFrom(Number.NaN, Infinity, -Infinity, 0, 8, 16, -1e300, 1e300);
    const vector = fc.option(fc.array(wild, { maxLength: 3 }), { nil: undefined });
    const says = fc.constantFrom('optimal', 'infeasible', 'unbounded', 'stopped');
    fc.assert(
      fc.property(says, vector, vector, fc.option(wild, { nil: undefined }), (word, values, duals, bound) => {
        const answer = hear({
          says: word,
          ...(values === undefined ? {} : { values: Float64Array.from(values) }),
          ...(duals?.length === 1 ? { duals: Float64Array.from(duals) } : {}),
          ...(bound === undefined ? {} : { bound }),
        });

        for (const part of Object.values(answer)) {
          const numbers = part instanceof Float64Array ? [...part] : typeof part === 'number' ? [part] : [];
          expect(numbers.every(Number.isFinite)).toBe(true);
        }
      }),
    );
  });
});

describe('checkValues', () => {
  it('hands back rounded values whose rows are broken, so that they can be mended', () => {
    expect(checkValues({ model }, Float64Array.of(0, 7.000001))).toMatchObject({
      kind: 'failed',
      rounded: Float64Array.of(0, 7),
    });
  });

  it('has no negative zero', () => {
    const checked = checkValues({ model }, Float64Array.of(-0, 8));

    expect(checked.kind === 'passed' && Object.is(checked.values[0], 0)).toBe(true);
  });
});

describe('boundFromDuals', () => {
  it('is below every solution for any duals at all', () => {
    const number = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.constantFrom(Number.NaN, Infinity, 1e9));
    const point = fc.tuple(fc.nat({ max: 10 }), fc.nat({ max: 10 })).filter(([x, y]) => x + y >= 7.5);
    fc.assert(
      fc.property(number, point, (dual, values) => {
        const { objective } = evaluate(model, Float64Array.from(values));

        expect(boundFromDuals(model, Float64Array.of(dual))).toBeLessThanOrEqual(objective);
      }),
    );
  });

  it('proves nothing where a cheap variable has no end', () => {
    const open = aModel([aVariable({ upper: Infinity, cost: -1 })], [[-Infinity, [1], 5]]);

    expect(boundFromDuals(open, Float64Array.of(0))).toBe(-Infinity);
    expect(boundFromDuals(open, Float64Array.of(-1))).toBe(-5);
  });
});

describe('roundUpBound', () => {
  it('goes to the next multiple of what all costs share, offset included', () => {
    const steps = { ...knapsack(1, 2), cost: Float64Array.of(-12, 18), offset: 0.5 };

    expect(roundUpBound(steps, -8.2)).toBe(-5.5);
    expect(roundUpBound(steps, -5.5 + 1e-9)).toBe(-5.5 + 1e-9);
  });

  it('leaves a bound alone where costs are no whole numbers or variables not whole', () => {
    expect(roundUpBound({ ...model, cost: Float64Array.of(1, 0.5) }, 3.2)).toBe(3.2);
    expect(roundUpBound({ ...model, integer: Uint8Array.of(1, 0) }, 3.2)).toBe(3.2);
    expect(roundUpBound(model, -Infinity)).toBe(-Infinity);
  });
});

describe('createElastic', () => {
  it('lets each row be broken at a price', () => {
    const elastic = createElastic(model);

    const asIs = evaluate(elastic, Float64Array.of(0, 8, 0, 0));
    const broken = evaluate(elastic, Float64Array.of(0, 7, 0.5, 0));

    expect(asIs).toEqual({ objective: 0 });
    expect(broken).toEqual({ objective: 0.5 });
    expect(provesInfeasible(model, 1e-6)).toBe(false);
    expect(provesInfeasible(model, 1e-3)).toBe(true);
    expect(provesInfeasible(model, undefined)).toBe(false);
  });
});
