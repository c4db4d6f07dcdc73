import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../shared/diagnostic.ts';
import { type Bundle, namesIn, placeOf } from './bundle-files.ts';
import { parseJson } from './json-text.ts';
import type { Item } from './replies.ts';

/** A row of a table, and which of Nova's cells it comes from (ids are unique within one). */
export interface Row extends Item {
  readonly novaCell: string;
}

/** Rows one after the other: a table may be larger than the longest text, so it is never held whole. */
export type Rows = Iterable<Row>;

/** The rows of a table that are not deleted, of every cell's dump; `undefined` when there is none. */
export function rows(bundle: Bundle, table: string): Rows | undefined {
  const dumps = namesIn(bundle, 'db').flatMap((name) => {
    const [, novaCell = 'cell1', of] = /^(?:(cell\d+)-)?([a-z_]+)\.jsonl$/.exec(name) ?? [];
    return of === table ? [{ file: join('db', name), novaCell }] : [];
  });
  if (dumps.length === 0) return undefined;
  return {
    *[Symbol.iterator]() {
      for (const { file, novaCell } of dumps) yield* rowsOf(bundle, file, novaCell);
    },
  };
}

const deletedRow = z.object({
  deleted: z.union([z.number(), z.string(), z.boolean()]).refine((raw) => Number(raw) !== 0),
});

function* rowsOf(bundle: Bundle, file: string, novaCell: string): Generator<Row> {
  let number = 0;
  for (const line of linesOf(placeOf(bundle, file))) {
    number += 1;
    if (line.trim() === '') continue;
    const row = parseRow(line, `${file} line ${number}`, novaCell);
    if (!deletedRow.safeParse(row.value).success) yield row;
  }
}

function parseRow(line: string, source: string, novaCell: string): Row {
  try {
    return { source, path: [], value: parseJson(line, source), novaCell };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { source, path: [], value: undefined, problems: error.diagnostics, novaCell };
  }
}

const chunkBytes = 1 << 20;
const newline = 0x0a;

function* linesOf(path: string): Generator<string> {
  const file = openSync(path, 'r');
  try {
    const chunk = Buffer.alloc(chunkBytes);
    let rest: Buffer[] = [];
    for (let size = readSync(file, chunk); size > 0; size = readSync(file, chunk)) {
      const bytes = chunk.subarray(0, size);
      let start = 0;
      for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
        yield Buffer.concat([...rest, bytes.subarray(start, end)]).toString('utf8');
        rest = [];
        start = end + 1;
      }
      rest.push(Buffer.from(bytes.subarray(start))); // the chunk is read over
    }
    yield Buffer.concat(rest).toString('utf8');
  } finally {
    closeSync(file);
  }
}
