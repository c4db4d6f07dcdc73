import { at } from '../shared/at.ts';
import type { LinearModel } from './linear-model.ts';

/** A part of a model, and how its values go back into the whole. */
export interface Restricted {
  readonly model: LinearModel;
  /** Column of the whole by column of the part. */
  readonly columns: Int32Array;
}

/**
 * The model with all columns held at `values` but the free ones: what is held goes into offset and row limits, and
 * rows without free columns are left out.
 */
export function restrict(model: LinearModel, values: Float64Array, free: Uint8Array): Restricted {
  const columns = Int32Array.from([...free.keys()].filter((j) => free[j] === 1));
  const position = new Int32Array(free.length).fill(-1);
  for (const [k, j] of columns.entries()) position[j] = k;
  let offset = model.offset;
  for (let j = 0; j < free.length; j += 1)
    if (free[j] === 0) offset += (model.cost[j] ?? 0) * (values[j] ?? 0);
  const rows: number[] = [];
  const held: number[] = [];
  const starts = [0];
  const indices: number[] = [];
  const coefficients: number[] = [];
  for (let i = 0; i < model.rowLower.length; i += 1) {
    let constant = 0;
    for (let k = model.rowStarts[i] ?? 0; k < (model.rowStarts[i + 1] ?? 0); k += 1) {
      const j = model.columns[k] ?? 0;
      const coefficient = model.coefficients[k] ?? 0;
      if (free[j] === 1) {
        indices.push(position[j] ?? 0);
        coefficients.push(coefficient);
      } else constant += coefficient * (values[j] ?? 0);
    }
    if (indices.length === starts.at(-1)) continue;
    starts.push(indices.length);
    rows.push(i);
    held.push(constant);
  }
  const pick = (items: Float64Array): Float64Array => Float64Array.from(columns, (j) => at(items, j));
  return {
    columns,
    model: {
      name: `${model.name} (part)`,
      offset,
      cost: pick(model.cost),
      lower: pick(model.lower),
      upper: pick(model.upper),
      integer: Uint8Array.from(columns, (j) => at(model.integer, j)),
      rowLower: Float64Array.from(rows, (i, n) => at(model.rowLower, i) - at(held, n)),
      rowUpper: Float64Array.from(rows, (i, n) => at(model.rowUpper, i) - at(held, n)),
      rowStarts: Int32Array.from(starts),
      columns: Int32Array.from(indices),
      coefficients: Float64Array.from(coefficients),
      variableNames: Array.from(columns, (j) => at(model.variableNames, j)),
      rowNames: rows.map((i) => at(model.rowNames, i)),
    },
  };
}
