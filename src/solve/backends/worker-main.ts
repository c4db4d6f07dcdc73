import { parentPort } from 'node:worker_threads';
import { invariant } from '../../shared/invariant.ts';
import type { Engine, Watch } from './engine.ts';
import { type Reply, type Request, isRequest, openControl } from './protocol.ts';

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
        const watch = createWatch(message, send);
        if (watch.isCancelled()) return;
        send({ kind: 'started', id: message.id });
        send({ kind: 'claimed', id: message.id, claim: loaded.solve(message.task, watch) });
      })
      .catch((error: unknown) => {
        send({ kind: 'failed', id: message.id, message: firstLine(error) });
      });
  });
}

function createWatch({ id, control }: Request, send: (reply: Reply) => void): Watch {
  const { cancel, bound } = openControl(control);
  return {
    isCancelled: () => Atomics.load(cancel, 0) === 1,
    onIncumbent: (values) => {
      send({ kind: 'incumbent', id, values });
    },
    onBound: (value) => {
      bound[0] = value;
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
