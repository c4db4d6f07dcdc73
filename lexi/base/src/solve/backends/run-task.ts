import type { Worker } from 'node:worker_threads';
import { createControl, openControl } from './control.ts';
import type { Claim, Task } from './engine.ts';
import { type Reply, isReply } from './protocol.ts';

/** What became of one task: the solver's claim, or the best that was known when its worker was ended or broke. */
export interface Outcome {
  readonly claim: Claim;
  /** What broke, in one line. */
  readonly reason?: string;
}

/** One task on a worker that does nothing else meanwhile. */
export interface Run {
  readonly id: number;
  readonly task: Task;
  readonly signal: AbortSignal;
  readonly worker: Worker;
  /** Ends the worker, so that the next task gets a new one. */
  readonly drop: () => Promise<void>;
}

/** The outcome of a task that was cancelled before a solver saw it. */
export const cancelled: Outcome = { claim: { says: 'stopped', stoppedBy: 'cancel' } };

/** A solver that does not stop by itself this long after it should is ended with its worker. */
const graceMilliseconds = 500;
const longestTimer = 2 ** 31 - 1; // milliseconds; Node takes more for 1

/** Runs a task to its end, or until it is cancelled, out of time, or its worker breaks. It never throws. */
export function runTask({ id, task, signal, worker, drop }: Run): Promise<Outcome> {
  return new Promise((resolve) => {
    const memory = createControl();
    const control = openControl(memory);
    const timers: NodeJS.Timeout[] = [];
    let incumbent: Float64Array | undefined;

    const finish = (outcome: Outcome): void => {
      timers.forEach(clearTimeout);
      signal.removeEventListener('abort', onAbort);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      worker.unref();
      resolve(outcome);
    };
    const giveUp = (stoppedBy: 'cancel' | 'time' | 'failure', reason?: string): void => {
      const claim = toClaim(stoppedBy, incumbent, control.getBound());
      finish({ claim, ...(reason === undefined ? {} : { reason }) });
      void drop();
    };
    const onAbort = (): void => {
      if (control.cancel()) timers.push(setTimeout(giveUp, graceMilliseconds, 'cancel'));
      else finish(cancelled); // the worker, which is still loading its solver, will skip the task
    };
    const onReply = (reply: Reply): void => {
      if (reply.kind === 'started') {
        const limit = task.limits.timeLimitSeconds * 1000 + graceMilliseconds;
        if (limit <= longestTimer) timers.push(setTimeout(giveUp, limit, 'time'));
      } else if (reply.kind === 'incumbent') incumbent = reply.values;
      else if (reply.kind === 'failed') giveUp('failure', `it broke: ${reply.message}`);
      else finish({ claim: reply.claim });
    };
    const onMessage = (message: unknown): void => {
      if (!isReply(message)) giveUp('failure', 'its worker sent something that is no reply');
      else if (message.id === id) onReply(message);
    };
    const onError = (error: unknown): void => {
      giveUp('failure', `its worker broke: ${String(error)}`);
    };
    const onExit = (code: number): void => {
      giveUp(signal.aborted ? 'cancel' : 'failure', `its worker ended with code ${code}`);
    };

    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.ref();
    signal.addEventListener('abort', onAbort);
    worker.postMessage({ id, task, control: memory });
  });
}

function toClaim(stoppedBy: 'cancel' | 'time' | 'failure', values?: Float64Array, bound = -Infinity): Claim {
  return {
    says: 'stopped',
    stoppedBy,
    ...(values === undefined ? {} : { values }),
    ...(Number.isFinite(bound) ? { bound } : {}),
  };
}
