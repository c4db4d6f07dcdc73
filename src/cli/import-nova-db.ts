import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importBundle, type ImportOptions, type ImportReport } from '../inventory/bundle.ts';
import type { Inventory } from '../inventory/document.ts';
import type { Gap } from '../inventory/document/cloud-records.ts';
import { saveNovaDb } from '../inventory/nova-db/save-rows.ts';
import { Secret } from '../openstack/secret.ts';
import type { CliContext } from './context.ts';
import { readTextFile } from './files.ts';
import { createLine, type Line } from './progress.ts';

export interface NovaDbWish {
  /** As `[database] connection` of nova.conf writes them. */
  readonly urls: readonly string[];
  /** A file with the password of URLs that have none. */
  readonly passwordFile?: string;
}

/** What `PLANNER_NOVA_DB` says, URLs with blanks between, for commands that read a cloud by the way. */
export function usualNovaDb({ surroundings }: CliContext): NovaDbWish | undefined {
  const { PLANNER_NOVA_DB: text = '' } = surroundings.env;
  const urls = text.split(/\s+/).filter((url) => url !== '');
  return urls.length === 0 ? undefined : { urls };
}

/** Reads Nova's databases into a folder; returns what was looked for in vain. */
export async function readNovaDb(
  { passwordFile, urls }: NovaDbWish,
  directory: string,
  context: CliContext,
  { line, signal }: { readonly line: Line; readonly signal: AbortSignal },
): Promise<readonly Gap[]> {
  const { PLANNER_NOVA_DB_PASSWORD: fromEnvironment = '' } = context.surroundings.env;
  const text = passwordFile === undefined ? fromEnvironment : await readTextFile(passwordFile);
  const password = text.replace(/\r?\n$/, '');
  return saveNovaDb({
    urls,
    directory,
    signal,
    open: context.openDatabase,
    now: context.wallClock(),
    ...(password !== '' && { password: new Secret(password) }),
    onProgress: (table, done) => {
      line.show(() => `reading table ${table}: ${done}`);
    },
  });
}

/** A recording with the rows of today's databases beside it. */
export async function importWithNovaDb(
  recording: string,
  wanted: NovaDbWish,
  options: ImportOptions,
  context: CliContext,
  quiet: boolean,
): Promise<{ readonly inventory: Inventory; readonly report: ImportReport }> {
  const directory = await mkdtemp(join(tmpdir(), 'planner-import-'));
  const line = createLine(context, quiet);
  const abort = new AbortController();
  const forget = context.onInterrupt(() => {
    abort.abort();
  });
  try {
    const gaps = await readNovaDb(wanted, directory, context, { line, signal: abort.signal });
    const folders = new Map([...(options.folders ?? []), ['db', directory] as const]);
    return importBundle(recording, { ...options, folders, gaps });
  } finally {
    forget();
    line.clear();
    await rm(directory, { recursive: true, force: true });
  }
}
