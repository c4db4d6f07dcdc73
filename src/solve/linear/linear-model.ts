import { invariant } from '../../shared/invariant.ts';

/**
 * The numbers of a mixed-integer linear program, rows compressed (CSR):
 *
 *     minimise  offset + Σ cost[j]·x[j]
 *     so that   rowLower[i] <= Σ coefficients[k]·x[columns[k]] <= rowUpper[i],  rowStarts[i] <= k < rowStarts[i+1]
 *               lower[j] <= x[j] <= upper[j],   x[j] whole where integer[j] = 1
 *
 * A missing bound is ±Infinity. No row names a column twice, and no coefficient is zero.
 */
export interface LinearProgram {
  readonly offset: number;
  readonly cost: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly integer: Uint8Array;
  readonly rowLower: Float64Array;
  readonly rowUpper: Float64Array;
  /** One more than there are rows. */
  readonly rowStarts: Int32Array;
  readonly columns: Int32Array;
  readonly coefficients: Float64Array;
}

/** A linear program with the names of its variables and rows, in index order; names need not be unique. */
export interface LinearModel extends LinearProgram {
  readonly name: string;
  readonly variableNames: readonly string[];
  readonly rowNames: readonly string[];
}

/** One variable; `cost` a unit. A bound of 1e20 or more counts as none, as it does for the solvers. */
export interface Variable {
  readonly name: string;
  readonly lower: number;
  readonly upper: number;
  readonly kind: 'continuous' | 'integer';
  readonly cost: number;
}

