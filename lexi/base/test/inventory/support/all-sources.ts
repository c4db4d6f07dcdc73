import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './bundles.ts';

export const sources = ['api', 'cli', 'db', 'host-facts', 'metrics'] as const;
export type SourceFolder = (typeof sources)[number];

/** Where the recorded cloud keeps what one source told. */
export const recorded = (source: SourceFolder): string =>
  join('fixtures', source === 'api' || source === 'db' ? 'zed-12hosts' : 'zed-12hosts-more', source);

/** A recording of the cloud by these sources alone. */
export function recordingOf(chosen: readonly SourceFolder[]): string {
  const folder = temporaryFolder();
  for (const source of chosen) cpSync(recorded(source), join(folder, source), { recursive: true });
  return folder;
}

/** A copy of a record without some of its members. */
export const without = (record: object, ...names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
