import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readInventory } from '../../src/inventory/inventory-file.ts';
import { apiTables } from '../../src/inventory/nova-db/tables.ts';
import { places } from './support/places.ts';
import { succeed } from './support/planned.ts';
import { planner } from './support/planner.ts';
import { postgresProgram, type Postgresql, rowsOf, startPostgresql } from './support/postgresql.ts';
import { unpack } from './support/unpacked.ts';

const recording = join(places.repository, 'fixtures', 'zed-12hosts');
const password = 'only-reads';

const unpacked = unpack('postgresql-15', postgresProgram);
const skipped = unpacked.kind === 'nothing' ? ` (skipped: ${unpacked.reason})` : '';

describe.skipIf(unpacked.kind === 'nothing')(`Nova's database on PostgreSQL${skipped}`, () => {
  let server: Postgresql;
  let folder: string;

  const url = (database: string, options = '') =>
    `postgresql+psycopg2://reader@127.0.0.1:${server.port}/${database}${options}`;
  const imported = (name: string, options = '') =>
    planner(
      folder,
      ...[
        'import',
        '--from',
        'apis',
        '--nova-db',
        url('nova', options),
        '--nova-db',
        url('nova_api', options),
      ],
      ...['--nova-db-password-file', 'password', '-o', name],
    );

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'planner-lab-work-'));
    writeFileSync(join(folder, 'password'), password);
    cpSync(join(recording, 'api'), join(folder, 'apis', 'api'), { recursive: true });
    cpSync(join(recording, 'api'), join(folder, 'dumped', 'api'), { recursive: true });
    cpSync(join(recording, 'db'), join(folder, 'dumped', 'db'), { recursive: true });
    rmSync(join(folder, 'dumped', 'db', 'cell0-instances.jsonl'), { force: true });

    server = await startPostgresql(unpacked.kind === 'folder' ? unpacked.folder : '');
    const ofApi = new Set(apiTables.map(({ name }) => name));
    const names = readdirSync(join(folder, 'dumped', 'db')).map((file) => file.replace('.jsonl', ''));
    const tables = (api: boolean) =>
      new Map(
        names
          .filter((name) => ofApi.has(name) === api)
          .map((name) => [name, rowsOf(join(folder, 'dumped', 'db', `${name}.jsonl`))] as const),
      );
    await server.load('nova', tables(false));
    await server.load('nova_api', tables(true));
    await server.reader('reader', password, ['nova', 'nova_api']);
  });

  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
    if (unpacked.kind === 'folder') unpacked.remove();
  });

  it('gives the inventory that the dumped rows give', async () => {
    await succeed(imported('read.json'));
    await succeed(planner(folder, 'import', '--from', 'dumped', '-o', 'dumped.json'));

    expect(readFileSync(join(folder, 'read.json'), 'utf8')).toBe(
      readFileSync(join(folder, 'dumped.json'), 'utf8'),
    );
    expect(readInventory(join(folder, 'read.json')).hosts.every(({ cells }) => cells !== undefined)).toBe(
      true,
    );
  });

  it('is only read, in a transaction that could not write', () => {
    const words = new Set(server.statements('planner').map((said) => said.split(' ').slice(0, 2).join(' ')));

    expect([...words].sort()).toEqual([
      'BEGIN TRANSACTION',
      'CLOSE planner',
      'DECLARE planner',
      'FETCH FORWARD',
      'SELECT table_name',
    ]);
    expect(server.statements('planner')[0]).toContain('READ ONLY');
  });

  it('is read by TLS, with the certificate checked where that is asked for', async () => {
    const trusted = await imported('tls.json', `?sslmode=verify-full&sslrootcert=${server.certificate}`);
    const untrusted = await imported('no.json', '?sslmode=verify-full');

    expect(trusted.code, trusted.stderr).toBe(0);
    expect(untrusted.code).toBe(2);
    expect(untrusted.stderr).toContain('error nova-db.tls: no connection by TLS');
  });

  it('says who is refused and which database is not there', async () => {
    writeFileSync(join(folder, 'wrong'), 'not-the-password');
    const words = ['import', '--from', 'apis', '-o', 'no.json', '--nova-db'];

    const wrong = await planner(folder, ...words, url('nova'), '--nova-db-password-file', 'wrong');
    const missing = await planner(folder, ...words, url('nova_cell9'), '--nova-db-password-file', 'password');

    expect(wrong.stderr).toContain('error nova-db.denied');
    expect(wrong.stderr).not.toContain('not-the-password');
    expect(missing.stderr).toContain('error nova-db.unknown-database: there is no database nova_cell9');
  });
});
