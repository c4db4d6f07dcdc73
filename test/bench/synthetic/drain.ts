import { createBackend } from '../../../src/solve/backends/registry.ts';
import { solvePlacement } from '../../../src/solve/solve.ts';
import { at } from '../../../src/shared/at.ts';
import { clockOf, peakMiB, startMeter } from '../support/meter.ts';
import { hostsOf, migration, toProblem } from './adapter.ts';
import { chooseCells } from './cells.ts';
import { loadGenerator } from './generator.ts';

/** Empties one host of a cloud at the least cost; the time is that of solving, after the cloud was loaded. */
export async function runDrain(hosts: number, servers: number, seed: number) {
  const { generate, evaluate } = await loadGenerator();
  const instance = generate(hosts, servers, seed, 0.6);
  const drained = at(instance.loc0, 0) >> 1;
  const problem = toProblem(instance, [migration], [drained]);
  const backend = createBackend('highs');
  const meter = startMeter();
  const outcome = await solvePlacement(problem, backend, {
    effort: 20,
    seed,
    timeLimitSeconds: 60,
    now: clockOf('cpu'),
  });
  const spent = meter();
  await backend.close();
  const places = 'assignment' in outcome ? chooseCells(instance, hostsOf(outcome.assignment)) : instance.loc0;
  const verdict = evaluate(instance, places, 'a');
  const left = places.reduce((count, place) => count + (place >> 1 === drained ? 1 : 0), 0);
  return {
    /** Host and NUMA cell of each server after it. */
    places,
    outcome: outcome.kind,
    method: outcome.method,
    objective: verdict.mig,
    ...('bound' in outcome ? { bound: outcome.bound } : {}),
    broken: verdict.bad + left,
    spent,
    peakMiB: peakMiB(),
  };
}
