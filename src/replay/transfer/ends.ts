/** The quickest, the likely and the slowest course of a migration. */
export type End = 'low' | 'expected' | 'high';

/** One value for each. */
export type ByEnd<Value = number> = Readonly<Record<End, Value>>;

export function byEnd<Value>(valueAt: (end: End) => Value): ByEnd<Value> {
  return { low: valueAt('low'), expected: valueAt('expected'), high: valueAt('high') };
}
