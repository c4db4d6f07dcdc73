import type { Secret } from '../../openstack/secret.ts';
import { type Diagnostic, InputError } from '../../shared/diagnostic.ts';
import type { Gap } from '../document/cloud-records.ts';
import { migrationDays, openStatuses } from '../migration-records.ts';
import { isSecretRow } from '../live/without-secrets.ts';
import { type DbAddress, parseDbAddress } from './address.ts';
import type { Database, OpenDatabase, Selection } from './database.ts';
import { missingCells } from './missing-cells.ts';
import { dbProblem } from './problems.ts';
import { createRowFile } from './row-file.ts';
import { apiTables, cellTables, kindOf, type Table } from './tables.ts';
import { watched, within } from './watched.ts';

export interface NovaDbOptions {
  /** As `[database] connection` of nova.conf writes them: of one or several cells, and of the API. */
  readonly urls: readonly string[];
  /** For URLs without one. */
  readonly password?: Secret;
  /** The folder that gets the rows, a file a table: `db/` of a recording. */
  readonly directory: string;
  readonly open: OpenDatabase;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly signal?: AbortSignal;
  /** How many rows of a table are there. */
  readonly onProgress?: (table: string, done: number) => void;
}

/** A database that was looked into: what it is, and what it has. */
interface Opened {
  readonly address: DbAddress;
  readonly database: Database;
  readonly kind: 'api' | 'cell';
  readonly columns: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/**
 * Reads the rows of Nova's databases that an import understands, and keeps them as dumps have them, but for metadata that
 * is secret by its name. It changes nothing and holds some hundred rows at a time. Returns what was looked for in vain.
 *
 * @throws InputError with every database that cannot be read; no password is in it.
 */
export async function saveNovaDb(options: NovaDbOptions): Promise<readonly Gap[]> {
  const addresses = parseAll(options);
  const opened: Opened[] = [];
  try {
    const problems = await openAll(addresses, opened, options);
    if (problems.length === 0) problems.push(...clashes(opened));
    if (problems.length > 0) throw new InputError(problems);
    return await saveAll(opened, options);
  } finally {
    await Promise.allSettled(opened.map(({ database }) => database.close()));
  }
}

/** @throws InputError with every URL that is none. */
function parseAll({ urls, password }: NovaDbOptions): readonly DbAddress[] {
  const problems: Diagnostic[] = [];
  const addresses = urls.flatMap((url, index): readonly DbAddress[] => {
    try {
      return [parseDbAddress(url, password)];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const which = urls.length === 1 ? {} : { source: `--nova-db, address ${index + 1} of ${urls.length}` };
      problems.push(...error.diagnostics.map((problem) => ({ ...problem, ...which })));
      return [];
    }
  });
  if (problems.length > 0) throw new InputError(problems);
  return addresses;
}

async function openAll(
  addresses: readonly DbAddress[],
  opened: Opened[],
  { open, signal }: NovaDbOptions,
): Promise<Diagnostic[]> {
  const problems: Diagnostic[] = [];
  for (const address of addresses) {
    let database: Database | undefined;
    try {
      database = await open(address);
      const names = [...cellTables, ...apiTables].map(({ name }) => name);
      const columns = await within(database.columns(names), signal);
      const kind = kindOf(columns);
      if (kind !== undefined) opened.push({ address, database, kind, columns });
      else await database.close();
      problems.push(...(kind === undefined ? [notNova(address)] : lackingTables(kind, address, columns)));
    } catch (error) {
      problems.push(...dbProblem(error, address).diagnostics);
      await Promise.allSettled([database?.close()]);
    }
  }
  return problems;
}

const tablesOf = (kind: Opened['kind']): readonly Table[] => (kind === 'api' ? apiTables : cellTables);

const lackingTables = (
  kind: Opened['kind'],
  { shown, user }: DbAddress,
  columns: Opened['columns'],
): Diagnostic[] =>
  tablesOf(kind)
    .filter(({ name, needed }) => needed === true && !columns.has(name))
    .map(({ name }) => ({
      code: 'nova-db.missing-table',
      severity: 'error',
      summary: `${shown} has no table ${name} that user ${user} may read`,
      source: '--nova-db',
      hint: `grant it SELECT on all tables of this database, if it is that of ${kind === 'api' ? "Nova's API" : 'a cell of Nova'}`,
    }));

const notNova = ({ shown, user }: DbAddress): Diagnostic => ({
  code: 'nova-db.not-nova',
  severity: 'error',
  summary: `${shown} is no database of Nova: user ${user} sees neither table compute_nodes (a cell) nor host_mappings (the API)`,
  source: '--nova-db',
  hint: 'see [database] connection in nova.conf of the conductor of a cell; or grant this user SELECT on its tables',
});

/** Databases that do not go together. */
function clashes(opened: readonly Opened[]): Diagnostic[] {
  const problem = (summary: string, hint: string): Diagnostic => ({
    code: 'nova-db.clash',
    severity: 'error',
    summary,
    source: '--nova-db',
    hint,
  });
  const apis = opened.filter(({ kind }) => kind === 'api');
  const places = opened.map(({ address }) => address.shown);
  const twice = places.filter((place, at) => places.indexOf(place) < at);
  return [
    ...twice.map((place) => problem(`${place} is named twice`, 'name each database once')),
    ...(apis.length > 1 && twice.length === 0
      ? [
          problem(
            `${apis.length} databases are of Nova's API, and a cloud has one`,
            'read one cloud at a time',
          ),
        ]
      : []),
    ...(apis.length === opened.length
      ? [
          problem(
            `${places[0] ?? ''} is the database of Nova's API: it has no NUMA cells and no PCI devices`,
            'add --nova-db with the database of each cell, often nova or nova_cell1',
          ),
        ]
      : []),
  ];
}

async function saveAll(opened: readonly Opened[], options: NovaDbOptions): Promise<readonly Gap[]> {
  const severalCells = opened.filter(({ kind }) => kind === 'cell').length > 1;
  const hosts = missingCells();
  const gaps: Gap[] = [];
  let cell = 0;
  for (const one of opened) {
    if (one.kind === 'cell') cell += 1;
    const prefix = one.kind === 'cell' && severalCells ? `cell${cell}-` : '';
    gaps.push(...lacking(one));
    try {
      for (const table of tablesOf(one.kind)) await saveTable(one, table, prefix, hosts.see, options);
    } catch (error) {
      throw dbProblem(error, one.address);
    }
  }
  return [...gaps, ...hosts.gaps()];
}

/** Tables and columns that the import would read and the user does not see. */
const lacking = ({ address, columns, kind }: Opened): Gap[] =>
  tablesOf(kind).flatMap((table): Gap[] => {
    const found = columns.get(table.name);
    const without = table.columns.filter((name) => name !== 'id' && found?.has(name) === false);
    if (found !== undefined && without.length === 0) return [];
    const what = found === undefined ? `table ${table.name}` : `${without.join(', ')} of table ${table.name}`;
    return [
      {
        code: 'nova-db.not-there',
        summary: `${what}: not there in ${address.database}, or not to be read by ${address.user}`,
        hint: 'grant this user SELECT on it',
      },
    ];
  });

type See = (table: string, row: Readonly<Record<string, unknown>>) => void;

async function saveTable(
  { columns, database }: Opened,
  table: Table,
  prefix: string,
  see: See,
  { directory, now, onProgress, signal }: NovaDbOptions,
): Promise<void> {
  const found = columns.get(table.name);
  if (found === undefined) return;
  const file = await createRowFile(directory, `${prefix}${table.name}.jsonl`);
  try {
    let done = 0;
    for await (const rows of watched(database.rows(selectionOf(table, found, now)), signal)) {
      for (const row of rows) see(table.name, row);
      await file.add(rows.filter((row) => !isSecretRow(row)));
      done += rows.length;
      onProgress?.(table.name, done);
    }
  } finally {
    await file.close();
  }
}

const dayMs = 86_400_000;

function selectionOf(table: Table, found: ReadonlyMap<string, string>, now: number): Selection {
  const has = (name: string): boolean => found.has(name);
  // a flag in some databases: then the reader looks at it
  const isNumber = /int/i.test(found.get('deleted') ?? '');
  const since = new Date(now - migrationDays * dayMs).toISOString().slice(0, 19).replace('T', ' ');
  return {
    table: table.name,
    columns: [...table.columns.filter(has), ...(has('deleted') && !isNumber ? ['deleted'] : [])],
    order: table.order.filter(has),
    present: isNumber,
    ...(table.recent === true && { recent: { since, orStatus: openStatuses } }),
  };
}
