import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importBundle } from '../../../src/inventory/bundle.ts';
import type { DbAddress } from '../../../src/inventory/nova-db/address.ts';
import type { Database, DbRow, OpenDatabase } from '../../../src/inventory/nova-db/database.ts';
import { saveNovaDb } from '../../../src/inventory/nova-db/save-rows.ts';
import { apiTables, cellTables } from '../../../src/inventory/nova-db/tables.ts';
import { Secret } from '../../../src/openstack/secret.ts';
import { type Diagnostic, InputError } from '../../../src/shared/diagnostic.ts';
import { partOf, temporaryFolder, zed } from '../support/bundles.ts';
import { databaseOf, dumpsOf, type FakeDatabase } from './recorded-database.ts';

const now = Date.parse('2026-11-21T10:00:00Z');
const password = 'sesame-of-nova';
const cellNames = cellTables.map(({ name }) => name);
const url = (database: string): string => `mysql+pymysql://nova:${password}@db/${database}?charset=utf8`;

const cell = () => databaseOf(dumpsOf(zed, cellNames));
const cellWithout = (...names: readonly string[]) =>
  databaseOf(
    dumpsOf(
      zed,
      cellNames.filter((name) => !names.includes(name)),
    ),
  );
const cell0 = () =>
  databaseOf({ ...dumpsOf(zed, []), ...empty(cellNames), ...dumpsOf(zed, ['cell0-instances']) });
const api = () =>
  databaseOf(
    dumpsOf(
      zed,
      apiTables.map(({ name }) => name),
    ),
  );

/** Tables without rows, whose columns are told all the same. */
const empty = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, []]));

const opening =
  (databases: Readonly<Record<string, Database>>): OpenDatabase =>
  ({ database }) => {
    const found = databases[database];
    return found === undefined
      ? Promise.reject(
          Object.assign(new Error(`Unknown database '${database}'`), { code: 'ER_BAD_DB_ERROR' }),
        )
      : Promise.resolve(found);
  };

async function saved(databases: Readonly<Record<string, Database>>, urls = Object.keys(databases).map(url)) {
  const directory = temporaryFolder();
  const gaps = await saveNovaDb({ urls, directory, open: opening(databases), now });
  return { directory, gaps };
}

async function problemsOf(work: Promise<unknown>): Promise<readonly Diagnostic[]> {
  try {
    await work;
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.diagnostics;
    throw error;
  }
}

