import { readFileSync } from 'node:fs';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { InputError } from '../../shared/diagnostic.ts';
import type { TlsOptions } from '../credentials.ts';
import { pemProblem } from './pem.ts';
import { type HttpReply, type HttpRequest, type Transport, TransportError } from './transport.ts';

export interface HttpsTransportOptions {
  readonly tls: TlsOptions;
  /** For one whole answer. */
  readonly timeoutMs: number;
  /** For a connection, with its TLS; ten seconds by default. */
  readonly connectMs?: number;
  /** Connections to one service. */
  readonly connections: number;
  readonly maxReplyBytes: number;
}

/** A firewall that drops packets never says no. */
const usualConnectMs = 10_000;

/**
 * Node's own HTTP client with connections kept open. Answers come uncompressed; redirects are answers like others.
 *
 * @throws InputError when a PEM file cannot be read.
 */
export function createHttpsTransport(options: HttpsTransportOptions): Transport {
  const { tls, connections } = options;
  const keep = { keepAlive: true, maxSockets: connections, scheduling: 'lifo' as const };
  const plain = new http.Agent(keep);
  const secure = new https.Agent({
    ...keep,
    rejectUnauthorized: tls.verify,
    ...(tls.caFile !== undefined && { ca: pemIn('cacert', tls.caFile) }),
    ...(tls.certFile !== undefined && { cert: pemIn('cert', tls.certFile) }),
    ...(tls.keyFile !== undefined && { key: pemIn('key', tls.keyFile) }),
  });
  return {
    send: (request) => exchange(request, request.url.startsWith('https:') ? secure : plain, options),
    close() {
      plain.destroy();
      secure.destroy();
    },
  };
}

function pemIn(setting: 'cacert' | 'cert' | 'key', path: string): Buffer {
  const refuse = (summary: string, hint: string, cause?: unknown): never => {
    const problem = { code: 'cloud.tls-file', severity: 'error', summary, source: path, hint } as const;
    throw new InputError([problem], { cause });
  };
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    const hint = `write its whole path as ${setting} in clouds.yaml`;
    return refuse(`the file of ${setting} cannot be read: ${why}`, hint, error);
  }
  const problem = pemProblem(setting === 'key' ? 'key' : 'certificate', content.toString('latin1'));
  if (problem !== undefined)
    refuse(
      `the file of ${setting} is no good: ${problem}`,
      `name a file in PEM as ${setting} in clouds.yaml`,
    );
  return content;
}

function exchange(
  { body, headers, method, signal, url }: HttpRequest,
  agent: http.Agent,
  { connectMs = usualConnectMs, maxReplyBytes, timeoutMs }: HttpsTransportOptions,
): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    const sender = url.startsWith('https:') ? https : http;
    const late = AbortSignal.timeout(timeoutMs);
    const ends = signal === undefined ? late : AbortSignal.any([late, signal]);
    const fail = (error: unknown): void => {
      reject(toTransportError(error, { late: late.aborted, gaveUp: signal?.aborted === true, timeoutMs }));
    };
    const sent = {
      ...headers,
      ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
    };
    try {
      const request = sender.request(url, { method, agent, headers: sent, signal: ends }, (response) => {
        collect(response, maxReplyBytes).then(resolve, fail);
      });
      request.on('error', fail);
      request.on('socket', (socket) => {
        limitConnecting(request, socket, connectMs);
      });
      request.end(body);
    } catch (error) {
      fail(error);
    }
  });
}

/** Gives a request up whose new connection is not made in time: nothing of it has arrived then. */
function limitConnecting(request: http.ClientRequest, socket: Socket, connectMs: number): void {
  if (!socket.connecting) return;
  const late = setTimeout(() => {
    request.destroy(new TransportError('unreachable', `no connection within ${connectMs / 1000} s`));
  }, connectMs);
  const made = socket instanceof TLSSocket ? 'secureConnect' : 'connect';
  for (const event of [made, 'close'])
    socket.once(event, () => {
      clearTimeout(late);
    });
}

async function collect(response: IncomingMessage, most: number): Promise<HttpReply> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > most) {
      response.destroy();
      throw new TransportError('too-large', `the answer is longer than ${most} bytes`);
    }
    chunks.push(chunk);
  }
  if (!response.complete)
    throw new TransportError('lost', 'the connection broke in the middle of the answer');
  return {
    status: response.statusCode ?? 0,
    headers: Object.fromEntries(
      Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
    ),
    text: Buffer.concat(chunks).toString('utf8'),
  };
}

interface Circumstances {
  readonly late: boolean;
  readonly gaveUp: boolean;
  readonly timeoutMs: number;
}

const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ERR_INVALID_URL',
  'ERR_INVALID_PROTOCOL',
]);

const certificateCodes =
  /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|HOSTNAME_MISMATCH|EPROTO)/;

function toTransportError(error: unknown, { gaveUp, late, timeoutMs }: Circumstances): TransportError {
  if (gaveUp) return new TransportError('aborted', 'given up');
  if (late) return new TransportError('timeout', `no answer within ${timeoutMs / 1000} s`);
  if (error instanceof TransportError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (neverSent.has(code)) return new TransportError('unreachable', wordsOf(code));
  if (certificateCodes.test(code)) return new TransportError('untrusted', wordsOf(code));
  return new TransportError('lost', code === '' ? 'the connection broke' : `the connection broke (${code})`);
}

const words: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens there'],
  ['ENOTFOUND', 'the name does not resolve'],
  ['EAI_AGAIN', 'the name server does not answer'],
  ['EHOSTUNREACH', 'no route leads there'],
  ['ENETUNREACH', 'no route leads there'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is self-signed'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'its certificate comes from an authority that is not known'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'its certificate comes from an authority that is not known'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'its certificate comes from an authority that is not known'],
  ['CERT_HAS_EXPIRED', 'its certificate has expired'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for another name'],
]);

const wordsOf = (code: string): string => {
  const known = words.get(code);
  return known === undefined ? code : `${known} (${code})`;
};
