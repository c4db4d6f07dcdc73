import type { Rng } from '../shared/rng.ts';
import { endpointOf, regionsOf, versionDocumentOf } from './auth/endpoints.ts';
import { fetchToken, keystoneUrl } from './auth/keystone.ts';
import type { Token } from './auth/token.ts';
import type { AuthMethod, Credentials } from './credentials.ts';
import { createLimiter } from './http/limited.ts';
import { isSafe, type RetryOptions, sendWithRetries } from './http/retrying.ts';
import type { HttpReply, HttpRequest, Transport } from './http/transport.ts';
import { rangeIn } from './microversion.ts';
import { OpenStackError } from './openstack-error.ts';
import { refusal, requestIdOf, transportProblem, unreadable } from './refusals.ts';
import { redact, type Secret } from './secret.ts';
import { type Service, services } from './services.ts';
import type { ApiCall, ApiReply, MicroversionRange, Session } from './session.ts';

/** What a session works with: made by the command line, or by a test. */
export interface SessionMeans {
  readonly transport: Transport;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** For the length of waits. */
  readonly rng: Rng;
  /** Requests at a time. */
  readonly parallel?: number;
  readonly retries?: Partial<RetryOptions>;
  /** Told each request as it is sent: method, address without its query, and whether it is a repetition. */
  readonly log?: (line: string) => void;
  /** Told before each repetition what is waited for, and why. */
  readonly onWait?: (line: string) => void;
}

const usualRetries: RetryOptions = { tries: 5, firstWaitMs: 500, longestWaitMs: 30_000, strangerTries: 2 };
const usualParallel = 8;
/** A token is renewed this long before it ends, so that none ends on its way. */
const renewalMs = 60_000;

/** Opens a session; nothing is asked before the first request. */
export function createSession(credentials: Credentials, means: SessionMeans): Session {
  const { log = () => undefined, now, onWait = () => undefined, parallel = usualParallel, transport } = means;
  const retries = { ...usualRetries, ...means.retries };
  const limit = createLimiter(parallel);
  const counts = { requests: 0, retries: 0, tokens: 0 };
  const secrets = new Set<Secret>(secretsOf(credentials.method));
  /** Origins that have answered. */
  const reached = new Set<string>();
  let token: Promise<Token> | undefined;
  const ranges = new Map<Service, Promise<MicroversionRange | undefined>>();

  const send = (request: HttpRequest, repeatable = isSafe(request)): Promise<HttpReply> => {
    const origin = originOf(request.url);
    return limit(() =>
      sendWithRetries(request, {
        transport,
        options: retries,
        sleep: means.sleep,
        rng: means.rng,
        repeatable,
        onTry(again) {
          counts.requests += 1;
          counts.retries += again ? 1 : 0;
          log(`${request.method} ${withoutQuery(request.url)}${again ? ' (again)' : ''}`);
        },
        onWait(why, ms) {
          onWait(`waiting for ${origin}: ${why}; asked again in ${(ms / 1000).toFixed(1)} s`);
        },
        known: () => reached.has(origin),
        onAnswer: () => reached.add(origin),
      }),
    );
  };

  async function freshToken(): Promise<Token> {
    counts.tokens += 1;
    const fetched = await fetchToken(credentials, (request) => send(request, true));
    secrets.add(fetched.secret);
    return fetched;
  }

  /** The present token; `refused` is one that a service did not accept. */
  async function currentToken(refused?: Token): Promise<Token> {
    const seen = token;
    if (seen !== undefined) {
      const known = await seen.catch((error: unknown) => {
        // Whoever was never there is not waited for by each who asks.
        if (isFinal(error) || !reached.has(originOf(credentials.authUrl))) throw error;
        return undefined;
      });
      const usable =
        known !== undefined &&
        known !== refused &&
        (known.expiresAt === undefined || known.expiresAt - now() > renewalMs);
      if (usable) return known;
    }
    // whoever comes first renews it for all who wait
    if (token === seen) token = freshToken();
    return token ?? currentToken(refused);
  }

  async function authorized(request: HttpRequest): Promise<HttpReply> {
    const first = await currentToken();
    const reply = await send(withToken(request, first));
    if (reply.status !== 401) return reply;
    return send(withToken(request, await currentToken(first)));
  }

  async function exchange(call: ApiCall, url: string): Promise<ApiReply> {
    const name = `${call.method} ${call.path}`;
    const reply = await authorized(toRequest(call, url)).catch((error: unknown) => {
      throw transportProblem(error, call.service, name, url);
    });
    if (reply.status >= 400) throw refusal(reply, call.service, name);
    if (reply.status > 300) throw unreadable(reply, call.service, name, 'it sends on to another address');
    return {
      status: reply.status,
      headers: reply.headers,
      requestId: requestIdOf(reply),
      body: bodyOf(reply, call),
    };
  }

  async function endpoint(service: Service): Promise<string> {
    const current = await currentToken();
    const found = endpointOf(service, credentials, current);
    if (found !== undefined) return found;
    if (service === 'identity') return keystoneUrl(credentials.authUrl);
    throw noService(service, credentials, regionsOf(service, current));
  }

  async function readRange(service: Service): Promise<MicroversionRange | undefined> {
    const url = versionDocumentOf(await endpoint(service));
    const call: ApiCall = { service, method: 'GET', path: '/' };
    return rangeIn((await exchange(call, url)).body);
  }

  const clean = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      throw error instanceof OpenStackError ? withoutSecrets(error, secrets) : error;
    }
  };

  return {
    name: credentials.name,
    request: (call) =>
      clean(async () => exchange(call, (await endpoint(call.service)) + call.path + queryOf(call.query))),
    has: (service) => clean(async () => endpointOf(service, credentials, await currentToken()) !== undefined),
    endpoint: (service) => clean(() => endpoint(service)),
    microversions(service) {
      const known = ranges.get(service) ?? clean(() => readRange(service));
      ranges.set(service, known);
      known.catch(() => ranges.delete(service));
      return known;
    },
    identity: () => clean(async () => (await currentToken()).identity),
    counts: () => ({ ...counts }),
    close() {
      transport.close();
    },
  };
}

