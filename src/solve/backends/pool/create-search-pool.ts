import { setImmediate } from 'node:timers/promises';
import { Tinypool } from 'tinypool';
import { type PortableProblem, toPortable } from '../../compile/portable.ts';
import { type SearchCrew, type SearchPool, searchHere } from '../../search/search-pool.ts';
import type { SearchOrder, SearchReport } from '../../search/searchers.ts';
import type { OpenTask, RoundTask } from './search-worker.ts';

/**
 * A pool of so many threads. With one, searchers run in this one. Else workers start with the first round of a crew; a
 * searcher stays with its worker, which holds its state.
 */
export function createSearchPool(threads: number): SearchPool {
  if (threads <= 1) return searchHere(setImmediate);
  const workers = new Map<number, Tinypool>();
  let crews = 0;
  const workerAt = (index: number): Tinypool => {
    const worker = workers.get(index) ?? startWorker();
    workers.set(index, worker);
    return worker;
  };
  const restart = async (): Promise<void> => {
    const ended = [...workers.values()].map((worker) => worker.destroy());
    workers.clear();
    await Promise.all(ended);
  };
  return {
    open(problem, seed) {
      const crew = (crews += 1);
      const opened = new Map<number, Promise<unknown>>();
      let portable: PortableProblem | undefined;
      const opening = (index: number): Promise<unknown> => {
        const open = (): Promise<unknown> => {
          const task: OpenTask = { crew, problem: (portable ??= toPortable(problem)), seed };
          return workerAt(index).run(task, { name: 'open' });
        };
        const begun = opened.get(index) ?? open();
        opened.set(index, begun);
        return begun;
      };
      return {
        round: (orders, signal) => runRound({ crew, threads, opening, workerAt, restart }, orders, signal),
        async close() {
          const left = [...opened.keys()].flatMap((index) => workers.get(index) ?? []);
          await Promise.all(left.map((worker): Promise<unknown> => worker.run({ crew }, { name: 'close' })));
        },
      };
    },
    pause: () => setImmediate(),
    close: restart,
  };
}

interface Means {
  readonly crew: number;
  readonly threads: number;
  readonly opening: (index: number) => Promise<unknown>;
  readonly workerAt: (index: number) => Tinypool;
  /** Ends all workers, whatever they are at. */
  readonly restart: () => Promise<void>;
}

async function runRound(
  { crew, threads, opening, workerAt, restart }: Means,
  orders: readonly SearchOrder[],
  signal: AbortSignal | undefined,
): ReturnType<SearchCrew['round']> {
  if (signal?.aborted === true) return undefined;
  const cancelled = whenAborted(signal);
  const lots = Array.from({ length: threads }, (_, index) =>
    orders.filter(({ searcher }) => searcher % threads === index),
  );
  const work = lots.map(async (lot, index): Promise<readonly SearchReport[]> => {
    if (lot.length === 0) return [];
    await opening(index);
    const task: RoundTask = { crew, orders: lot };
    return (await workerAt(index).run(task, { name: 'round' })) as readonly SearchReport[];
  });
  const done = await Promise.race([Promise.all(work), cancelled.promise]).finally(cancelled.forget);
  if (done === undefined) {
    void Promise.allSettled(work);
    await restart();
    return undefined;
  }
  return orders.map(({ searcher }) => {
    const lot = lots[searcher % threads] ?? [];
    return done[searcher % threads]?.[lot.findIndex((order) => order.searcher === searcher)] ?? {};
  });
}

function whenAborted(signal: AbortSignal | undefined) {
  let listener = (): void => undefined;
  const promise = new Promise<undefined>((resolve) => {
    listener = () => {
      resolve(undefined);
    };
    signal?.addEventListener('abort', listener);
  });
  return {
    promise,
    forget: () => {
      signal?.removeEventListener('abort', listener);
    },
  };
}

/**
 * One worker for the entry that stands beside this file: as `.js` in an installed package. From sources it is `.ts`,
 * which Node 20 cannot load by itself: there, the worker registers tsx first.
 */
function startWorker(): Tinypool {
  const isSource = import.meta.url.endsWith('.ts');
  return new Tinypool({
    filename: new URL(`./search-worker.${isSource ? 'ts' : 'js'}`, import.meta.url).href,
    minThreads: 1,
    maxThreads: 1,
    idleTimeout: Infinity,
    ...(isSource && { execArgv: ['--import', registerTsx()] }),
  });
}

function registerTsx(): string {
  const tsx = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  return `data:text/javascript,${encodeURIComponent(`import { register } from ${tsx}; register();`)}`;
}
