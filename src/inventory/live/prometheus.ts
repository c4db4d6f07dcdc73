import { sendWithRetries } from '../../openstack/http/retrying.ts';
import { type HttpReply, type Transport, TransportError } from '../../openstack/http/transport.ts';
import { redact, Secret } from '../../openstack/secret.ts';
import { type Diagnostic, InputError } from '../../shared/diagnostic.ts';
import type { Rng } from '../../shared/rng.ts';
import type { MetricQuery } from './prometheus-queries.ts';
import { createRecording } from './recording.ts';

export interface MetricsOptions {
  /** Of Prometheus, up to `/api`; a user and password in it are sent as such. */
  readonly url: string;
  readonly queries: ReadonlyMap<string, MetricQuery>;
  /** The recording that they are for. */
  readonly directory: string;
  /** Milliseconds since 1970: the end of the day that is asked about. */
  readonly now: number;
  readonly transport: Transport;
  readonly sleep: (ms: number) => Promise<void>;
  readonly rng: Rng;
  readonly signal?: AbortSignal;
}

const daySeconds = 86_400;
const stepSeconds = 300;

/**
 * Asks Prometheus for the usage of hosts and servers in the last day, one query after the other, and keeps the answers
 * in `metrics/`. A query that Prometheus refuses is kept as its answer, and is a gap of the import.
 *
 * @throws InputError when there is no answer of Prometheus.
 */
export async function saveMetrics(options: MetricsOptions): Promise<void> {
  const { directory, queries } = options;
  const recording = createRecording(directory);
  for (const [name, query] of queries) {
    if (query.query === '') continue;
    await recording.save(`metrics/${name}.json`, await ask(name, query, options));
  }
}

async function ask(name: string, { query, range }: MetricQuery, options: MetricsOptions): Promise<unknown> {
  const { now, rng, signal, sleep, transport } = options;
  const { headers, secrets, url } = addressOf(options.url);
  const end = Math.floor(now / 1000);
  const times = range
    ? { start: String(end - daySeconds), end: String(end), step: String(stepSeconds) }
    : { time: String(end) };
  const path = range ? 'query_range' : 'query';
  const request = {
    method: 'GET',
    url: `${url}/api/v1/${path}?${new URLSearchParams({ query, ...times }).toString()}`,
    headers,
    ...(signal !== undefined && { signal }),
  } as const;
  try {
    const reply = await sendWithRetries(request, {
      transport,
      options: { tries: 4, firstWaitMs: 500, longestWaitMs: 10_000, strangerTries: 2 },
      sleep,
      rng,
      repeatable: true,
      onTry: () => undefined,
      onWait: () => undefined,
      known: () => false,
      onAnswer: () => undefined,
    });
    return answerOf(reply) ?? failed(url, `${name}: HTTP ${reply.status}, and no answer of Prometheus`);
  } catch (error) {
    if (error instanceof TransportError) return failed(url, redact(`${name}: ${error.message}`, secrets));
    throw error;
  }
}

interface Address {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly secrets: readonly Secret[];
}

/** The address without the user and password in it. */
function addressOf(text: string): Address {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) throw new InputError([noAddress]);
  const { password, username } = url;
  url.username = '';
  url.password = '';
  const pair = `${decoded(username)}:${decoded(password)}`;
  const authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  return {
    url: url.href.replace(/\/+$/, ''),
    headers: { accept: 'application/json', ...(username !== '' && { authorization }) },
    secrets: [new Secret(decoded(password)), new Secret(authorization)],
  };
}

/** A percent sign may stand for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Its own JSON, of success or of an error; anything else comes from a proxy. */
function answerOf({ text }: HttpReply): unknown {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && 'status' in body ? body : undefined;
  } catch {
    return undefined;
  }
}

function failed(url: string, summary: string): never {
  const problem: Diagnostic = {
    code: 'metrics.not-read',
    severity: 'error',
    summary: `Prometheus does not answer query ${summary}`,
    source: url,
    hint: 'check the address of --prometheus, and the way there',
  };
  throw new InputError([problem]);
}

const noAddress: Diagnostic = {
  code: 'usage.option',
  severity: 'error',
  summary: 'no web address',
  source: '--prometheus',
  hint: 'write it like http://prometheus:9090',
};
