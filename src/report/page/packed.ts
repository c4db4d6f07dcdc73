import { type Code, codeOf, valuesIn } from './code.ts';
import type { PageData } from './page-data.ts';

/**
 * Values of one kind, one after the other, as JSON that says little twice: objects as one column a key, arrays as their
 * lengths and one column of all that is in them, and what repeats as a code. `null` stands for absent.
 */
export type Column =
  | { readonly v: readonly unknown[] }
  /** Each number as what it is more than the one before. */
  | { readonly d: readonly number[] }
  | (Code & { readonly d?: true })
  /** Every other value, and those between. */
  | { readonly z: readonly [Column, Column] }
  /** Lengths of arrays, −1 for absent, and what is in them. */
  | { readonly a: Column; readonly of: Column }
  | { readonly o: Readonly<Record<string, Column>>; readonly absent?: readonly number[] };

/** The value, which is of plain JSON without `null`, at less than half its length. `unpack` gives it back. */
export const pack = (value: unknown): Column => columnOf([value]);

function columnOf(values: readonly unknown[]): Column {
  const there = values.filter((value) => value !== undefined);
  if (there.length > 0 && there.every(isList)) return arraysOf(values);
  if (there.length > 0 && there.every(isObject)) return objectsOf(values);
  const plain = values.map((value) => value ?? null);
  return plain.every(isPrimitive) ? primitivesOf(plain) : { v: plain };
}

type Primitive = string | number | boolean | null;

const isPrimitive = (value: unknown): value is Primitive =>
  value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** In the shortest of the ways to write them. */
function primitivesOf(values: readonly Primitive[]): Column {
  const numbers = values.filter((value) => Number.isSafeInteger(value)).map(Number);
  const differences =
    numbers.length < values.length ? [] : numbers.map((value, index) => value - (numbers[index - 1] ?? 0));
  const columns: readonly Column[] = [
    { v: values },
    ...(differences.length === 0 ? [] : [{ d: differences }]),
    ...codeOf(values),
    ...(differences.length === 0 ? [] : codeOf(differences).map((code) => ({ ...code, d: true as const }))),
  ];
  const lengths = columns.map((column) => JSON.stringify(column).length);
  return columns[lengths.indexOf(Math.min(...lengths))] ?? { v: values };
}

function arraysOf(values: readonly unknown[]): Column {
  const lengths = values.map((value) => (isList(value) ? value.length : -1));
  const all = values.flatMap((value) => (isList(value) ? value : []));
  // Of pairs such as label and words each side repeats for itself.
  const paired = all.every(isPrimitive) && lengths.every((length) => length <= 0 || length % 2 === 0);
  return { a: primitivesOf(lengths), of: paired ? inPairs(all) : columnOf(all) };
}

const inPairs = (values: readonly unknown[]): Column => ({
  z: [
    columnOf(values.filter((_, index) => index % 2 === 0)),
    columnOf(values.filter((_, index) => index % 2 === 1)),
  ],
});

function objectsOf(values: readonly unknown[]): Column {
  const absent = values.flatMap((value, index) => (value === undefined ? [index] : []));
  const objects = values.filter(isObject);
  const keys = [...new Set(objects.flatMap((value) => Object.keys(value)))];
  const columns = keys.map((key) => [key, columnOf(objects.map((value) => value[key]))] as const);
  return { o: Object.fromEntries(columns), ...(absent.length > 0 && { absent }) };
}

/** What was packed. */
export const unpack = (packed: Column): unknown => valuesOf(packed, 1)[0];

function valuesOf(column: Column, count: number): readonly unknown[] {
  if ('z' in column) return alternating(column.z, count);
  if ('a' in column) return arraysIn(column, count);
  if ('o' in column) return objectsIn(column, count);
  if ('k' in column) {
    const values = valuesIn(column, count);
    return column.d === true ? added(values) : values.map(orAbsent);
  }
  return 'd' in column ? added(column.d) : column.v.map(orAbsent);
}

const orAbsent = (value: unknown): unknown => value ?? undefined;

function added(differences: readonly unknown[]): readonly number[] {
  let now = 0;
  return differences.map((by) => (now += Number(by)));
}

function alternating([even, odd]: readonly [Column, Column], count: number): readonly unknown[] {
  const [first, second] = [valuesOf(even, Math.ceil(count / 2)), valuesOf(odd, Math.floor(count / 2))];
  return Array.from({ length: count }, (_, index) => (index % 2 === 0 ? first : second)[index >> 1]);
}

function arraysIn(
  { a, of }: Extract<Column, { readonly of: Column; readonly a: Column }>,
  count: number,
): readonly unknown[] {
  const lengths = valuesOf(a, count).map(Number);
  const total = lengths.reduce((sum, length) => sum + Math.max(0, length), 0);
  const values = valuesOf(of, total);
  let at = 0;
  return lengths.map((length) => {
    if (length < 0) return undefined;
    at += length;
    return values.slice(at - length, at);
  });
}

function objectsIn(
  { o, absent = [] }: Extract<Column, { readonly o: unknown }>,
  count: number,
): readonly unknown[] {
  const missing = new Set(absent);
  const columns = Object.entries(o).map(
    ([key, column]) => [key, valuesOf(column, count - missing.size)] as const,
  );
  let at = -1;
  return Array.from({ length: count }, (_, index) => {
    if (missing.has(index)) return undefined;
    at += 1;
    return objectAt(columns, at);
  });
}

function objectAt(
  columns: readonly (readonly [key: string, values: readonly unknown[]])[],
  at: number,
): Readonly<Record<string, unknown>> {
  const made: Record<string, unknown> = {};
  for (const [key, values] of columns) if (values[at] !== undefined) made[key] = values[at];
  return made;
}

/**
 * The data of a page from the text of its `plan-data` element.
 *
 * @throws Error when it is none.
 */
export function readPageData(text: string): PageData {
  const packed: unknown = JSON.parse(text);
  const data = isColumn(packed) ? unpack(packed) : undefined;
  if (!isPageData(data)) throw new Error('this is not the data of a plan');
  return data;
}

/** Only pages that this program wrote are read, so their outermost parts tell enough. */
const isColumn = (value: unknown): value is Column => isObject(value) && 'o' in value;
const isPageData = (value: unknown): value is PageData =>
  isObject(value) && ['hosts', 'servers', 'steps', 'texts'].every((list) => Array.isArray(value[list]));
