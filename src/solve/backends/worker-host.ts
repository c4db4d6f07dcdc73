import { Worker } from 'node:worker_threads';
import type { Task } from './engine.ts';
import { type Outcome, cancelled, runTask } from './run-task.ts';

/** Runs tasks one after the other on one worker thread, which it starts when needed and replaces when lost. */
export interface WorkerHost {
  run(task: Task, signal: AbortSignal): Promise<Outcome>;
  /** Ends the worker; the task that it was at is to be cancelled first. */
  close(): Promise<void>;
}

/**
 * A host for the worker whose entry is `<name>-worker`, beside this file. An idle worker does not keep the process
 * alive; one at work does.
 */
function createWorkerHost(name: string): WorkerHost {
  let worker: Worker | undefined;
  let lastId = 0;
  let queue: Promise<unknown> = Promise.resolve();

  const start = (): Worker => {
    if (worker !== undefined) return worker;
    const started = startWorker(name);
    started.on('exit', () => {
      if (worker === started) worker = undefined;
    });
    worker = started;
    return started;
  };
  const drop = async (): Promise<void> => {
    const dropped = worker;
    worker = undefined;
    await dropped?.terminate();
  };
  const runInTurn = async (turn: Promise<unknown>, task: Task, signal: AbortSignal): Promise<Outcome> => {
    const asked = performance.now();
    await Promise.race([turn, whenAborted(signal)]);
    if (signal.aborted) return cancelled;
    lastId += 1;
    const waited = (performance.now() - asked) / 1000;
    return runTask({ id: lastId, task: sooner(task, waited), signal, worker: start(), drop });
  };

  return {
    run(task, signal) {
      const outcome = runInTurn(queue, task, signal);
      queue = Promise.allSettled([queue, outcome]);
      return outcome;
    },
    close: drop,
  };
}

/** The same task when so many seconds of its time have passed. */
const sooner = (task: Task, seconds: number): Task => ({
  ...task,
  limits: { ...task.limits, timeLimitSeconds: Math.max(0, task.limits.timeLimitSeconds - seconds) },
});

/** Hosts for up to so many workers: a task goes to the first that is idle, else to the one with least to do. */
export function createWorkerHosts(name: string, most: number): WorkerHost {
  const hosts: { readonly host: WorkerHost; tasks: number }[] = [];
  const leastBusy = () => {
    const [first] = hosts.toSorted((a, b) => a.tasks - b.tasks);
    if (first !== undefined && (first.tasks === 0 || hosts.length >= most)) return first;
    const added = { host: createWorkerHost(name), tasks: 0 };
    hosts.push(added);
    return added;
  };
  return {
    async run(task, signal) {
      const chosen = leastBusy();
      chosen.tasks += 1;
      try {
        return await chosen.host.run(task, signal);
      } finally {
        chosen.tasks -= 1;
      }
    },
    async close() {
      await Promise.all(hosts.map(({ host }) => host.close()));
    },
  };
}

const whenAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });

/**
 * Starts the entry that stands beside this file: as `.js` in an installed package. From sources it is `.ts`, which
 * Node 20 cannot load, and which `--import tsx` in `execArgv` does not change inside a worker: there, a line of
 * JavaScript registers tsx first.
 */
function startWorker(name: string): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  const entry = new URL(`./${name}-worker.${isSource ? 'ts' : 'js'}`, import.meta.url);
  const worker = isSource ? startFromSource(entry) : new Worker(entry);
  worker.on('error', () => undefined); // an idle worker that breaks is noticed at the next task
  return worker;
}

function startFromSource(entry: URL): Worker {
  const tsx = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const load = `import(${tsx}).then((tsx) => { tsx.register(); return import(${JSON.stringify(entry.href)}); })`;
  return new Worker(load, { eval: true });
}
