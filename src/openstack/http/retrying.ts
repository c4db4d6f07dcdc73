import type { Rng } from '../../shared/rng.ts';
import { type HttpReply, type HttpRequest, type Transport, TransportError } from './transport.ts';

export interface RetryOptions {
  /** Tries in all. */
  readonly tries: number;
  /** The wait before the second try; doubled for each further one. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** Tries in all where no connection is made to who has never answered: a wrong address is no moment's fault. */
  readonly strangerTries: number;
}

export interface RetryMeans {
  readonly transport: Transport;
  readonly options: RetryOptions;
  readonly sleep: (ms: number) => Promise<void>;
  readonly rng: Rng;
  readonly onTry: (again: boolean) => void;
  /** Told why the request is sent again, and after how long. */
  readonly onWait: (why: string, ms: number) => void;
  /** Whether the service has ever answered; and told that it has. */
  readonly known: () => boolean;
  readonly onAnswer: () => void;
  /** Whether to send it twice does no harm. */
  readonly repeatable: boolean;
}

/** Methods that change nothing. */
export const isSafe = ({ method }: HttpRequest): boolean => method === 'GET' || method === 'HEAD';

/**
 * Sends a request, again where that may help and does no harm. A repeatable request is sent again after 429 and 5xx
 * answers and where no answer came; any other only after 429, which is said before anything is done. Waits grow twofold, by
 * chance between half and the whole; a `Retry-After` counts where it is longer, up to the longest wait.
 *
 * @throws TransportError of the last try.
 */
export async function sendWithRetries(request: HttpRequest, means: RetryMeans): Promise<HttpReply> {
  const { options } = means;
  for (let tries = 1; ; tries += 1) {
    means.onTry(tries > 1);
    const outcome = await attempt(request, means.transport);
    if ('reply' in outcome) means.onAnswer();
    const stranger = 'error' in outcome && outcome.error.fault === 'unreachable' && !means.known();
    const most = stranger ? Math.min(options.tries, options.strangerTries) : options.tries;
    if (tries >= most || !mayHelp(request, outcome, means.repeatable)) return settle(outcome);
    const ms = waitMs(tries, outcome, means);
    means.onWait('error' in outcome ? outcome.error.message : `HTTP ${outcome.reply.status}`, ms);
    await means.sleep(ms);
  }
}

type Outcome = { readonly reply: HttpReply } | { readonly error: TransportError };

async function attempt(request: HttpRequest, transport: Transport): Promise<Outcome> {
  try {
    return { reply: await transport.send(request) };
  } catch (error) {
    if (error instanceof TransportError) return { error };
    throw error;
  }
}

function settle(outcome: Outcome): HttpReply {
  if ('error' in outcome) throw outcome.error;
  return outcome.reply;
}

const passing: ReadonlySet<number> = new Set([500, 502, 503, 504]);
const passingFaults: ReadonlySet<string> = new Set(['unreachable', 'lost', 'timeout']);

function mayHelp({ signal }: HttpRequest, outcome: Outcome, repeatable: boolean): boolean {
  if (signal?.aborted === true) return false;
  if ('error' in outcome) return repeatable && passingFaults.has(outcome.error.fault);
  const { headers, status } = outcome.reply;
  if (status === 429 || (status === 413 && headers['retry-after'] !== undefined)) return true;
  return repeatable && passing.has(status);
}

function waitMs(tries: number, outcome: Outcome, { options, rng }: RetryMeans): number {
  const grown = Math.min(options.longestWaitMs, options.firstWaitMs * 2 ** (tries - 1));
  const wait = grown * (0.5 + rng.nextFloat() / 2);
  const asked = 'reply' in outcome ? retryAfterMs(outcome.reply.headers['retry-after']) : 0;
  return Math.round(Math.max(wait, Math.min(asked, options.longestWaitMs)));
}

/** Seconds only: the other form, a date, is not used by OpenStack's services. */
const retryAfterMs = (text: string | undefined): number =>
  text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) * 1000 : 0;
