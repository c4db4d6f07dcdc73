import type { LinearProblem } from '../backend.ts';
import { type LinearModel, evaluate, findBreach, numberAt } from '../linear/linear-model.ts';

/** A value this close to a whole number is taken to mean it, as a share of max(1, |value|). */
const integralityTolerance = 1e-5;

/** What the check says of values that a solver, or a caller as a start, hands in. */
export type Checked =
  | { readonly kind: 'passed'; readonly values: Float64Array; readonly objective: number }
  | {
      readonly kind: 'failed';
      /** The worst breach, in words. */
      readonly breach: string;
      /** The values after rounding, where all that must be whole could be rounded. */
      readonly rounded?: Float64Array;
    };

/**
 * Rounds what must be whole within `integralityTolerance`, moves what is out of its bounds by no more than that back
 * in, and judges the result by the model alone.
 */
export function checkValues({ model, relax = false }: LinearProblem, raw: Float64Array): Checked {
  if (raw.length !== model.cost.length) {
    return { kind: 'failed', breach: `${raw.length} values for ${model.cost.length} variables` };
  }
  const values = raw.map((value, j) => clip(model, relax ? value : round(model, value, j), j));
  const evaluation = evaluate(model, values);
  const breach = findBreach(evaluation, { relax });
  if (breach === undefined) return { kind: 'passed', values, objective: evaluation.objective };
  const isWhole = relax || evaluation.integrality === undefined;
  return {
    kind: 'failed',
    breach: `${breach.name} is ${breach.measured}, limit ${breach.limit}`,
    ...(isWhole ? { rounded: values } : {}),
  };
}

function round(model: LinearModel, value: number, column: number): number {
  if (model.integer[column] !== 1) return value;
  const whole = Math.round(value);
  return isNear(value, whole) ? whole : value;
}

function clip(model: LinearModel, value: number, column: number): number {
  const nearest = Math.min(Math.max(value, numberAt(model.lower, column)), numberAt(model.upper, column));
  return (isNear(value, nearest) ? nearest : value) + 0; // + 0 turns −0 into 0
}

const isNear = (value: number, mark: number): boolean =>
  Math.abs(value - mark) <= integralityTolerance * Math.max(1, Math.abs(mark));
