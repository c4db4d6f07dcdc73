import { createRng } from '../../../src/shared/rng.ts';
import type { BackendAnswer, Budget } from '../../../src/solve/backend.ts';
import { type LinearModel, type Variable, createModel } from '../../../src/solve/linear/linear-model.ts';

/** A budget that small models never use up and that asks for a proof. */
export const toTheEnd: Budget = {
  effort: { nodes: 100_000, simplexIterations: 1_000_000 },
  relativeGap: 0,
  absoluteGap: 0,
};

/** One variable from its bounds; integer, free of cost and called `x` unless said otherwise. */
export const aVariable = (more: Partial<Variable> = {}): Variable => ({
  name: 'x',
  lower: 0,
  upper: 1,
  kind: 'integer',
  cost: 0,
  ...more,
});

/** A model from its variables and rows `[lower, [coefficient of each variable], upper]`. */
export function aModel(
  variables: readonly Variable[],
  rows: readonly (readonly [number, readonly number[], number])[],
): LinearModel {
  const builder = createModel('model');
  for (const variable of variables) builder.addVariable(variable);
  for (const [i, [lower, values, upper]] of rows.entries()) {
    builder.addRow({ name: `row ${i}`, lower, upper, indices: [...values.keys()], values });
  }
  return builder.build();
}

/** Takes the most valuable of `size` things that fit into half of their weight. */
export function knapsack(seed: number, size: number): LinearModel {
  const rng = createRng(seed);
  const weights = Array.from({ length: size }, () => 5 + rng.nextInt(60));
  const half = Math.floor(weights.reduce((sum, weight) => sum + weight, 0) / 2);
  const variables = weights.map((weight) => aVariable({ cost: -(weight + rng.nextInt(15)) }));
  return aModel(variables, [[-Infinity, weights, half]]);
}

/** Each of `items` goes into one of `bins` at a cost; bins have capacities, which `tightness` 1 fills about. */
export function assignment(seed: number, items: number, bins: number, tightness = 0.8): LinearModel {
  const rng = createRng(seed, 1);
  const builder = createModel('assignment');
  const weights = Array.from({ length: items }, () => 1 + rng.nextInt(9));
  const capacity = Math.ceil(weights.reduce((sum, weight) => sum + weight, 0) / bins / tightness);
  const columns = weights.map((_, i) =>
    Array.from({ length: bins }, (__, b) =>
      builder.addVariable(aVariable({ name: `item ${i} in ${b}`, cost: rng.nextInt(20) })),
    ),
  );
  for (const [i, indices] of columns.entries()) {
    builder.addRow({ name: `item ${i}`, lower: 1, upper: 1, indices, values: indices.map(() => 1) });
  }
  for (let b = 0; b < bins; b += 1) {
    const indices = columns.flatMap((row) => row.slice(b, b + 1));
    builder.addRow({ name: `bin ${b}`, lower: -Infinity, upper: capacity, indices, values: weights });
  }
  return builder.build();
}

/** Packs items of two sizes into as few of `bins` as possible; each bin costs a little more than the one before. */
export function binPacking(seed: number, items: number, bins: number): LinearModel {
  const rng = createRng(seed, 2);
  const builder = createModel('bin packing');
  const sizes = Array.from({ length: 2 }, () => Array.from({ length: items }, () => 10 + rng.nextInt(50)));
  const opened = Array.from({ length: bins }, (_, b) =>
    builder.addVariable(aVariable({ name: `bin ${b}`, cost: 100 + b })),
  );
  const columns = Array.from({ length: items }, (_, i) =>
    opened.map((__, b) => builder.addVariable(aVariable({ name: `item ${i} in ${b}` }))),
  );
  for (const [i, indices] of columns.entries()) {
    builder.addRow({ name: `item ${i}`, lower: 1, upper: 1, indices, values: indices.map(() => 1) });
  }
  for (const size of sizes) {
    for (const [b, open] of opened.entries()) {
      const indices = [...columns.flatMap((row) => row.slice(b, b + 1)), open];
      builder.addRow({ name: `bin ${b}`, lower: -Infinity, upper: 0, indices, values: [...size, -100] });
    }
  }
  return builder.build();
}

/** A small model of everything: free, negative and fractional bounds, equalities, ranges, some continuous variables. */
export function mixture(
  seed: number,
  kinds: readonly Variable['kind'][] = ['integer', 'integer', 'continuous'],
) {
  const rng = createRng(seed, 3);
  const between = (low: number, high: number): number => low + rng.nextInt(high - low + 1);
  const variables = Array.from({ length: between(3, 7) }, () => {
    const lower = [0, 0, -between(1, 6), 0.5, -Infinity][rng.nextInt(5)] ?? 0;
    const upper = Math.max(lower, 0) + between(1, 8) + (rng.nextInt(3) === 0 ? 0.5 : 0);
    const cost = lower === -Infinity ? -between(0, 9) : between(-9, 9);
    return aVariable({ lower, upper, cost, kind: kinds[rng.nextInt(kinds.length)] ?? 'integer' });
  });
  // Rows around a point that is inside the bounds, so that most of them leave something to find.
  const point = variables.map(({ lower, upper }) => Math.floor(Math.max(lower, upper - between(0, 4))));
  const rows = Array.from({ length: between(2, 5) }, () => {
    const values = variables.map(() => (rng.nextInt(3) === 0 ? 0 : between(-7, 9)));
    const middle = values.reduce((sum, value, j) => sum + value * (point[j] ?? 0), 0);
    const kind = rng.nextInt(4);
    const lower = kind === 0 ? middle : kind === 1 ? middle - between(0, 9) : -Infinity;
    const upper = kind === 0 ? middle : kind === 3 ? Infinity : middle + between(0, 9);
    return [kind === 3 ? middle - between(0, 9) : lower, values, upper] as const;
  });
  return aModel(variables, rows);
}

/** The objective of an answer that has one. */
export const objectiveOf = (answer: BackendAnswer): number | undefined =>
  'objective' in answer ? answer.objective : undefined;

/** The bound of an answer that has one. */
export const boundOf = (answer: BackendAnswer): number | undefined =>
  'bound' in answer ? answer.bound : undefined;
