import type { ModelBuilder } from './linear-model.ts';

/** Terms of one row while they are collected. */
export interface Terms {
  readonly indices: number[];
  readonly values: number[];
}

/** Adds value × each of the columns. */
export function add(terms: Terms, columns: readonly number[], value: number): void {
  for (const column of columns) {
    terms.indices.push(column);
    terms.values.push(value);
  }
}

/** Σ plus − Σ minus = 0, or <= 0. */
export function addDifference(
  builder: ModelBuilder,
  name: string,
  plus: readonly number[],
  minus: readonly number[],
  kind: 'equal' | 'atMost',
): void {
  const terms: Terms = { indices: [], values: [] };
  add(terms, plus, 1);
  add(terms, minus, -1);
  builder.addRow({ name, lower: kind === 'equal' ? 0 : -Infinity, upper: 0, ...terms });
}
