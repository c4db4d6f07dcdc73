import { Secret } from '../../openstack/secret.ts';
import { type Diagnostic, InputError } from '../../shared/diagnostic.ts';
import { present } from '../present.ts';
import { type TlsWish, mysqlTls, postgresqlTls } from './tls-wish.ts';

/** Where a database of Nova is, and as whom it is read. */
export interface DbAddress {
  readonly kind: 'mysql' | 'postgresql';
  readonly host: string;
  readonly port: number;
  /** The path of a socket of this machine, in the place of host and port. */
  readonly socket?: string;
  readonly user: string;
  readonly password?: Secret;
  readonly database: string;
  readonly tls: TlsWish;
  readonly connectTimeoutSeconds: number;
  /** For people: without the password. */
  readonly shown: string;
}

/** As SQLAlchemy reads URLs: what stands between the first `:` and the last `@` is the password. */
const pattern =
  /^(?<dialect>[a-z]+)(?:\+[a-z0-9_]+)?:\/\/(?:(?<user>[^:/]*)(?::(?<password>.*))?@)?(?:\[(?<six>[^/\]]+)\]|(?<host>[^/:?@]*))(?::(?<port>\d+))?(?:\/(?<database>[^?]*))?(?:\?(?<query>.*))?$/s;

const kinds: ReadonlyMap<string, DbAddress['kind']> = new Map([
  ['mysql', 'mysql'],
  ['mariadb', 'mysql'],
  ['postgresql', 'postgresql'],
  ['postgres', 'postgresql'],
]);
const usualPorts = { mysql: 3306, postgresql: 5432 } as const;
const usualTimeoutSeconds = 10;

/**
 * The address in a URL as `[database] connection` of nova.conf writes it. A password that it leaves out is `fallback`.
 * Options that concern neither the way there nor TLS (`charset`, pools) are left aside.
 *
 * @throws InputError when it is no such URL; the message never holds the password.
 */
export function parseDbAddress(text: string, fallback?: Secret): DbAddress {
  const parts = pattern.exec(text.trim())?.groups ?? refuse('no address of a database');
  const { dialect = '', user = '', password, six, host = '', port, database = '', query = '' } = parts;
  const kind = kinds.get(dialect) ?? refuse(`${dialect} is no database that Nova runs on`);
  if (user === '') refuse('the address names no user');
  if (database === '') refuse('the address names no database');
  const options = new URLSearchParams(query);
  const socket = options.get(kind === 'mysql' ? 'unix_socket' : 'host') ?? undefined;
  const place = { host: six ?? (host === '' ? 'localhost' : host), port: Number(port ?? usualPorts[kind]) };
  const timeout = Number(options.get('connect_timeout') ?? usualTimeoutSeconds);
  const address = {
    kind,
    ...place,
    socket: socket?.startsWith('/') === true ? socketOf(socket, kind, place.port) : undefined,
    user: decoded(user),
    password: password === undefined || password === '' ? fallback : new Secret(decoded(password)),
    database: decoded(database),
    tls: kind === 'mysql' ? mysqlTls(options, refuse) : postgresqlTls(options, refuse),
    connectTimeoutSeconds: Number.isFinite(timeout) && timeout > 0 ? timeout : usualTimeoutSeconds,
  };
  const at = address.socket ?? `${six === undefined ? place.host : `[${six}]`}:${place.port}`;
  return present({ ...address, shown: `${kind}://${address.user}@${at}/${address.database}` });
}

/** libpq names the folder of a socket, MySQL the socket. */
const socketOf = (path: string, kind: DbAddress['kind'], port: number): string =>
  kind === 'mysql' ? path : `${path}/.s.PGSQL.${port}`;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a percent sign that stands for itself
  }
}

function refuse(summary: string, hint?: string): never {
  const problem: Diagnostic = {
    code: 'usage.option',
    severity: 'error',
    summary,
    source: '--nova-db',
    hint: hint ?? 'write it as [database] connection of nova.conf: mysql+pymysql://USER:PASSWORD@HOST/nova',
  };
  throw new InputError([problem]);
}
