import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { acceptsIdentity, type Account } from './keystone.ts';
import type { LaterApi } from './fake-api.ts';

/** Something that goes wrong, once for each time it is listed. */
export interface Fault {
  /** Which requests: a part of `GET /compute/v2.1/servers/detail?limit=2`. */
  readonly on: string;
  readonly times?: number;
  readonly does:
    | {
        readonly kind: 'answer';
        readonly status: number;
        readonly headers?: Record<string, string>;
        readonly text?: string;
      }
    /** Breaks the connection before or in the middle of the answer. */
    | { readonly kind: 'reset' }
    | { readonly kind: 'cut' }
    | { readonly kind: 'hang' }
    /** The token is no longer accepted. */
    | { readonly kind: 'expire' };
}

export interface FakeOptions {
  readonly api: LaterApi;
  readonly account: Account;
  readonly faults?: readonly Fault[];
  /** The highest microversions. */
  readonly compute?: string;
  readonly placement?: string;
  /** Services that the catalog lists. */
  readonly services?: readonly string[];
  /** When a token ends. */
  readonly expiresAt?: () => string;
  readonly tls?: { readonly cert: string; readonly key: string };
}

export interface FakeOpenStack {
  readonly authUrl: string;
  readonly url: string;
  /** Each request: method, path and query. */
  readonly seen: string[];
  /** The most requests that were under way at once. */
  most(): number;
  close(): Promise<void>;
}

const usualServices = ['identity', 'compute', 'placement', 'image'];
const prefixes: Readonly<Record<string, string>> = {
  identity: '/identity/v3',
  compute: '/compute/v2.1',
  placement: '/placement',
  image: '/image/v2',
  network: '/network/v2.0',
  volumev3: '/volume/v3/project-1',
};

/** A cloud on a port of its own: Keystone v3 with a catalog, and the services that its `api` answers for. */
export async function startFake(options: FakeOptions): Promise<FakeOpenStack> {
  const seen: string[] = [];
  const faults = (options.faults ?? []).map((fault) => ({ ...fault, left: fault.times ?? 1 }));
  const tokens = new Set<string>();
  let running = 0;
  let most = 0;

  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    running += 1;
    most = Math.max(most, running);
    response.on('close', () => (running -= 1));
    answer(request, response).catch((error: unknown) => {
      response.statusCode = 599;
      response.end(String(error));
    });
  };
  const server =
    options.tls === undefined
      ? createServer(listener)
      : https.createServer(
          { cert: readFileSync(options.tls.cert), key: readFileSync(options.tls.key) },
          listener,
        );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (!isInet(address)) throw new Error('no port');
  const url = `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${address.port}`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const line = `${request.method ?? ''} ${request.url ?? ''}`;
    seen.push(line);
    const fault = faults.find(({ left, on }) => left > 0 && line.includes(on));
    if (fault !== undefined) {
      fault.left -= 1;
      if (misbehave(fault.does, response)) return;
    }
    const body = await text(request);
    const send: Send = (status, value, headers = {}) => {
      response.writeHead(status, {
        'content-type': 'application/json',
        'x-openstack-request-id': `req-${seen.length}`,
        ...headers,
      });
      response.end(value === undefined ? '' : JSON.stringify(value));
    };
    if (line === 'POST /identity/v3/auth/tokens') {
      issue(body, send);
      return;
    }
    const token = request.headers['x-auth-token'];
    if (typeof token !== 'string' || !tokens.has(token)) {
      send(401, { error: { code: 401, message: `The request ${String(token)} needs authentication.` } });
      return;
    }
    await serve(request, line, body, send);
  }

  function misbehave(does: Fault['does'], response: ServerResponse): boolean {
    switch (does.kind) {
      case 'answer':
        response.writeHead(does.status, does.headers ?? {});
        response.end(does.text ?? '');
        return true;
      case 'reset':
        response.socket?.destroy();
        return true;
      case 'cut':
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
        response.write('{"servers": [');
        setTimeout(() => response.socket?.destroy(), 5);
        return true;
      case 'hang':
        return true;
      case 'expire':
        tokens.clear();
        return false;
    }
  }

  type Send = (status: number, value: unknown, headers?: Readonly<Record<string, string>>) => void;

  function issue(body: string, send: Send): void {
    const request: unknown = JSON.parse(body);
    if (!acceptsIdentity(options.account, request)) {
      send(401, { error: { code: 401, title: 'Unauthorized', message: `Not accepted: ${body}` } });
      return;
    }
    const token = `${options.account.tokenPrefix}-${seen.length}`;
    tokens.add(token);
    const catalog = (options.services ?? usualServices).map((type) => ({
      type,
      endpoints: ['RegionOne', 'RegionTwo'].flatMap((region) =>
        ['public', 'internal', 'admin'].map((face) => ({
          interface: face,
          region,
          region_id: region,
          url: region === 'RegionOne' ? `${url}${prefixes[type] ?? `/${type}`}` : `${url}/elsewhere/${type}`,
        })),
      ),
    }));
    const expires = options.expiresAt?.() ?? '2126-01-01T00:00:00.000000Z';
    const user = { name: 'planner' };
    const project = { id: 'project-1', name: 'admin' };
    const roles = [{ name: 'admin' }];
    send(
      201,
      { token: { expires_at: expires, user, project, roles, catalog } },
      { 'x-subject-token': token },
    );
  }

  async function serve(request: IncomingMessage, line: string, body: string, send: Send): Promise<void> {
    const { pathname, searchParams: query } = new URL(request.url ?? '', url);
    const [service, prefix] = Object.entries(prefixes).find(([, each]) => pathname.startsWith(each)) ?? [
      '',
      '',
    ];
    const path = pathname.slice(prefix.length);
    const most = service === 'compute' ? (options.compute ?? '2.93') : (options.placement ?? '1.39');
    if (path === '/' && (service === 'compute' || service === 'placement')) {
      const version = {
        id: 'v2.1',
        version: most,
        max_version: most,
        min_version: service === 'compute' ? '2.1' : '1.0',
      };
      send(200, service === 'compute' ? { version } : { versions: [version] });
      return;
    }
    const microversion = String(request.headers['openstack-api-version'] ?? '').split(' ')[1];
    if (microversion !== undefined && minor(microversion) > minor(most)) {
      send(406, {
        computeFault: { code: 406, message: `Version ${microversion} is not supported by the API.` },
      });
      return;
    }
    const method = line.split(' ')[0] ?? '';
    const found = await options.api({ service, method, path, query, microversion, body });
    if (found === undefined)
      send(404, { itemNotFound: { code: 404, message: 'The resource could not be found.' } });
    else send(found.status, found.body, found.headers);
  }

  return {
    url,
    authUrl: `${url}/identity`,
    seen,
    most: () => most,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

const minor = (version: string): number => Number(version.split('.')[1]);

const isInet = (address: string | AddressInfo | null): address is AddressInfo =>
  typeof address === 'object' && address !== null;
