import { compareText } from '../../shared/collections.ts';
import type { Source } from '../facts.ts';
import { firstDifference } from '../order.ts';

/** A source, or the assumption that stands in for one. */
export type OneSource = Source | `assumed:${string}`;

/** Where one record's fields came from. */
export type FieldSources = ReadonlyMap<string, OneSource>;

export interface SourceTable {
  /** The source of each field for most records. */
  readonly usual: Record<string, string>;
  /** A record's own, where they differ. */
  readonly exceptions: (sources: FieldSources) => Record<string, string> | undefined;
}

/** One line a field instead of one a record and field: most records have each field from the same source. */
export function summariseSources(records: Iterable<FieldSources>): SourceTable {
  const counts = new Map<string, Map<string, number>>();
  for (const sources of records) {
    for (const [field, source] of sources) {
      const ofField = counts.get(field) ?? new Map<string, number>();
      counts.set(field, ofField);
      ofField.set(source, (ofField.get(source) ?? 0) + 1);
    }
  }
  const usual: Record<string, string> = {};
  for (const [field, ofField] of counts) {
    const [most] = [...ofField].sort(([a, n], [b, m]) => firstDifference(m - n, compareText(a, b)));
    if (most !== undefined) usual[field] = most[0];
  }
  return {
    usual,
    exceptions: (sources) => {
      const own = [...sources].filter(([field, source]) => usual[field] !== source);
      return own.length === 0 ? undefined : Object.fromEntries(own);
    },
  };
}
