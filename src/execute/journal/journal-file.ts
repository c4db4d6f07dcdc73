import { type FileHandle, open, readFile } from 'node:fs/promises';
import { InputError } from '../../shared/diagnostic.ts';
import { errorCode } from './error-code.ts';
import type { JournalEntry, JournalEvent } from './entry.ts';
import { parseJournal } from './journal-schema.ts';

/** Where a run writes what it does. */
export interface Journal {
  /** Everything that is in it. */
  readonly entries: readonly JournalEntry[];
  /** Returns when the line is on the disk. */
  append(event: JournalEvent): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a journal to go on writing it, or a new one. A last line that was cut off is written over. Every line is on the
 * disk (fsync) before `append` returns.
 *
 * @param now the time, RFC 3339
 * @throws InputError when it cannot be read, or is no journal.
 */
export async function openJournal(path: string, now: () => string): Promise<Journal> {
  const found = await readJournal(path);
  const file = await openFile(path);
  await file.truncate(found.wholeBytes);
  const entries: JournalEntry[] = [...found.entries];
  let position = found.wholeBytes;
  return {
    entries,
    async append(event) {
      const entry: JournalEntry = { seq: entries.length + 1, at: now(), ...event };
      const line = Buffer.from(`${JSON.stringify(entry)}\n`);
      await file.write(line, 0, line.length, position);
      await file.sync();
      position += line.length;
      entries.push(entry);
    },
    close: () => file.close(),
  };
}

/** A journal that is kept in memory alone, as a rehearsal's. */
export function memoryJournal(now: () => string, before: readonly JournalEntry[] = []): Journal {
  const entries = [...before];
  return {
    entries,
    append(event) {
      entries.push({ seq: entries.length + 1, at: now(), ...event });
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}

/**
 * What is in a journal; nothing when there is none.
 *
 * @throws InputError when it cannot be read, or is no journal.
 */
export async function readJournal(path: string): Promise<ReturnType<typeof parseJournal>> {
  try {
    return parseJournal(await readFile(path, 'utf8'), path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { entries: [], wholeBytes: 0 };
    throw error instanceof InputError ? error : unusable('read', path, error);
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw unusable('write', path, error);
  }
  try {
    return await open(path, 'wx+');
  } catch (error) {
    throw unusable('write', path, error);
  }
}

const unusable = (what: 'read' | 'write', path: string, error: unknown): InputError =>
  new InputError(
    [
      {
        code: 'journal.file',
        severity: 'error',
        summary: `cannot ${what} the journal: ${error instanceof Error ? error.message : String(error)}`,
        source: path,
        hint: 'nothing is done without a journal: make its folder writable, or name another with --journal',
      },
    ],
    { cause: error },
  );