describe('rows of Nova’s databases', () => {
  it('give the inventory that dumps of the same tables give', async () => {
    const { directory } = await saved({ nova: cell(), nova_cell0: cell0(), nova_api: api() });

    const read = importBundle(partOf(['api']), { folders: new Map([['db', directory]]) });
    const dumped = importBundle(partOf(['api', 'db']));

    expect(read.inventory).toEqual(dumped.inventory);
    expect(read.report.sources).toEqual(dumped.report.sources);
    expect(read.inventory.hosts.filter(({ cells }) => cells !== undefined)).toHaveLength(12);
  });

  it('are kept a table a file, for this user alone, with known columns only', async () => {
    const { directory } = await saved({ nova: cell(), nova_api: api() });

    const names = readdirSync(directory);
    expect(names).toEqual([...names].sort());
    expect(names).toContain('compute_nodes.jsonl');
    expect(names).toContain('host_mappings.jsonl');
    const file = join(directory, 'block_device_mapping.jsonl');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toContain('connection_info');
    expect(readFileSync(join(directory, 'instances.jsonl'), 'utf8').split('\n')[0]).toBe(
      '{"id":1,"uuid":"8d91ab94-7758-4286-a0ee-b8802f8f38d0","display_name":"ml-train-1","project_id":"0648e33ee6594c488226ed8d84f8b750","host":"kvm-a01","launched_on":"kvm-a01","vm_state":"active","task_state":null,"power_state":1,"image_ref":"5e937448-18db-5c0f-928c-b7ceab7cd231","config_drive":"","locked":0,"launched_at":"2026-11-20 23:26:56","updated_at":"2026-11-20 23:26:56"}',
    );
  });

  it('are asked for without deleted ones, and migrations of the last days or open ones only', async () => {
    const database = cell();
    await saved({ nova: database });

    const asked = new Map(database.asked.map((selection) => [selection.table, selection]));
    expect(asked.get('instances')?.present).toBe(true);
    expect(asked.get('tags')).toEqual({
      table: 'tags',
      columns: ['resource_id', 'tag'],
      order: ['resource_id', 'tag'],
      present: false,
    });
    expect(asked.get('migrations')?.recent?.since).toBe('2026-10-22 10:00:00');
    expect(asked.get('migrations')?.recent?.orStatus).toContain('running');
    expect(asked.get('migrations')?.recent?.orStatus).not.toContain('completed');
    expect(database.isOpen()).toBe(false);
  });

  it('are kept without what metadata keeps secret', async () => {
    const rows = dumpsOf(zed, cellNames);
    const pair = (key: string) => ({ id: 1, instance_uuid: 'x', key, value: 'open-sesame', deleted: 0 });
    const { directory } = await saved({
      nova: databaseOf({
        ...rows,
        instance_metadata: [pair('admin_pass'), pair('tier')],
        instance_system_metadata: [pair('password_0'), pair('image_os_distro')],
      }),
    });

    const keys = (table: string): unknown[] =>
      readFileSync(join(directory, `${table}.jsonl`), 'utf8')
        .split('\n')
        .flatMap((line) => [...line.matchAll(/"key":"(\w+)"/g)].map(([, key]) => key));
    expect(keys('instance_metadata')).toEqual(['tier']);
    expect(keys('instance_system_metadata')).toEqual(['image_os_distro']);
  });

  it('leave no connection open where the tables cannot be looked up', async () => {
    const database = cell();
    const broken = { ...database, columns: () => Promise.reject(new Error('it has gone away')) };

    const problems = await problemsOf(saved({ nova: broken }));

    expect(problems.map(({ code }) => code)).toEqual(['nova-db.not-read']);
    expect(database.isOpen()).toBe(false);
  });

  it('of several cells stand in files of their own', async () => {
    const { directory } = await saved({ nova_cell1: cell(), nova_cell2: cell() });

    expect(readdirSync(directory).filter((name) => name.endsWith('compute_nodes.jsonl'))).toEqual([
      'cell1-compute_nodes.jsonl',
      'cell2-compute_nodes.jsonl',
    ]);
  });

  it('of a cell that nobody named are missed, by its hosts', async () => {
    const rows = dumpsOf(zed, cellNames);
    const some = databaseOf({ ...rows, compute_nodes: (rows['compute_nodes'] ?? []).slice(0, 9) });

    const { gaps } = await saved({ nova: some, nova_api: api() });

    expect(gaps.map(({ summary }) => summary)).toEqual([
      "3 hosts of Nova's cells 2 are in no database that was named",
    ]);
  });

  it('of one cell do not make the servers of another look lost', async () => {
    const rows = dumpsOf(zed, cellNames);
    const ofFirst = ({ host }: DbRow) => host === 'kvm-a01' || host === 'kvm-a02';
    const [lost] = (rows['instances'] ?? []).filter(ofFirst);
    const cellOne = databaseOf({
      ...rows,
      compute_nodes: (rows['compute_nodes'] ?? []).filter(ofFirst),
      instances: (rows['instances'] ?? []).filter((row) => ofFirst(row) && row !== lost),
    });
    const { directory } = await saved({ nova: cellOne });

    const { report } = importBundle(partOf(['api']), { folders: new Map([['db', directory]]) });

    expect(
      report.contradictions.filter(({ field }) => field === 'exists').map(({ subject }) => subject),
    ).toEqual([`server ${String(lost?.['uuid'])}`]);
  });

  it('that the user may not read are gaps where the import can do without', async () => {
    const { gaps } = await saved({ nova: cellWithout('tags') });

    expect(gaps.map(({ summary }) => summary)).toEqual([
      'table tags: not there in nova, or not to be read by nova',
    ]);
  });

  it('without NUMA cells or servers are no use: each table is named, and every database closed', async () => {
    const database = cellWithout('instance_extra', 'pci_devices');
    const found = api();

    const problems = await problemsOf(saved({ nova: database, nova_api: found }));

    expect(problems.map(({ code, summary }) => `${code}: ${summary}`)).toEqual([
      'nova-db.missing-table: mysql://nova@db:3306/nova has no table pci_devices that user nova may read',
      'nova-db.missing-table: mysql://nova@db:3306/nova has no table instance_extra that user nova may read',
    ]);
    expect([database.isOpen(), found.isOpen()]).toEqual([false, false]);
  });

  it.each<[string, Readonly<Record<string, FakeDatabase>>, string]>([
    ['of another service', { glance: databaseOf({ images: [] }) }, 'nova-db.not-nova'],
    ['of the API alone', { nova_api: api() }, 'nova-db.clash'],
    ['of two APIs', { nova: cell(), a: api(), b: api() }, 'nova-db.clash'],
  ])('%s are refused', async (_, databases, code) => {
    expect((await problemsOf(saved(databases))).map((problem) => problem.code)).toEqual([code]);
  });

  it('of one database named twice are refused', async () => {
    const problems = await problemsOf(saved({ nova: cell() }, [url('nova'), url('nova')]));

    expect(problems.map(({ summary }) => summary)).toEqual(['mysql://nova@db:3306/nova is named twice']);
  });

  it('that stop coming because of an interrupt are no recording', async () => {
    const abort = new AbortController();
    const work = saveNovaDb({
      urls: [url('nova')],
      directory: temporaryFolder(),
      open: opening({ nova: cell() }),
      now,
      signal: abort.signal,
      onProgress: () => {
        abort.abort();
      },
    });

    expect((await problemsOf(work)).map(({ code }) => code)).toEqual(['nova-db.interrupted']);
  });
});

