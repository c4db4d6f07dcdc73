import { type LinearProgram, numberAt } from '../linear/linear-model.ts';

const dualTolerance = 1e-9; // a reduced cost below this share of 1 + |cost| counts as 0
const roundingTolerance = 1e-6; // how far above a multiple a bound may stand and still mean that multiple

/**
 * The lower bound that duals prove, by weak duality; −Infinity when they prove nothing. True for any `duals`, so a
 * solver that computed them badly can only make the bound weak:
 *
 *     offset + Σ dual[i]·(rowLower[i] if dual[i] > 0, else rowUpper[i]) + Σ d[j]·(lower[j] if d[j] > 0, else upper[j])
 *     with the reduced costs  d = cost − Σ dual[i]·row[i]
 */
export function boundFromDuals(program: LinearProgram, duals: Float64Array): number {
  const usable = duals.map((dual, i) => {
    const limit = dual > 0 ? numberAt(program.rowLower, i) : numberAt(program.rowUpper, i);
    return Number.isFinite(dual) && Number.isFinite(limit) ? dual : 0;
  });
  let bound = program.offset;
  for (let i = 0; i < usable.length; i += 1) {
    const dual = numberAt(usable, i);
    if (dual !== 0)
      bound += dual * (dual > 0 ? numberAt(program.rowLower, i) : numberAt(program.rowUpper, i));
  }
  const reduced = toReducedCosts(program, usable);
  for (let j = 0; j < reduced.length; j += 1) {
    const cost = numberAt(reduced, j);
    if (cost === 0) continue;
    const limit = cost > 0 ? numberAt(program.lower, j) : numberAt(program.upper, j);
    if (Number.isFinite(limit)) bound += cost * limit;
    else if (Math.abs(cost) > dualTolerance * (1 + Math.abs(numberAt(program.cost, j)))) return -Infinity;
  }
  return bound;
}

/** Reduced costs: cost − Σ dual·coefficient, one a variable. */
export function toReducedCosts(program: LinearProgram, duals: Float64Array): Float64Array {
  const reduced = Float64Array.from(program.cost);
  for (let i = 0; i < duals.length; i += 1) {
    const dual = numberAt(duals, i);
    if (dual === 0) continue;
    for (let k = numberAt(program.rowStarts, i); k < numberAt(program.rowStarts, i + 1); k += 1) {
      const column = numberAt(program.columns, k);
      reduced[column] = numberAt(reduced, column) - dual * numberAt(program.coefficients, k);
    }
  }
  return reduced;
}

/** Rounds a bound up to the next value that an objective of whole costs on integer variables can have. */
export function roundUpBound(program: LinearProgram, bound: number): number {
  let step = 0;
  for (let j = 0; j < program.cost.length; j += 1) {
    const cost = Math.abs(numberAt(program.cost, j));
    if (cost === 0) continue;
    if (program.integer[j] !== 1 || !Number.isSafeInteger(cost)) return bound;
    step = greatestCommonDivisor(step, cost);
  }
  if (step === 0 || !Number.isFinite(bound)) return bound;
  const steps = (bound - program.offset) / step;
  const slack = roundingTolerance + dualTolerance * Math.abs(steps);
  return Math.max(bound, program.offset + Math.ceil(steps - slack) * step);
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}
