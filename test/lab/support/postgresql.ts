import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { z } from 'zod';
import { places } from './places.ts';
import { labMark } from './processes.ts';
import { freePort } from './unpacked.ts';
import { waitFor } from './wait.ts';

const programs = 'usr/lib/postgresql/15/bin';
export const postgresProgram = `${programs}/postgres`;

/** PostgreSQL does not run as root. */
const nobody = 65_534;
const owner = 'planner';
const ownerPassword = 'owns-all';

const Value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const Row = z.record(z.string(), Value);

type Value = z.infer<typeof Value>;
export type Rows = readonly Readonly<z.infer<typeof Row>>[];

/** A server of its own on a free port, by TLS and without, that writes down every statement. */
export interface Postgresql {
  readonly port: number;
  readonly certificate: string;
  /** Makes a database with the rows of tables; a column is of the type that its name or its values ask for. */
  load(database: string, tables: ReadonlyMap<string, Rows>): Promise<void>;
  /** Makes a user who may read every table of the databases. */
  reader(name: string, password: string, databases: readonly string[]): Promise<void>;
  /** What was said on connections of an application, word by word. */
  statements(application: string): string[];
  stop(): Promise<void>;
}

const tls = join(places.repository, 'test/support/fake-openstack/tls');

export async function startPostgresql(folder: string): Promise<Postgresql> {
  const data = join(folder, 'data');
  chmodSync(folder, 0o755);
  const own = (path: string, mode: number) => {
    chownSync(path, nobody, nobody);
    chmodSync(path, mode);
  };
  mkdirSync(data);
  own(data, 0o700);
  const secret = join(folder, 'owner-password');
  writeFileSync(secret, ownerPassword);
  own(secret, 0o600);
  const as = {
    uid: nobody,
    gid: nobody,
    cwd: data,
    env: { PATH: '/usr/bin', LC_ALL: 'C.UTF-8', ...labMark },
  };
  execFileSync(
    join(folder, programs, 'initdb'),
    ['-D', data, '-U', owner, '--auth=scram-sha-256', `--pwfile=${secret}`, '-E', 'UTF8', '--no-sync'],
    { ...as, stdio: 'pipe' },
  );
  for (const name of ['cert.pem', 'key.pem']) {
    copyFileSync(join(tls, name), join(data, name));
    own(join(data, name), 0o600);
  }
  const port = await freePort();
  const log = join(data, 'statements.log');
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    ssl: 'on',
    ssl_cert_file: 'cert.pem',
    ssl_key_file: 'key.pem',
    log_statement: 'all',
    log_line_prefix: '%a|',
  };
  const server = spawn(
    join(folder, postgresProgram),
    ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...as, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  server.stderr.on('data', (part: Buffer) => (said += part.toString()));
  const ended = new Promise<void>((resolve) =>
    server.once('close', () => {
      resolve();
    }),
  );

  const ask = async (database: string, work: (client: pg.Client) => Promise<unknown>) => {
    const client = new pg.Client({ host: '127.0.0.1', port, user: owner, password: ownerPassword, database });
    await client.connect();
    try {
      await work(client);
    } finally {
      await client.end();
    }
  };
  await waitFor({ what: `PostgreSQL (${log})`, everySeconds: 0.2 }, () =>
    ask('postgres', () => Promise.resolve()).then(
      () => true,
      () => false,
    ),
  );

  return {
    port,
    certificate: join(tls, 'cert.pem'),
    load: async (database, tables) => {
      await ask('postgres', (client) => client.query(`create database ${database}`));
      await ask(database, async (client) => {
        for (const [name, rows] of tables) await loadTable(client, name, rows);
      });
    },
    reader: async (name, password, databases) => {
      await ask('postgres', (client) => client.query(`create user ${name} password '${password}'`));
      for (const database of databases)
        await ask(database, (client) =>
          client.query(`grant select on all tables in schema public to ${name}`),
        );
    },
    statements: (application) =>
      said
        .split('\n')
        .filter((line) => line.startsWith(`${application}|`))
        .flatMap((line) => /LOG: {2}(?:statement|execute [^:]*): (.*)/.exec(line)?.[1] ?? []),
    stop: async () => {
      server.kill('SIGINT');
      await ended;
    },
  };
}

const flags = new Set(['disabled', 'forced_down', 'locked', 'no_device']);
const time = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

function typeOf(name: string, values: readonly Value[]): string {
  if (flags.has(name)) return 'boolean';
  const known = values.filter((value) => value !== null);
  if (known.some((value) => typeof value === 'number')) {
    if (known.every((value) => Number.isInteger(value)))
      return /_total|_processed/.test(name) ? 'bigint' : 'integer';
    return 'double precision';
  }
  return known.length > 0 && known.every((value) => time.test(String(value))) ? 'timestamp' : 'text';
}

async function loadTable(client: pg.Client, table: string, rows: Rows): Promise<void> {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const types = names.map(
    (name) =>
      `"${name}" ${typeOf(
        name,
        rows.map((row) => row[name] ?? null),
      )}`,
  );
  await client.query(`create table "${table}" (${types.join(', ')})`);
  const places = names.map((_, at) => `$${at + 1}`).join(', ');
  for (const row of rows)
    await client.query(
      `insert into "${table}" values (${places})`,
      names.map((name) => (flags.has(name) && typeof row[name] === 'number' ? row[name] !== 0 : row[name])),
    );
}

/** Rows of a dump, one JSON object a line. */
export const rowsOf = (file: string): Rows =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Row.parse(JSON.parse(line)));
