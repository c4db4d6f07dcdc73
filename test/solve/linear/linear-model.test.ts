import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createModel, evaluate, findBreach, toLpText } from '../../../src/solve/linear/linear-model.ts';
import { aModel, aVariable } from '../backends/models.ts';

describe('createModel', () => {
  it('compresses rows, adds up what names an index twice, and drops what adds up to nothing', () => {
    const builder = createModel('m');
    const [a, b, c] = ['a', 'b', 'c'].map((name) => builder.addVariable(aVariable({ name, cost: 3 })));
    const indices = [c ?? 0, a ?? 0, b ?? 0, c ?? 0, b ?? 0];

    const row = builder.addRow({ name: 'r', lower: 1, upper: 1e20, indices, values: [1, 2, 3, 4, -3] });
    builder.addRow({ name: 's', lower: -Infinity, upper: 2, indices: [b ?? 0], values: [7] });

    expect(row).toBe(0);
    expect(builder.build()).toMatchObject({
      rowStarts: Int32Array.of(0, 2, 3),
      columns: Int32Array.of(2, 0, 1),
      coefficients: Float64Array.of(5, 2, 7),
      rowLower: Float64Array.of(1, -Infinity),
      rowUpper: Float64Array.of(Infinity, 2),
      cost: Float64Array.of(3, 3, 3),
      integer: Uint8Array.of(1, 1, 1),
      rowNames: ['r', 's'],
      variableNames: ['a', 'b', 'c'],
    });
  });

  it('leaves a model that is built as it is when more is added', () => {
    const builder = createModel('m');
    const before = builder.build();

    builder.addVariable(aVariable());
    builder.addOffset(4);
    builder.addOffset(-1);

    expect(before.cost.length).toBe(0);
    expect(builder.build()).toMatchObject({ offset: 3, cost: Float64Array.of(0) });
  });

  it.each([
    ['a NaN bound', aVariable({ lower: Number.NaN }), 'variable x has the bounds NaN … 1'],
    [
      'a lower bound of infinity',
      aVariable({ lower: 1e20 }),
      'variable x has the bounds 100000000000000000000 … 1',
    ],
    ['a cost that is no number', aVariable({ cost: Infinity }), 'variable x costs Infinity'],
  ])('refuses %s', (_, variable, message) => {
    expect(() => createModel('m').addVariable(variable)).toThrow(message);
  });

  it('refuses a row that names a variable that is not there', () => {
    const row = { name: 'r', lower: 0, upper: 1, indices: [0], values: [1] };

    expect(() => createModel('m').addRow(row)).toThrow('row r names variable 0 of 0');
  });

  it('has the activity of the entries that were added, however often they repeat', () => {
    const entries = fc.array(fc.tuple(fc.nat({ max: 4 }), fc.integer({ min: -9, max: 9 })));
    const values = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(entries), values, (rows, point) => {
        const builder = createModel('m');
        for (const name of 'abcde') builder.addVariable(aVariable({ name, lower: -9, upper: 9 }));
        for (const [i, row] of rows.entries()) {
          const activity = row.reduce((sum, [j, value]) => sum + value * (point[j] ?? 0), 0);
          const [indices, coefficients] = [row.map(([j]) => j), row.map(([, value]) => value)];
          builder.addRow({ name: `${i}`, lower: activity, upper: activity, indices, values: coefficients });
        }

        expect(evaluate(builder.build(), Float64Array.from(point))).toEqual({ objective: 0 });
      }),
    );
  });
});

describe('evaluate', () => {
  const model = aModel(
    [
      aVariable({ name: 'a', upper: 10, cost: 2 }),
      aVariable({ name: 'b', kind: 'continuous', lower: -5, upper: Infinity, cost: -1 }),
    ],
    [
      [-Infinity, [1, 1], 100],
      [4, [1, 0], Infinity],
    ],
  );

  it('finds nothing broken where nothing is', () => {
    expect(evaluate(model, Float64Array.of(4, 2.5))).toEqual({ objective: 5.5 });
  });

  it('names the worst breach of each kind, as a share of its limit', () => {
    const evaluation = evaluate(model, Float64Array.of(12.25, 200));

    expect(evaluation).toEqual({
      objective: -175.5,
      row: { name: 'row 0', index: 0, measured: 212.25, limit: 100, amount: 1.1225 },
      bound: { name: 'a', index: 0, measured: 12.25, limit: 10, amount: 0.225 },
      integrality: { name: 'a', index: 0, measured: 12.25, limit: 12, amount: 0.25 / 12 },
    });
    expect(findBreach(evaluation)?.name).toBe('row 0');
  });

  it('takes fractions for no breach of a relaxation', () => {
    const evaluation = evaluate(model, Float64Array.of(4.5, 0));

    expect(findBreach(evaluation, { relax: true })).toBeUndefined();
    expect(findBreach(evaluation)).toMatchObject({ name: 'a', measured: 4.5 });
  });

  it('never lets a NaN or an infinity pass', () => {
    for (const value of [Number.NaN, Infinity, -Infinity]) {
      const evaluation = evaluate(model, Float64Array.of(4, value));

      expect(evaluation.objective).not.toBeNaN();
      expect(findBreach(evaluation)?.amount).toBe(Infinity);
    }
  });

  it('refuses values of another model', () => {
    expect(() => evaluate(model, Float64Array.of(1))).toThrow('model model has 2 variables, not 1');
  });
});

describe('toLpText', () => {
  it('prints every kind of row and bound under names that no parser stumbles over', () => {
    const builder = createModel('a\nb');
    builder.addOffset(-2.5);
    const free = { lower: -Infinity, upper: Infinity };
    builder.addVariable(aVariable({ ...free, name: 'free', kind: 'continuous', cost: 1 }));
    builder.addVariable(aVariable({ name: '3 <= é', lower: -Infinity, cost: -1e-7 }));
    builder.addVariable(aVariable({ name: '', lower: 4, upper: 4 }));
    builder.addVariable(aVariable({ name: 'x'.repeat(300), upper: Infinity }));
    builder.addRow({ name: 'End', lower: -3, upper: 8, indices: [0, 2], values: [1, -1] });
    builder.addRow({ name: 'equal', lower: 5, upper: 5, indices: [3], values: [2] });
    builder.addRow({ name: 'empty', lower: -1, upper: Infinity, indices: [], values: [] });
    builder.addRow({ ...free, name: 'open', indices: [1], values: [1] });

    const long = `x3_${'x'.repeat(100)}`;
    expect(toLpText(builder.build()).split('\n')).toEqual([
      '\\ model_a_b',
      'Minimize',
      ` obj: + 1 x0_free - 1e-7 x1_3_____ + 0 x2_ + 0 ${long} - 2.5`,
      'Subject To',
      ' r0_End_lo: + 1 x0_free - 1 x2_ >= -3',
      ' r0_End_up: + 1 x0_free - 1 x2_ <= 8',
      ` r1_equal: + 2 ${long} = 5`,
      ' r2_empty_lo: + 0 x0_free >= -1',
      'Bounds',
      ' x0_free free',
      ' -inf <= x1_3_____ <= 1',
      ' x2_ = 4',
      ` 0 <= ${long}`,
      'General',
      ' x1_3_____',
      ' x2_',
      ` ${long}`,
      'End',
      '',
    ]);
  });
});
