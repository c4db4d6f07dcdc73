import {
  type LinearModel,
  type LinearProgram,
  evaluate,
  findBreach,
  numberAt,
} from '../linear/linear-model.ts';
import type { LinearProblem } from '../backend.ts';
import { hasIntegers } from './engine.ts';

/** What is to be done with a problem: hand a program to the solver, or nothing, where the answer is plain to see. */
export type Prepared =
  | { readonly kind: 'program'; readonly program: LinearProgram }
  | { readonly kind: 'solved'; readonly values: Float64Array }
  | { readonly kind: 'infeasible' }
  | { readonly kind: 'unbounded' };

const wholeTolerance = 1e-9; // a bound this close to a whole number means that number

/**
 * The program that a solver gets: integrality dropped if relaxed, bounds of integer variables rounded inwards (GLPK
 * refuses others). Crossed bounds, programs without rows and those with every variable fixed are answered here:
 * each solver fails on some of them in a way of its own.
 */
export function prepare({ model, relax = false }: LinearProblem): Prepared {
  const program = relax
    ? { ...toProgram(model), integer: new Uint8Array(model.integer.length) }
    : roundBounds(toProgram(model));
  if (cross(program.lower, program.upper) || cross(program.rowLower, program.rowUpper)) {
    return { kind: 'infeasible' };
  }
  if (program.lower.every((lower, j) => lower === program.upper[j])) {
    const breach = findBreach(evaluate(model, program.lower), { relax });
    return breach === undefined ? { kind: 'solved', values: program.lower } : { kind: 'infeasible' };
  }
  return program.rowLower.length === 0 ? takeBestBounds(program) : { kind: 'program', program };
}

/** The numbers of a model without its names, which are not worth sending to a worker. */
function toProgram(model: LinearModel): LinearProgram {
  const { offset, cost, lower, upper, integer, rowLower, rowUpper, rowStarts, columns, coefficients } = model;
  return { offset, cost, lower, upper, integer, rowLower, rowUpper, rowStarts, columns, coefficients };
}

function roundBounds(program: LinearProgram): LinearProgram {
  if (!hasIntegers(program)) return program;
  const { integer, lower, upper } = program;
  return {
    ...program,
    lower: lower.map((bound, j) => (integer[j] === 1 ? Math.ceil(bound - wholeTolerance) : bound)),
    upper: upper.map((bound, j) => (integer[j] === 1 ? Math.floor(bound + wholeTolerance) : bound)),
  };
}

const cross = (lower: Float64Array, upper: Float64Array): boolean =>
  lower.some((bound, i) => bound > numberAt(upper, i));

function takeBestBounds({ cost, lower, upper }: LinearProgram): Prepared {
  const values = cost.map((unit, j) => {
    const [low, high] = [numberAt(lower, j), numberAt(upper, j)];
    if (unit !== 0) return unit > 0 ? low : high;
    return Math.min(Math.max(0, low), high);
  });
  return values.every(Number.isFinite) ? { kind: 'solved', values } : { kind: 'unbounded' };
}
