import { parentPort } from 'node:worker_threads';
import { invariant } from '../../shared/invariant.ts';
import type { Engine, Watch } from './engine.ts';
import { type Control, openControl } from './control.ts';
import { type Reply, isRequest } from './protocol.ts';

/**
 * The life of a worker: loads its solver at the first request, then answers one request after the other. Called by
 * the `*-worker.ts` files, which are the entries of worker threads; nothing else may import those.
 */
export function serveEngine(load: () => Promise<Engine>): void {
  const port = parentPort;
  invariant(port !== null, 'a solver worker was imported outside of a worker thread');
  silenceStdout();
  const send = (reply: Reply): void => {
    port.postMessage(reply);
  };
  let engine: Promise<Engine> | undefined;
  port.on('message', (message: unknown) => {
    invariant(isRequest(message), 'a solver worker was sent something that is no request');
    engine ??= load();
    engine
      .then((loaded) => {
        const { id, task } = message;
        const control = openControl(message.control);
        if (!control.begin()) return;
        send({ kind: 'started', id });
        send({ kind: 'claimed', id, claim: loaded.solve(task, createWatch(id, control, send)) });
      })
      .catch((error: unknown) => {
        send({ kind: 'failed', id: message.id, message: firstLine(error) });
      });
  });
}

function createWatch(id: number, control: Control, send: (reply: Reply) => void): Watch {
  return {
    isCancelled: () => control.isCancelled(),
    onIncumbent: (values) => {
      send({ kind: 'incumbent', id, values });
    },
    onBound: (bound) => {
      control.setBound(bound);
    },
  };
}

/** Stdout belongs to results. A worker's writes would also wait for the main thread, and so keep the process alive. */
function silenceStdout(): void {
  process.stdout.write = () => true;
}

function firstLine(error: unknown): string {
  return String(error).split('\n', 1).join('').slice(0, 500);
}
