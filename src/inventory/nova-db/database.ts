import type { DbAddress } from './address.ts';

/** Rows that are asked for. All names come from `tables.ts`, none from outside. */
export interface Selection {
  readonly table: string;
  readonly columns: readonly string[];
  readonly order: readonly string[];
  /** Only rows whose column `deleted` is 0. */
  readonly present: boolean;
  /** Only rows that changed since then (`2026-01-31 12:00:00`), or whose `status` is one of these. */
  readonly recent?: { readonly since: string; readonly orStatus: readonly string[] };
}

export type DbRow = Readonly<Record<string, unknown>>;

/** An open database, in one read-only transaction that sees one instant. */
export interface Database {
  /** The columns of the tables that this user may read, each with its type in SQL's words. */
  columns(tables: readonly string[]): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>>;
  /** Rows as they arrive, some at a time: never a whole table. */
  rows(selection: Selection): AsyncIterable<readonly DbRow[]>;
  /** Ends the connection, whatever it is doing. */
  close(): Promise<void>;
}

/** Opens a database; what it throws is the driver's. */
export type OpenDatabase = (address: DbAddress) => Promise<Database>;

/** Rows held at a time. */
export const batchRows = 500;

/** How long a database may say nothing. */
export const silenceSeconds = 120;

export const columnsSql = (schema: string, tables: readonly string[]): string =>
  `SELECT table_name AS t, column_name AS c, data_type AS d FROM information_schema.columns ` +
  `WHERE table_schema = ${schema} AND table_name IN (${tables.map(quoted).join(', ')})`;

/** A selection in SQL; `name` puts a name into the quotes of the dialect. */
export function selectSql(selection: Selection, name: (text: string) => string): string {
  const { columns, order, present, recent, table } = selection;
  const conditions = [
    ...(present ? [`${name('deleted')} = 0`] : []),
    ...(recent === undefined
      ? []
      : [
          `(${name('updated_at')} IS NULL OR ${name('updated_at')} >= ${quoted(recent.since)} OR ${name('status')} IN (${recent.orStatus.map(quoted).join(', ')}))`,
        ]),
  ];
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const by = order.length === 0 ? '' : ` ORDER BY ${order.map(name).join(', ')}`;
  return `SELECT ${columns.map(name).join(', ')} FROM ${name(table)}${where}${by}`;
}

/** A text in SQL. Only names of tables, words of Nova and times come here: nothing in them needs more than quotes. */
function quoted(text: string): string {
  if (!/^[\w: -]+$/.test(text)) throw new RangeError(`not a word: ${text}`);
  return `'${text}'`;
}
