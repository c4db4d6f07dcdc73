import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { DbRow } from './database.ts';

/** Rows of a table, a JSON object a line, in a file that only this user may read. */
export async function createRowFile(directory: string, name: string) {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = await open(join(directory, name), 'wx', 0o600);
  return {
    add: async (rows: readonly DbRow[]): Promise<void> => {
      if (rows.length > 0) await file.appendFile(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    },
    close: () => file.close(),
  };
}
