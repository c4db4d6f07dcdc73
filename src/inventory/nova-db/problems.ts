import { redact, type Secret } from '../../openstack/secret.ts';
import { type Diagnostic, InputError } from '../../shared/diagnostic.ts';
import type { DbAddress } from './address.ts';

/** What a failure means: its code in our words, what to say, and what to do. */
interface Meaning {
  readonly code: `nova-db.${string}`;
  readonly says: (address: DbAddress) => string;
  readonly hint: string;
}

const unreachable: Meaning = {
  code: 'nova-db.unreachable',
  says: ({ shown }) => `the database ${shown} cannot be reached`,
  hint: 'check host and port of --nova-db, and the way there: databases often answer to controllers only, so run the import on one or forward the port over SSH',
};

const denied: Meaning = {
  code: 'nova-db.denied',
  says: ({ shown }) => `the database refuses the user or the password of ${shown}`,
  hint: 'check both; a password may come from --nova-db-password-file or PLANNER_NOVA_DB_PASSWORD, and in a URL signs such as @ / : are written as %40 %2F %3A',
};

const unknownDatabase: Meaning = {
  code: 'nova-db.unknown-database',
  says: ({ database, shown }) => `there is no database ${database} at ${shown}, or this user may not see it`,
  hint: 'see [database] connection in nova.conf of the conductor of a cell: it is often nova or nova_cell1',
};

const unreadable: Meaning = {
  code: 'nova-db.unreadable-table',
  says: ({ shown, user }) => `user ${user} may not read a table of ${shown}`,
  hint: 'grant it SELECT on the tables of this database: it needs nothing else',
};

const untrusted: Meaning = {
  code: 'nova-db.tls',
  says: ({ shown }) => `no connection by TLS to ${shown}`,
  hint: 'name who signed the certificate with ?ssl_ca=FILE (MySQL) or ?sslrootcert=FILE (PostgreSQL); the name in the certificate must be the host of the URL',
};

const meanings: ReadonlyMap<string, Meaning> = new Map([
  ...[
    'ECONNREFUSED',
    'ECONNRESET',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENOENT',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EPIPE',
    'ETIMEDOUT',
    'PROTOCOL_CONNECTION_LOST',
    '57P03',
    '08006',
  ].map((code) => [code, unreachable] as const),
  ...[
    'ER_ACCESS_DENIED_ERROR',
    'ER_ACCESS_DENIED_NO_PASSWORD_ERROR',
    'ER_HOST_NOT_PRIVILEGED',
    '28P01',
    '28000',
  ].map((code) => [code, denied] as const),
  ...['ER_BAD_DB_ERROR', 'ER_DBACCESS_DENIED_ERROR', '3D000'].map((code) => [code, unknownDatabase] as const),
  ...['ER_TABLEACCESS_DENIED_ERROR', 'ER_COLUMNACCESS_DENIED_ERROR', '42501'].map(
    (code) => [code, unreadable] as const,
  ),
  ...[
    'HANDSHAKE_NO_SSL_SUPPORT',
    'HANDSHAKE_SSL_ERROR',
    'ER_SECURE_TRANSPORT_REQUIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'CERT_HAS_EXPIRED',
  ].map((code) => [code, untrusted] as const),
]);

/** By what drivers say where they give no code. */
const byMessage: readonly (readonly [RegExp, Meaning])[] = [
  [/SSL connection|certificate/i, untrusted],
  [/timeout|terminated|closed/i, unreachable],
  [/password|authentication/i, denied],
];

const other: Meaning = {
  code: 'nova-db.not-read',
  says: ({ shown }) => `the database ${shown} was not read`,
  hint: 'the database says why; dump the rows and use --from where it cannot be helped',
};

/** The driver's error as a problem of the database; nothing in it holds the password. */
export function dbProblem(error: unknown, address: DbAddress): InputError {
  if (error instanceof InputError) return error;
  const { code, message } = said(error);
  const meaning = meanings.get(code) ?? byMessage.find(([pattern]) => pattern.test(message))?.[1] ?? other;
  const problem: Diagnostic = {
    code: meaning.code,
    severity: 'error',
    summary: meaning.says(address),
    source: '--nova-db',
    details: [clean([code, message].filter((part) => part !== '').join(': '), address.password)],
    hint: meaning.hint,
  };
  return new InputError([problem]);
}

const clean = (text: string, secret: Secret | undefined): string =>
  secret === undefined ? text : redact(text, [secret]);

/** Of several tries (IPv4, IPv6) the first. */
function said(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof AggregateError && error.errors.length > 0) return said(error.errors[0]);
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return { code, message: error.message };
}