/** `lower <= Σ values[k]·x[indices[k]] <= upper`; `values` in step with `indices`; what names one index twice adds up. */
interface Row {
  readonly name: string;
  readonly lower: number;
  readonly upper: number;
  readonly indices: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** Collects variables and rows; every call answers with the index of what it added. */
export interface ModelBuilder {
  addVariable(variable: Variable): number;
  addRow(row: Row): number;
  /** Adds a constant to the objective. */
  addOffset(amount: number): void;
  /** The model as it stands now; adding more later leaves it as it is. */
  build(): LinearModel;
}

/** A value breaks a bound by this share of `max(1, |bound|)` before anybody calls it broken. */
export const feasibilityTolerance = 1e-6;
const infinity = 1e20;

/** Starts an empty model that minimises. Bounds that cross are allowed (infeasible); NaN is a bug of the caller. */
export function createModel(name: string): ModelBuilder {
  const columns: Variable[] = [];
  const rows: Pick<Row, 'name' | 'lower' | 'upper'>[] = [];
  const entries: Entries = { starts: [0], columns: [], coefficients: [] };
  const placeOf: number[] = []; // by column: where the row being added holds it
  let offset = 0;
  return {
    addVariable(variable) {
      const at = `variable ${variable.name}`;
      checkBounds(variable, at);
      invariant(Number.isFinite(variable.cost), `${at} costs ${variable.cost}`);
      return columns.push(variable) - 1;
    },
    addRow(row) {
      checkBounds(row, `row ${row.name}`);
      const [indices, values] = [row.indices.length, row.values.length];
      invariant(indices === values, `row ${row.name} has ${indices} indices and ${values} values`);
      appendEntries(row, columns.length, entries, placeOf);
      return rows.push({ name: row.name, lower: row.lower, upper: row.upper }) - 1;
    },
    addOffset(amount) {
      invariant(Number.isFinite(amount), `model ${name} is offset by ${amount}`);
      offset += amount;
    },
    build: () => ({
      name,
      offset,
      cost: Float64Array.from(columns, ({ cost }) => cost),
      lower: Float64Array.from(columns, ({ lower }) => toBound(lower)),
      upper: Float64Array.from(columns, ({ upper }) => toBound(upper)),
      integer: Uint8Array.from(columns, ({ kind }) => (kind === 'integer' ? 1 : 0)),
      rowLower: Float64Array.from(rows, ({ lower }) => toBound(lower)),
      rowUpper: Float64Array.from(rows, ({ upper }) => toBound(upper)),
      rowStarts: Int32Array.from(entries.starts),
      columns: Int32Array.from(entries.columns),
      coefficients: Float64Array.from(entries.coefficients),
      variableNames: columns.map((column) => column.name),
      rowNames: rows.map((row) => row.name),
    }),
  };
}

interface Entries {
  readonly starts: number[];
  readonly columns: number[];
  readonly coefficients: number[];
}

function appendEntries(row: Row, columnCount: number, entries: Entries, placeOf: number[]): void {
  const start = entries.columns.length;
  for (let k = 0; k < row.indices.length; k += 1) {
    const column = numberAt(row.indices, k);
    const value = numberAt(row.values, k);
    invariant(
      Number.isInteger(column) && column >= 0 && column < columnCount,
      `row ${row.name} names variable ${column} of ${columnCount}`,
    );
    invariant(Number.isFinite(value), `row ${row.name} has the coefficient ${value}`);
    const place = placeOf[column] ?? -1;
    if (place >= start && entries.columns[place] === column) {
      entries.coefficients[place] = numberAt(entries.coefficients, place) + value;
    } else {
      placeOf[column] = entries.columns.length;
      entries.columns.push(column);
      entries.coefficients.push(value);
    }
  }
  dropZeros(entries, start);
  entries.starts.push(entries.columns.length);
}

function dropZeros({ columns, coefficients }: Entries, start: number): void {
  let kept = start;
  for (let k = start; k < columns.length; k += 1) {
    const coefficient = numberAt(coefficients, k);
    if (coefficient === 0) continue;
    columns[kept] = numberAt(columns, k);
    coefficients[kept] = coefficient;
    kept += 1;
  }
  columns.length = kept;
  coefficients.length = kept;
}

function checkBounds({ lower, upper }: Pick<Row, 'lower' | 'upper'>, where: string): void {
  const isSane = lower < infinity && upper > -infinity; // false for NaN too
  invariant(isSane, `${where} has the bounds ${lower} … ${upper}`);
}

const toBound = (value: number): number =>
  Math.abs(value) >= infinity ? Math.sign(value) * Infinity : value;

/** How far one bound, row or integrality is broken: `amount` = distance / max(1, |limit|), Infinity for a NaN. */
export interface Breach {
  readonly name: string;
  readonly index: number;
  readonly measured: number;
  readonly limit: number;
  readonly amount: number;
}

/** What values are worth and the worst that they break of each kind; absent when nothing is broken at all. */
export interface Evaluation {
  /** Infinity when a value is not a number. */
  readonly objective: number;
  readonly row?: Breach;
  readonly bound?: Breach;
  readonly integrality?: Breach;
}

/** Computes objective and breaches from the model alone: the check that no solver has a hand in. */
export function evaluate(model: LinearModel, values: Float64Array): Evaluation {
  invariant(
    values.length === model.cost.length,
    `model ${model.name} has ${model.cost.length} variables, not ${values.length}`,
  );
  let objective = model.offset;
  let bound: Worst;
  let integrality: Worst;
  for (let j = 0; j < values.length; j += 1) {
    const value = numberAt(values, j);
    objective += numberAt(model.cost, j) * value;
    bound = worse(bound, value, numberAt(model.lower, j), numberAt(model.upper, j), j);
    const whole = Math.round(value);
    if (model.integer[j] === 1) integrality = worse(integrality, value, whole, whole, j);
  }
  let row: Worst;
  for (let i = 0; i < model.rowLower.length; i += 1) {
    row = worse(row, activity(model, values, i), numberAt(model.rowLower, i), numberAt(model.rowUpper, i), i);
  }
  return {
    objective: Number.isNaN(objective) ? Infinity : objective,
    ...(row === undefined ? {} : { row: named(row, model.rowNames) }),
    ...(bound === undefined ? {} : { bound: named(bound, model.variableNames) }),
    ...(integrality === undefined ? {} : { integrality: named(integrality, model.variableNames) }),
  };
}

/** The worst breach that counts, if any: beyond `tolerance`, and of integrality only unless `relax`ed. */
export function findBreach(
  { row, bound, integrality }: Evaluation,
  { relax = false, tolerance = feasibilityTolerance } = {},
): Breach | undefined {
  return [row, bound, relax ? undefined : integrality].find((breach) => (breach?.amount ?? 0) > tolerance);
}

/** Σ coefficient·value of one row. */
function activity(program: LinearProgram, values: Float64Array, row: number): number {
  let sum = 0;
  const end = numberAt(program.rowStarts, row + 1);
  for (let k = numberAt(program.rowStarts, row); k < end; k += 1) {
    sum += numberAt(program.coefficients, k) * numberAt(values, numberAt(program.columns, k));
  }
  return sum;
}

type Worst = Breach | undefined;

function worse(worst: Worst, measured: number, lower: number, upper: number, index: number): Worst {
  const low = measured < lower;
  if (!low && measured <= upper && Number.isFinite(measured)) return worst;
  const limit = low || upper === Infinity ? lower : upper;
  const share = Math.abs(measured - limit) / Math.max(1, Math.abs(limit));
  const amount = Number.isFinite(share) ? share : Infinity;
  return amount > (worst?.amount ?? 0) ? { name: '', index, measured, limit, amount } : worst;
}

const named = (breach: Breach, names: readonly string[]): Breach => ({
  ...breach,
  name: names[breach.index] ?? '',
});

/** The item at an index that is in range. Unlike `at` it builds no message, for loops over every coefficient. */
export const numberAt = (items: ArrayLike<number>, index: number): number => items[index] ?? Number.NaN;

const termsPerLine = 8;
const nameLength = 100;

/**
 * The model in the CPLEX LP format, for a look or another solver. A name is `x` or `r`, the index, and what its own
 * name leaves of `A-Z a-z 0-9 _ .`, so it is unique and never a keyword; a range prints as two rows, `…_lo` and `…_up`.
 */
export function toLpText(model: LinearModel): string {
  const names = model.variableNames.map((name, j) => escapeName(`x${j}`, name));
  const offset = model.offset === 0 ? '' : ` ${signed(model.offset)}`;
  return [
    `\\ ${escapeName('model', model.name)}`,
    'Minimize',
    ` obj:${printTerms(names, [...names.keys()], model.cost)}${offset}`,
    'Subject To',
    ...model.rowNames.flatMap((name, i) => printRow(model, names, i, escapeName(`r${i}`, name))),
    'Bounds',
    ...names.map((name, j) => printBounds(name, numberAt(model.lower, j), numberAt(model.upper, j))),
    'General',
    ...names.filter((_, j) => model.integer[j] === 1).map((name) => ` ${name}`),
    'End\n',
  ].join('\n');
}

function printRow(model: LinearModel, names: readonly string[], row: number, name: string): string[] {
  const [lower, upper] = [numberAt(model.rowLower, row), numberAt(model.rowUpper, row)];
  const [start, end] = [numberAt(model.rowStarts, row), numberAt(model.rowStarts, row + 1)];
  const isEmpty = start === end; // the format wants a term in each row
  const columns = isEmpty ? [0] : model.columns.subarray(start, end);
  const left = printTerms(names, columns, isEmpty ? [0] : model.coefficients.subarray(start, end));
  if (lower === upper) return [` ${name}:${left} = ${lower}`];
  return [
    ...(lower > -Infinity ? [` ${name}_lo:${left} >= ${lower}`] : []),
    ...(upper < Infinity ? [` ${name}_up:${left} <= ${upper}`] : []),
  ];
}

function printBounds(name: string, lower: number, upper: number): string {
  if (lower === -Infinity && upper === Infinity) return ` ${name} free`;
  if (lower === upper) return ` ${name} = ${lower}`;
  const high = upper === Infinity ? '' : ` <= ${upper}`;
  return ` ${lower === -Infinity ? '-inf' : lower} <= ${name}${high}`;
}

function printTerms(
  names: readonly string[],
  columns: ArrayLike<number>,
  coefficients: ArrayLike<number>,
): string {
  return Array.from(columns, (column, k) => {
    const gap = k > 0 && k % termsPerLine === 0 ? '\n  ' : ' ';
    return `${gap}${signed(numberAt(coefficients, k))} ${names[column] ?? ''}`;
  }).join('');
}

const signed = (value: number): string => `${value < 0 ? '-' : '+'} ${Math.abs(value)}`;

const escapeName = (id: string, name: string): string =>
  `${id}_${name.slice(0, nameLength).replaceAll(/[^A-Za-z0-9_.]/g, '_')}`;
