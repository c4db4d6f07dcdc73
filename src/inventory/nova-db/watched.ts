import { type Diagnostic, InputError } from '../../shared/diagnostic.ts';
import { silenceSeconds } from './database.ts';

/** The same items, ended with an error where the next one does not come for too long, or somebody has had enough. */
export async function* watched<Item>(
  items: AsyncIterable<Item>,
  signal: AbortSignal | undefined,
  seconds: number = silenceSeconds,
): AsyncGenerator<Item> {
  const iterator = items[Symbol.asyncIterator]();
  for (;;) {
    const next = await within(iterator.next(), signal, seconds);
    if (next.done === true) return;
    yield next.value;
  }
}

/** An answer that must come in time. */
export function within<Value>(
  promise: Promise<Value>,
  signal: AbortSignal | undefined,
  seconds: number = silenceSeconds,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      end();
      reject(new InputError([interrupted]));
    };
    const timer = setTimeout(() => {
      end();
      reject(new InputError([silent(seconds)]));
    }, seconds * 1000);
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    };
    if (signal?.aborted === true) {
      stop();
      promise.catch(() => undefined);
      return;
    }
    signal?.addEventListener('abort', stop);
    promise.then(resolve, reject).finally(end);
  });
}

const interrupted: Diagnostic = {
  code: 'nova-db.interrupted',
  severity: 'error',
  summary: 'the database was not read to its end: interrupted',
  source: '--nova-db',
};

const silent = (seconds: number): Diagnostic => ({
  code: 'nova-db.silent',
  severity: 'error',
  summary: `the database has said nothing for ${seconds} s`,
  source: '--nova-db',
  limit: seconds,
  hint: 'it may be locked or overloaded: try again when it is not, or read a replica',
});
