import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Database, DbRow, Selection } from '../../../src/inventory/nova-db/database.ts';

const Row = z.record(z.string(), z.unknown());

/** What one database of a fake row source is asked, and whether it is still open. */
export interface FakeDatabase extends Database {
  readonly asked: Selection[];
  isOpen(): boolean;
}

/** A database with the rows of dumps, by table. */
export function databaseOf(
  tables: Readonly<Record<string, readonly DbRow[]>>,
  columns: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
): FakeDatabase {
  const asked: Selection[] = [];
  let open = true;
  return {
    asked,
    isOpen: () => open,
    columns: (names) =>
      Promise.resolve(
        new Map(
          Object.entries(tables)
            .filter(([name]) => names.includes(name))
            .map(([name, rows]) => [name, new Map(Object.entries(columns[name] ?? typesOf(rows)))]),
        ),
      ),
    async *rows(selection) {
      asked.push(selection);
      const rows = (tables[selection.table] ?? []).filter(
        (row) => !selection.present || row['deleted'] === 0,
      );
      for (let at = 0; at < rows.length; at += 10) {
        await Promise.resolve();
        yield rows
          .slice(at, at + 10)
          .map((row) => Object.fromEntries(selection.columns.map((name) => [name, row[name]])));
      }
    },
    close: () => {
      open = false;
      return Promise.resolve();
    },
  };
}

const typesOf = (rows: readonly DbRow[]): Record<string, string> =>
  Object.fromEntries(
    rows.flatMap((row) =>
      Object.entries(row).map(([name, value]) => [name, typeof value === 'number' ? 'int' : 'text']),
    ),
  );

/** The rows of tables of a recording; one that is not there is empty. */
export const dumpsOf = (recording: string, names: readonly string[]): Record<string, readonly DbRow[]> =>
  Object.fromEntries(names.map((name) => [name.replace(/^cell\d-/, ''), dump(recording, name)]));

function dump(recording: string, name: string): DbRow[] {
  const file = join(recording, 'db', `${name}.jsonl`);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Row.parse(JSON.parse(line)));
}
