import { homedir } from 'node:os';
import { type Diagnostic, InputError } from '../../shared/diagnostic.ts';
import type { AuthMethod, Credentials, Interface, Named, Scope, TlsOptions } from '../credentials.ts';
import { Secret } from '../secret.ts';
import { type Service, services } from '../services.ts';
import type { ChosenCloud } from './choose-cloud.ts';
import { isOn, type Settings, textAt, toSettings } from './settings.ts';

/**
 * What a cloud's settings ask for: password, token or application credential of Keystone v3.
 *
 * @throws InputError that names every setting that is missing; no secret is in it.
 */
export function credentialsOf({ name, settings, source }: ChosenCloud): Credentials {
  const problems: Diagnostic[] = [];
  const refuse: Refuse = (summary, hint) => {
    problems.push({
      code: 'cloud.incomplete',
      severity: 'error',
      summary: `cloud ${name}: ${summary}`,
      source,
      hint,
    });
  };
  const auth = authOf(settings);
  const authUrl = textAt(auth, 'auth_url');
  if (authUrl === undefined) refuse('auth_url is missing', 'write it under auth, or set OS_AUTH_URL');
  else if (!isWebAddress(authUrl))
    refuse(
      `auth_url ${authUrl.replace(/\/\/[^/]*@/, '//***@')} is no web address`,
      'it begins with https:// or http://',
    );
  const method = methodOf(textAt(settings, 'auth_type'), auth, refuse);
  const face = interfaceOf(textAt(settings, 'interface', 'endpoint_type') ?? 'public', refuse);
  const own = perService(settings, refuse);
  if (problems.length > 0 || authUrl === undefined || method === undefined || face === undefined)
    throw new InputError(problems);
  const region = textAt(settings, 'region_name');
  return {
    name,
    authUrl,
    method,
    ...(region !== undefined && { region }),
    interface: face,
    tls: tlsOf(settings),
    ...own,
  };
}

type Refuse = (summary: string, hint: string) => void;

const isWebAddress = (text: string): boolean => /^https?:$/.test(URL.parse(text)?.protocol ?? '');

/** Everything that tells who asks; variables and old files write it outside `auth`. One domain stands for both. */
function authOf(settings: Settings): Settings {
  const auth = { ...settings, ...toSettings(settings['auth']) };
  const project = textAt(auth, 'project_id', 'project_name', 'tenant_id', 'tenant_name', 'project');
  if (project === undefined) return auth;
  const both = (kind: 'id' | 'name'): Settings => {
    const domain = textAt(auth, `domain_${kind}`, `default_domain_${kind}`);
    return domain === undefined
      ? {}
      : { [`user_domain_${kind}`]: domain, [`project_domain_${kind}`]: domain };
  };
  return { ...both('name'), ...both('id'), ...auth };
}

function methodOf(type: string | undefined, auth: Settings, refuse: Refuse): AuthMethod | undefined {
  const kind = type ?? guessType(auth);
  switch (kind.replace(/^v3/, '').replaceAll('_', '')) {
    case 'password':
      return passwordMethod(auth, refuse);
    case 'applicationcredential':
      return applicationCredential(auth, refuse);
    case 'token':
      return tokenMethod(auth, refuse);
    default:
      refuse(`auth_type ${kind} is not known`, 'use password, v3applicationcredential or token');
      return undefined;
  }
}

function guessType(auth: Settings): string {
  if (textAt(auth, 'application_credential_secret') !== undefined) return 'v3applicationcredential';
  return textAt(auth, 'token', 'auth_token') === undefined ? 'password' : 'token';
}

function passwordMethod(auth: Settings, refuse: Refuse): AuthMethod | undefined {
  const user = userOf(auth);
  const password = textAt(auth, 'password');
  if (user === undefined) refuse('username is missing', 'write it under auth, or set OS_USERNAME');
  if (password === undefined) refuse('password is missing', 'write it to secure.yaml, or set OS_PASSWORD');
  return user === undefined || password === undefined
    ? undefined
    : { kind: 'password', user, password: new Secret(password), scope: scopeOf(auth) };
}

