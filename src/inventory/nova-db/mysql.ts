import type { Connection, ConnectionOptions, RowDataPacket } from 'mysql2';
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

/** MySQL and MariaDB. The driver is loaded when it is needed. */
export const openMysql: OpenDatabase = async (address) => {
  const connection = await connected(address);
  try {
    await run(connection, 'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    await run(connection, 'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
  } catch (error) {
    connection.destroy();
    throw error;
  }
  return databaseOn(connection);
};

const databaseOn = (connection: Connection): Database => ({
  async columns(tables) {
    const found = new Map<string, Map<string, string>>();
    for (const { c, d, t } of await run(connection, columnsSql('DATABASE()', tables))) {
      const columns = found.get(String(t)) ?? new Map<string, string>();
      found.set(String(t), columns.set(String(c), String(d)));
    }
    return found;
  },
  async *rows(selection) {
    const sql = selectSql(selection, (name) => `\`${name}\``);
    const stream: AsyncIterable<DbRow> = connection.query(sql).stream({ highWaterMark: batchRows });
    let batch: DbRow[] = [];
    for await (const row of stream) {
      batch.push(row);
      if (batch.length < batchRows) continue;
      yield batch;
      batch = [];
    }
    yield batch;
  },
  close() {
    connection.destroy();
    return Promise.resolve();
  },
});

const noTlsThere = 'HANDSHAKE_NO_SSL_SUPPORT';

async function connected(address: DbAddress): Promise<Connection> {
  const { tls } = address;
  try {
    return await connect(address, await sslOf(tls));
  } catch (error) {
    if (tls.use === 'prefer' && isCode(error, noTlsThere)) return connect(address, undefined);
    throw error;
  }
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

async function sslOf(tls: TlsWish): Promise<ConnectionOptions['ssl']> {
  if (tls.use === 'no') return undefined;
  const { ca, cert, key } = await tlsFiles(tls);
  return {
    ...(typeof ca === 'string' && { ca }),
    ...(typeof cert === 'string' && { cert }),
    ...(typeof key === 'string' && { key }),
    rejectUnauthorized: tls.check !== 'nothing',
    verifyIdentity: tls.check === 'name',
  };
}

async function connect(address: DbAddress, ssl: ConnectionOptions['ssl']): Promise<Connection> {
  const { createConnection } = await import('mysql2');
  const { connectTimeoutSeconds, database, host, password, port, socket, user } = address;
  const connection = createConnection({
    ...(socket === undefined ? { host, port } : { socketPath: socket }),
    user,
    database,
    ...(password !== undefined && { password: password.reveal() }),
    ...(ssl !== undefined && { ssl }),
    connectTimeout: connectTimeoutSeconds * 1000,
    dateStrings: true,
    supportBigNumbers: true,
    decimalNumbers: true,
    disableEval: true,
  });
  await new Promise<void>((resolve, reject) => {
    connection.once('error', reject);
    connection.connect((error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
  connection.on('error', () => undefined); // told by whatever waits for an answer
  return connection;
}

function run(connection: Connection, sql: string): Promise<readonly RowDataPacket[]> {
  return new Promise((resolve, reject) => {
    connection.query<RowDataPacket[]>(sql, (error, rows) => {
      if (error === null) resolve(Array.isArray(rows) ? rows : []);
      else reject(error);
    });
  });
}
