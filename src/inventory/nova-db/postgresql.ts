import type { Client, ClientConfig } from 'pg';
import type { DbAddress } from './address.ts';
import {
  batchRows,
  columnsSql,
  type Database,
  type DbRow,
  type OpenDatabase,
  selectSql,
} from './database.ts';
import { tlsFiles } from './tls-files.ts';
import type { TlsWish } from './tls-wish.ts';

/** PostgreSQL. The driver is loaded when it is needed. */
export const openPostgresql: OpenDatabase = async (address) => {
  const client = await connected(address);
  try {
    await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
  } catch (error) {
    await client.end();
    throw error;
  }
  return databaseOn(client);
};

const databaseOn = (client: Client): Database => ({
  async columns(tables) {
    const found = new Map<string, Map<string, string>>();
    const { rows } = await client.query<Record<'t' | 'c' | 'd', string>>(
      columnsSql('current_schema()', tables),
    );
    for (const { c, d, t } of rows) {
      const columns = found.get(t) ?? new Map<string, string>();
      found.set(t, columns.set(c, d));
    }
    return found;
  },
  async *rows(selection) {
    const sql = selectSql(selection, (name) => `"${name}"`);
    await client.query(`DECLARE planner NO SCROLL CURSOR FOR ${sql}`);
    for (;;) {
      const { rows } = await client.query<DbRow>(`FETCH FORWARD ${batchRows} FROM planner`);
      yield rows;
      if (rows.length < batchRows) break;
    }
    await client.query('CLOSE planner');
  },
  close: () => client.end(),
});

async function connected(address: DbAddress): Promise<Client> {
  const { tls } = address;
  try {
    return await connect(address, await sslOf(tls));
  } catch (error) {
    const none = error instanceof Error && error.message === 'The server does not support SSL connections';
    if (tls.use === 'prefer' && none) return connect(address, false);
    throw error;
  }
}

type Ssl = NonNullable<ClientConfig['ssl']>;

async function sslOf(tls: TlsWish): Promise<Ssl> {
  if (tls.use === 'no') return false;
  return {
    ...(await tlsFiles(tls)),
    rejectUnauthorized: tls.check !== 'nothing',
    ...(tls.check !== 'name' && { checkServerIdentity: () => undefined }),
  };
}

async function connect(address: DbAddress, ssl: Ssl): Promise<Client> {
  const { default: pg } = await import('pg');
  const { connectTimeoutSeconds, database, host, password, port, socket, user } = address;
  const client = new pg.Client({
    host: socket === undefined ? host : socket.slice(0, socket.lastIndexOf('/')),
    port,
    user,
    database,
    ...(password !== undefined && { password: password.reveal() }),
    ssl: socket === undefined ? ssl : false,
    connectionTimeoutMillis: connectTimeoutSeconds * 1000,
    application_name: 'planner',
  });
  const { builtins } = pg.types;
  client.setTypeParser(builtins.INT8, Number);
  // times as dumps have them
  client.setTypeParser(builtins.TIMESTAMP, asWritten);
  client.setTypeParser(builtins.TIMESTAMPTZ, asWritten);
  client.on('error', () => undefined); // told by whatever waits for an answer
  await client.connect();
  return client;
}

const asWritten = (text: string): string => text;