function applicationCredential(auth: Settings, refuse: Refuse): AuthMethod | undefined {
  const secret = textAt(auth, 'application_credential_secret');
  const id = textAt(auth, 'application_credential_id');
  const name = textAt(auth, 'application_credential_name');
  const user = userOf(auth);
  if (secret === undefined)
    refuse(
      'application_credential_secret is missing',
      'write it to secure.yaml, or set OS_APPLICATION_CREDENTIAL_SECRET',
    );
  if (id === undefined && (name === undefined || user === undefined))
    refuse(
      'application_credential_id is missing',
      'write it under auth, or application_credential_name with the user whose it is',
    );
  if (secret === undefined) return undefined;
  if (id !== undefined)
    return { kind: 'application-credential', credential: { id }, secret: new Secret(secret) };
  if (name === undefined || user === undefined) return undefined;
  return { kind: 'application-credential', credential: { name, user }, secret: new Secret(secret) };
}

function tokenMethod(auth: Settings, refuse: Refuse): AuthMethod | undefined {
  const token = textAt(auth, 'token', 'auth_token');
  if (token === undefined) {
    refuse('token is missing', 'write it under auth, or set OS_TOKEN');
    return undefined;
  }
  return { kind: 'token', token: new Secret(token), scope: scopeOf(auth) };
}

type Domain = { readonly id: string } | { readonly name: string };

function domainOf(auth: Settings, prefix: string): Domain | undefined {
  const id = textAt(auth, `${prefix}domain_id`);
  const name = textAt(auth, `${prefix}domain_name`);
  return id !== undefined ? { id } : name !== undefined ? { name } : undefined;
}

function namedIn(
  id: string | undefined,
  name: string | undefined,
  domain: Domain | undefined,
): Named | undefined {
  if (id !== undefined) return { id };
  return name === undefined ? undefined : { name, ...(domain !== undefined && { domain }) };
}

const userOf = (auth: Settings): Named | undefined =>
  namedIn(textAt(auth, 'user_id'), textAt(auth, 'username', 'user_name', 'user'), domainOf(auth, 'user_'));

function scopeOf(auth: Settings): Scope {
  if (textAt(auth, 'system_scope') === 'all') return { kind: 'system' };
  const project = namedIn(
    textAt(auth, 'project_id', 'tenant_id'),
    textAt(auth, 'project_name', 'tenant_name', 'project'),
    domainOf(auth, 'project_'),
  );
  if (project !== undefined) return { kind: 'project', project };
  const domain = domainOf(auth, '');
  return domain === undefined ? { kind: 'none' } : { kind: 'domain', domain };
}

const interfaces: readonly Interface[] = ['public', 'internal', 'admin'];

function interfaceOf(text: string, refuse: Refuse): Interface | undefined {
  const short = text.replace(/URL$/, '');
  const found = interfaces.find((each) => each === short);
  if (found === undefined) refuse(`interface ${text} is not known`, `use one of ${interfaces.join(', ')}`);
  return found;
}

function tlsOf(settings: Settings): TlsOptions {
  const file = (kind: 'ca' | 'cert' | 'key', name: string): Partial<TlsOptions> => {
    const path = textAt(settings, name);
    return path === undefined ? {} : { [`${kind}File`]: path.replace(/^~(?=\/)/, homedir()) };
  };
  return {
    verify: isOn(settings, 'verify') !== false && isOn(settings, 'insecure') !== true,
    ...file('ca', 'cacert'),
    ...file('cert', 'cert'),
    ...file('key', 'key'),
  };
}

const serviceNames: readonly Service[] = [
  'identity',
  'compute',
  'placement',
  'image',
  'network',
  'block-storage',
];

/** `compute_endpoint_override`, `volumev3_interface` and their like. */
function perService(settings: Settings, refuse: Refuse): Pick<Credentials, 'endpoints' | 'interfaces'> {
  const endpoints: Partial<Record<Service, string>> = {};
  const own: Partial<Record<Service, Interface>> = {};
  for (const service of serviceNames) {
    const names = services[service].types.map((type) => type.replaceAll('-', '_'));
    const url = textAt(settings, ...names.map((name) => `${name}_endpoint_override`));
    const face = textAt(settings, ...names.map((name) => `${name}_interface`));
    if (url !== undefined && isWebAddress(url)) endpoints[service] = url;
    else if (url !== undefined)
      refuse(`the endpoint of ${service} is no web address`, 'it begins with https://');
    const known = face === undefined ? undefined : interfaceOf(face, refuse);
    if (known !== undefined) own[service] = known;
  }
  return { endpoints, interfaces: own };
}