function secretsOf(method: AuthMethod): Secret[] {
  switch (method.kind) {
    case 'password':
      return [method.password];
    case 'application-credential':
      return [method.secret];
    case 'token':
      return [method.token];
  }
}

/** Credentials that were refused are not sent again: that may lock the account. */
const isFinal = (error: unknown): boolean => error instanceof OpenStackError && error.kind === 'unauthorized';

const withToken = (request: HttpRequest, token: Token): HttpRequest => ({
  ...request,
  headers: { ...request.headers, 'x-auth-token': token.secret.reveal() },
});

function toRequest({ body, method, microversion, service, signal }: ApiCall, url: string): HttpRequest {
  const { microversions } = services[service];
  return {
    method,
    url,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(microversion !== undefined &&
        microversions !== undefined && {
          'openstack-api-version': `${microversions} ${microversion}`,
          // the only one that Nova reads below 2.27
          ...(service === 'compute' && { 'x-openstack-nova-api-version': microversion }),
        }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal !== undefined && { signal }),
  };
}

function bodyOf(reply: HttpReply, { method, path, service }: ApiCall): unknown {
  if (reply.text.trim() === '') return undefined;
  try {
    const body: unknown = JSON.parse(reply.text);
    return body;
  } catch {
    throw unreadable(reply, service, `${method} ${path}`, `${reply.text.length} characters that are no JSON`);
  }
}

function queryOf(query: ApiCall['query']): string {
  const entries = Object.entries(query ?? {}).map(([name, value]): [string, string] => [name, String(value)]);
  return entries.length === 0 ? '' : `?${new URLSearchParams(entries).toString()}`;
}

const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : url);

const withoutQuery = (url: string): string => url.replace(/\?.*$/, '');

function noService(
  service: Service,
  { interface: face, interfaces, region }: Credentials,
  regions: string[],
) {
  const where = `interface ${interfaces[service] ?? face}${region === undefined ? '' : `, region ${region}`}`;
  return new OpenStackError({
    kind: 'no-service',
    service,
    call: 'catalog',
    message: `the catalog lists no ${services[service].called} (${where})`,
    hint:
      regions.length === 0
        ? `name its address as ${service.replaceAll('-', '_')}_endpoint_override in clouds.yaml`
        : `it lists ${services[service].called} in ${regions.join(', ')}: choose with region_name or OS_REGION_NAME, and the interface with interface or OS_INTERFACE`,
  });
}

/** A service may repeat in its answer what was sent to it. */
function withoutSecrets(error: OpenStackError, secrets: ReadonlySet<Secret>): OpenStackError {
  const { call, kind, policy, requestId, service, status } = error;
  return new OpenStackError({
    kind,
    service,
    call: redact(call, secrets),
    message: redact(error.message, secrets),
    ...(status !== undefined && { status }),
    ...(requestId !== undefined && { requestId }),
    ...(policy !== undefined && { policy }),
    ...(error.said !== undefined && { said: redact(error.said, secrets) }),
    ...(error.hint !== undefined && { hint: error.hint }),
  });
}
