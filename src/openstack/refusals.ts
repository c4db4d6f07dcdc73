import { policyIn, saidIn } from './answers.ts';
import { type HttpReply, TransportError } from './http/transport.ts';
import { OpenStackError, type OpenStackErrorFacts, type OpenStackErrorKind } from './openstack-error.ts';
import { type Service, services } from './services.ts';

const kinds: ReadonlyMap<number, OpenStackErrorKind> = new Map([
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [404, 'not-found'],
  [406, 'not-acceptable'],
  [409, 'conflict'],
  [413, 'too-many-requests'],
  [429, 'too-many-requests'],
]);

const words: Readonly<Record<OpenStackErrorKind, string>> = {
  'bad-request': 'refuses the request',
  unauthorized: 'does not accept the token',
  forbidden: 'does not allow this user to ask for it',
  'not-found': 'does not find it',
  'not-acceptable': 'does not offer the microversion',
  conflict: 'cannot do it now',
  'too-many-requests': 'wants fewer requests',
  'server-error': 'failed',
  unreachable: 'cannot be reached',
  untrusted: 'is not trusted',
  lost: 'broke the connection',
  timeout: 'did not answer in time',
  'not-json': 'answered what is no JSON',
  'too-large': 'answered more than is read',
  'no-service': 'is not in the catalog',
  aborted: 'was not waited for',
};

/** An answer of 400 or more as an error: what the service said, the policy that it names, its request id. */
export function refusal(reply: HttpReply, service: Service, call: string): OpenStackError {
  const kind = kinds.get(reply.status) ?? (reply.status >= 500 ? 'server-error' : 'bad-request');
  const said = saidIn(reply);
  const policy = kind === 'forbidden' ? policyIn(said) : undefined;
  return new OpenStackError({
    kind,
    service,
    call,
    status: reply.status,
    message: messageOf(service, kind, `${call}: HTTP ${reply.status}`, said),
    ...known({ requestId: requestIdOf(reply), said, policy, hint: hintFor(kind, policy) }),
  });
}

/** No whole answer as an error. What is none of the transport's is handed back as it is. */
export function transportProblem(error: unknown, service: Service, call: string, url: string): unknown {
  if (!(error instanceof TransportError)) return error;
  return new OpenStackError({
    kind: error.fault,
    service,
    call,
    message: messageOf(service, error.fault, `${call} at ${hostOf(url)}`, error.message),
    ...known({ hint: faultHints[error.fault] }),
  });
}

/** An answer that cannot be used. */
export function unreadable(reply: HttpReply, service: Service, call: string, why: string): OpenStackError {
  return new OpenStackError({
    kind: 'not-json',
    service,
    call,
    status: reply.status,
    message: messageOf(service, 'not-json', `${call}: HTTP ${reply.status}`, why),
    ...known({ requestId: requestIdOf(reply) }),
    hint: 'a proxy between may have cut or replaced the answer: try again, and look at its log',
  });
}

export const requestIdOf = ({ headers }: HttpReply): string | undefined =>
  headers['x-openstack-request-id'] ?? headers['x-compute-request-id'];

const messageOf = (
  service: Service,
  kind: OpenStackErrorKind,
  call: string,
  more: string | undefined,
): string => `${services[service].called} ${words[kind]} (${call})${more === undefined ? '' : `: ${more}`}`;

const hostOf = (url: string): string => URL.parse(url)?.host ?? 'an address that is none';

const faultHints: Partial<Readonly<Record<OpenStackErrorKind, string>>> = {
  unreachable: 'check the address, the interface (public, internal, admin) and the way there',
  untrusted:
    'name the CA as cacert in clouds.yaml or in OS_CACERT; verify: false only where nobody can listen',
};

const hintFor = (kind: OpenStackErrorKind, policy: string | undefined): string | undefined =>
  kind === 'forbidden'
    ? `use an administrator's credentials, or have ${policy ?? 'the policy of this call'} allowed for this user`
    : undefined;

type Optional = 'requestId' | 'said' | 'policy' | 'hint';

/** Only what is known. */
function known(facts: { readonly [Name in Optional]?: string | undefined }): Partial<
  Pick<OpenStackErrorFacts, Optional>
> {
  const { hint, policy, requestId, said } = facts;
  return {
    ...(requestId !== undefined && { requestId }),
    ...(said !== undefined && { said }),
    ...(policy !== undefined && { policy }),
    ...(hint !== undefined && { hint }),
  };
}