describe('a database that cannot be read', () => {
  const failing = (code: string, message: string): OpenDatabase => {
    const error = Object.assign(new Error(message), { code });
    return () => Promise.reject(error);
  };

  it.each([
    ['ECONNREFUSED', 'connect ECONNREFUSED 192.0.2.1:3306', 'nova-db.unreachable', 'cannot be reached'],
    ['ETIMEDOUT', 'connect ETIMEDOUT', 'nova-db.unreachable', 'cannot be reached'],
    ['', 'timeout expired', 'nova-db.unreachable', 'cannot be reached'],
    [
      'ER_ACCESS_DENIED_ERROR',
      `Access denied for user 'nova' (using ${password})`,
      'nova-db.denied',
      'refuses the user or the password',
    ],
    ['28P01', 'password authentication failed', 'nova-db.denied', 'refuses the user or the password'],
    ['3D000', 'database "nova" does not exist', 'nova-db.unknown-database', 'there is no database nova'],
    ['42501', 'permission denied for table instances', 'nova-db.unreadable-table', 'may not read a table'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate', 'nova-db.tls', 'no connection by TLS'],
    ['XX000', 'out of order', 'nova-db.not-read', 'was not read'],
  ])('because of %s says so, without the password', async (code, message, known, words) => {
    const work = saveNovaDb({
      urls: [url('nova')],
      directory: temporaryFolder(),
      open: failing(code, message),
      now,
    });

    const [problem] = await problemsOf(work);

    expect(problem?.code).toBe(known);
    expect(problem?.summary).toContain(words);
    expect(problem?.hint).not.toBe('');
    expect(JSON.stringify(problem)).not.toContain(password);
  });

  it('is told with all others', async () => {
    const urls = [url('nova'), `postgresql://nova@pg/nova`];
    const work = saveNovaDb({ urls, directory: temporaryFolder(), open: opening({}), now });

    expect((await problemsOf(work)).map(({ summary }) => summary)).toEqual([
      'there is no database nova at mysql://nova@db:3306/nova, or this user may not see it',
      'there is no database nova at postgresql://nova@pg:5432/nova, or this user may not see it',
    ]);
  });

  it('is told with all others where its address is none, each by its number', async () => {
    const urls = ['sqlite:///nova.sqlite', url('nova'), 'mysql://db/nova', 'mysql://nova@db'];
    const work = saveNovaDb({ urls, directory: temporaryFolder(), open: opening({ nova: cell() }), now });

    expect((await problemsOf(work)).map(({ source, summary }) => `${source ?? ''}: ${summary}`)).toEqual([
      '--nova-db, address 1 of 4: sqlite is no database that Nova runs on',
      '--nova-db, address 3 of 4: the address names no user',
      '--nova-db, address 4 of 4: the address names no database',
    ]);
  });

  it('gets the password from elsewhere where its address has none', async () => {
    const seen: DbAddress[] = [];
    const open: OpenDatabase = (address) => {
      seen.push(address);
      return Promise.resolve(cell());
    };

    await saveNovaDb({
      urls: ['mysql://nova@db/nova'],
      password: new Secret('from a file'),
      directory: temporaryFolder(),
      open,
      now,
    });

    expect(seen[0]?.password?.reveal()).toBe('from a file');
  });
});
