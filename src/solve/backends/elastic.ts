import {
  type LinearModel,
  type LinearProgram,
  feasibilityTolerance,
  numberAt,
} from '../linear/linear-model.ts';

/**
 * An LP that tells by how much a program's rows must be broken, in sum: it has a solution always, and a bound above
 * 0 on its objective proves that the program has none.
 *
 *     minimise  Σ over[i] + under[i]   so that   rowLower[i] <= row[i]·x + under[i] − over[i] <= rowUpper[i]
 */
export function createElastic(program: LinearProgram): LinearModel {
  const { cost, lower, upper, rowLower, rowStarts } = program;
  const width = cost.length;
  const extra = 2 * rowLower.length;
  const columns = new Int32Array(program.columns.length + extra);
  const coefficients = new Float64Array(columns.length);
  for (let i = 0; i < rowLower.length; i += 1) {
    const [start, end] = [numberAt(rowStarts, i), numberAt(rowStarts, i + 1)];
    columns.set(program.columns.subarray(start, end), start + 2 * i);
    columns.set([width + 2 * i, width + 2 * i + 1], end + 2 * i);
    coefficients.set(program.coefficients.subarray(start, end), start + 2 * i);
    coefficients.set([1, -1], end + 2 * i);
  }
  return {
    ...program,
    name: 'elastic',
    offset: 0,
    cost: append(new Float64Array(width), extra, 1),
    lower: append(lower, extra, 0),
    upper: append(upper, extra, Infinity),
    integer: new Uint8Array(width + extra),
    rowStarts: rowStarts.map((start, i) => start + 2 * i),
    columns,
    coefficients,
    variableNames: [],
    rowNames: [],
  };
}

/** Whether a bound on the objective of `createElastic(program)` is so far above 0 that rounding does not explain it. */
export function provesInfeasible({ rowLower, rowUpper }: LinearProgram, bound: number | undefined): boolean {
  let scale = 1;
  for (const limits of [rowLower, rowUpper]) {
    for (const limit of limits) if (Number.isFinite(limit)) scale = Math.max(scale, Math.abs(limit));
  }
  return bound !== undefined && bound > feasibilityTolerance * scale;
}

function append(items: Float64Array, count: number, value: number): Float64Array {
  const longer = new Float64Array(items.length + count).fill(value);
  longer.set(items);
  return longer;
}
