import { present } from '../present.ts';

/** How a connection is to be kept from being read, and what its certificate is compared with. */
export interface TlsWish {
  /** `prefer`: where the server can, and unchecked. */
  readonly use: 'no' | 'prefer' | 'yes';
  /** What is checked of the server's certificate: nothing, who signed it, or its name too. */
  readonly check: 'nothing' | 'signer' | 'name';
  /** Files in PEM: who may sign, and what this side shows. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

type Refuse = (summary: string, hint?: string) => never;

const filesOf = (options: URLSearchParams, ca: string, cert: string, key: string) =>
  present({
    ca: options.get(ca) ?? undefined,
    cert: options.get(cert) ?? undefined,
    key: options.get(key) ?? undefined,
  });

const mysqlModes: ReadonlyMap<string, Pick<TlsWish, 'use' | 'check'>> = new Map([
  ['DISABLED', { use: 'no', check: 'nothing' }],
  ['PREFERRED', { use: 'prefer', check: 'nothing' }],
  ['REQUIRED', { use: 'yes', check: 'nothing' }],
  ['VERIFY_CA', { use: 'yes', check: 'signer' }],
  ['VERIFY_IDENTITY', { use: 'yes', check: 'name' }],
]);

const isTrue = (text: string | null): boolean => text !== null && /^(?:1|true|yes|on)$/i.test(text);
const isFalse = (text: string | null): boolean => text !== null && /^(?:0|false|no|off|none)$/i.test(text);

/**
 * As PyMySQL and mysqlclient read them: none by default; with `ssl_ca` the certificate is checked, and its name unless
 * `ssl_check_hostname` or `ssl_verify_identity` is false.
 */
export function mysqlTls(options: URLSearchParams, refuse: Refuse): TlsWish {
  const files = filesOf(options, 'ssl_ca', 'ssl_cert', 'ssl_key');
  const named = options.get('ssl_mode');
  if (named !== null) {
    const mode = mysqlModes.get(named.toUpperCase());
    if (mode === undefined)
      return refuse(`ssl_mode=${named} is none`, `one of ${[...mysqlModes.keys()].join(', ')}`);
    return { ...mode, ...files };
  }
  if (isTrue(options.get('ssl_disabled'))) return { use: 'no', check: 'nothing' };
  const asked = ['ssl', 'ssl_verify_cert', 'ssl_verify_identity'].some((name) => isTrue(options.get(name)));
  if (!asked && Object.keys(files).length === 0) return { use: 'no', check: 'nothing' };
  const anySigner = isFalse(options.get('ssl_verify_cert'));
  const checked = files.ca !== undefined || isTrue(options.get('ssl_verify_cert'));
  const anyName = ['ssl_check_hostname', 'ssl_verify_identity'].some((name) => isFalse(options.get(name)));
  if (isTrue(options.get('ssl_verify_identity'))) return { use: 'yes', check: 'name', ...files };
  return { use: 'yes', check: anySigner || !checked ? 'nothing' : anyName ? 'signer' : 'name', ...files };
}

const postgresqlModes: ReadonlyMap<string, Pick<TlsWish, 'use' | 'check'>> = new Map([
  ['disable', { use: 'no', check: 'nothing' }],
  ['allow', { use: 'prefer', check: 'nothing' }],
  ['prefer', { use: 'prefer', check: 'nothing' }],
  ['require', { use: 'yes', check: 'nothing' }],
  ['verify-ca', { use: 'yes', check: 'signer' }],
  ['verify-full', { use: 'yes', check: 'name' }],
]);

/** As libpq reads them: `sslmode=prefer` by default; `require` with a root certificate is `verify-ca`. */
export function postgresqlTls(options: URLSearchParams, refuse: Refuse): TlsWish {
  const given = filesOf(options, 'sslrootcert', 'sslcert', 'sslkey');
  const named = options.get('sslmode') ?? 'prefer';
  const mode = postgresqlModes.get(named);
  if (mode === undefined)
    return refuse(`sslmode=${named} is none`, `one of ${[...postgresqlModes.keys()].join(', ')}`);
  if (given.ca === 'system') {
    const files = filesOf(options, 'none', 'sslcert', 'sslkey');
    return { use: 'yes', check: 'name', ...files };
  }
  const check = named === 'require' && given.ca !== undefined ? 'signer' : mode.check;
  return { use: mode.use, check, ...given };
}
