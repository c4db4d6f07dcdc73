import { at } from '../../shared/at.ts';
import type { Columns } from './assignment-columns.ts';
import type { ModelBuilder } from './linear-model.ts';

/** A constant plus terms over columns. */
export interface Amount {
  constant: number;
  readonly indices: number[];
  readonly values: number[];
}

/** A model while rows of the goal are added to it. */
export interface GoalRows {
  readonly builder: ModelBuilder;
  readonly columns: Columns;
  /** Each sets columns of its own from those before it. */
  readonly derive: ((values: Float64Array) => void)[];
}

export const emptyAmount = (constant = 0): Amount => ({
  constant,
  indices: [],
  values: [],
});

/** Adds value × each of the columns. */
export function enter(amount: Amount, columns: readonly number[], value: number): void {
  for (const column of columns) {
    amount.indices.push(column);
    amount.values.push(value);
  }
}

/** Σ own + sign × amount <= most. */
export function constraint(
  { builder }: GoalRows,
  name: string,
  own: readonly { readonly column: number; readonly value: number }[],
  amount: Amount,
  sign: number,
  most = 0,
): void {
  builder.addRow({
    name,
    lower: -Infinity,
    upper: most - sign * amount.constant,
    indices: [...own.map(({ column }) => column), ...amount.indices],
    values: [...own.map(({ value }) => value), ...amount.values.map((value) => sign * value)],
  });
}

export function valueOf({ constant, indices, values: factors }: Amount, values: Float64Array): number {
  let sum = constant;
  for (const [k, index] of indices.entries()) sum += at(factors, k) * at(values, index);
  return sum;
}
