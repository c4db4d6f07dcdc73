import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import type { Task } from '../../../src/solve/backends/engine.ts';
import { runTask } from '../../../src/solve/backends/run-task.ts';
import { knapsack } from './models.ts';

const task: Task = {
  program: knapsack(1, 3),
  limits: { nodes: 1, simplexIterations: 1, timeLimitSeconds: Infinity, relativeGap: 0, absoluteGap: 0 },
};

/** Runs the task on a worker whose whole life is this code; `request` is what it was sent. */
async function runOn(
  code: string,
  signal: AbortSignal,
  limits: Partial<Task['limits']> = {},
  onBusy: () => void = () => undefined,
) {
  const body = `const { parentPort } = require('node:worker_threads');
    parentPort.on('message', (request) => { const { id, control } = request; ${code} });`;
  const worker = new Worker(body, { eval: true });
  let messages = 0;
  worker.on('message', () => {
    messages += 1;
    if (messages === 3) setImmediate(onBusy);
  });
  let drops = 0;
  const drop = async (): Promise<void> => {
    drops += 1;
    await worker.terminate();
  };
  const limited = { ...task, limits: { ...task.limits, ...limits } };
  const outcome = await runTask({ id: 7, task: limited, signal, worker, drop });
  await worker.terminate();
  return { outcome, drops };
}

const never = (): AbortSignal => new AbortController().signal;

/** A worker that started, found something, and listens to nobody any more. */
const deaf = `
  new Int32Array(control, 0, 1)[0] = 1;
  parentPort.postMessage({ kind: 'started', id });
  new Float64Array(control, 8, 1)[0] = -40;
  parentPort.postMessage({ kind: 'incumbent', id, values: Float64Array.of(0, 0, 0) });
  parentPort.postMessage({ kind: 'incumbent', id, values: Float64Array.of(0, 1, 0) });
  for (;;);`;

describe('runTask', () => {
  it('hands on what the worker claims, and leaves the worker alone', async () => {
    const claim = { says: 'optimal', values: Float64Array.of(1, 0, 1), bound: -3 };

    const { outcome, drops } = await runOn(
      `parentPort.postMessage({ kind: 'failed', id: id - 1, message: 'of another task' });
       parentPort.postMessage({ kind: 'started', id });
       parentPort.postMessage({ kind: 'claimed', id, claim: { says: 'optimal', values: Float64Array.of(1, 0, 1), bound: -3 } });`,
      never(),
    );

    expect(outcome).toEqual({ claim });
    expect(drops).toBe(0);
  });

  it.each([
    ['that ends', 'process.exit(3)', 'its worker ended with code 3'],
    ['that crashes', "throw new Error('out of order')", 'its worker broke: Error: out of order'],
    [
      'whose solver broke',
      "parentPort.postMessage({ kind: 'failed', id, message: 'abort()' })",
      'it broke: abort()',
    ],
    [
      'that babbles',
      "parentPort.postMessage({ kind: 'claimed', id })",
      'its worker sent something that is no reply',
    ],
  ])('says what happened to a worker %s, and drops it', async (_, code, reason) => {
    const { outcome, drops } = await runOn(code, never());

    expect(outcome).toEqual({ claim: { says: 'stopped', stoppedBy: 'failure' }, reason });
    expect(drops).toBe(1);
  });

  it('keeps the best of a worker that does not hear that it is cancelled', async () => {
    const controller = new AbortController();

    const { outcome, drops } = await runOn(deaf, controller.signal, {}, () => {
      controller.abort();
    });

    expect(drops).toBe(1);
    expect(outcome).toEqual({
      claim: { says: 'stopped', stoppedBy: 'cancel', values: Float64Array.of(0, 1, 0), bound: -40 },
    });
  });

  it('keeps the best of a worker that does not notice that its time is over', async () => {
    const { outcome } = await runOn(deaf, never(), { timeLimitSeconds: 0.1 });

    expect(outcome).toEqual({
      claim: { says: 'stopped', stoppedBy: 'time', values: Float64Array.of(0, 1, 0), bound: -40 },
    });
  });

  it('does not wait for a worker that has not started when it is cancelled', async () => {
    const controller = new AbortController();
    setTimeout(() => {
      controller.abort();
    }, 50);

    const { outcome, drops } = await runOn('', controller.signal);

    expect(outcome).toEqual({ claim: { says: 'stopped', stoppedBy: 'cancel' } });
    expect(drops).toBe(0);
  });
});
