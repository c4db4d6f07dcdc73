import { compareText } from '../../shared/collections.ts';
import type { Contradiction } from '../document/cloud-records.ts';
import type { Facts, MigrationFacts, Source } from '../facts.ts';
import { firstDifference } from '../order.ts';
import { migrationPrecedence } from '../precedence.ts';
import type { Told } from './lists.ts';

/** The number of a record is unique within a Nova cell, and a server is in one. */
export const migrationKey = (record: Pick<MigrationFacts, 'server' | 'id'>): string =>
  `${record.server}/${record.id}`;

interface Merging {
  readonly record: MigrationFacts;
  readonly source: Source;
}

/** Every record that a source has, oldest first: a member comes from the first source that tells it. */
export function mergeMigrations(
  all: readonly Facts[],
  contradictions: Contradiction[],
): Told<readonly MigrationFacts[]> | undefined {
  const merged = new Map<string, Merging>();
  const telling = migrationPrecedence.filter((source) =>
    all.some((facts) => facts.source === source && facts.migrations !== undefined),
  );
  for (const source of telling) {
    for (const record of recordsOf(all, source)) {
      const key = migrationKey(record);
      const known = merged.get(key);
      if (known !== undefined && known.record.status !== record.status) {
        contradictions.push(statusDiffers(known, { record, source }));
      }
      merged.set(key, { record: { ...record, ...known?.record }, source: known?.source ?? source });
    }
  }
  const [source] = telling;
  if (source === undefined) return undefined;
  const records = [...merged.values()].map(({ record }) => record);
  return { value: records.sort(oldestFirst), source };
}

const recordsOf = (all: readonly Facts[], source: Source): MigrationFacts[] =>
  all.flatMap((facts) => (facts.source === source ? (facts.migrations ?? []) : []));

const statusDiffers = (a: Merging, b: Merging): Contradiction => ({
  subject: `migration ${a.record.id} of server ${a.record.server}`,
  field: 'status',
  values: [a, b].map(({ record, source }) => ({ source, value: record.status })),
  taken: a.source,
});

const oldestFirst = (a: MigrationFacts, b: MigrationFacts): number =>
  firstDifference(
    compareText(a.createdAt ?? '', b.createdAt ?? ''),
    a.id - b.id,
    compareText(a.server, b.server),
  );
