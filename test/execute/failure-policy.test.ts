import { expect, it } from 'vitest';
import { planOf, move } from '../plan/small-plan.ts';
import { context, plan } from './sample.ts';
import { phases, run, simulate, told } from './simulate.ts';

const predicted = { cells: [], bytes: 0, seconds: { low: 1, expected: 60, high: 100 }, downtimeMs: 0 };

it('so many failures end a run that goes on after each', async () => {
  const apart = planOf([
    move('m1', 'a', 'h1', 'h3', { predicted }),
    move('m2', 'b', 'h1', 'h3', { predicted }),
    move('m3', 'c', 'h1', 'h3', { predicted }),
  ]);
  const faults = ['a', 'b'].map((server) => ({ server, kind: 'running' as const }));
  const go = (maxFailures: number) =>
    run(apart, simulate(apart, context, { faults }), {
      settings: { onFailure: 'continue', maxFailures, maxParallel: 1 },
    });

  const three = await go(3);
  const two = await go(2);

  expect(phases(apart, three.state)).toEqual(['m1 failed', 'm2 failed', 'm3 done']);
  expect(phases(apart, two.state)).toEqual(['m1 failed', 'm2 failed', 'm3 waiting']);
  expect(two.state.stopping?.text).toContain('--max-failures');
});

it('services are as found after a failure and a stop, and as the plan says after the resume', async () => {
  const simulated = simulate(plan, context, { faults: [{ server: 'd', kind: 'running' }] });
  const status = async () => (await simulated.driver.services()).find(({ host }) => host === 'h1')?.status;

  const failed = await run(plan, simulated);
  const afterFailure = await status();
  const { journal } = failed;
  const until = simulated.elapsed() + 5;
  await run(plan, simulated, { journal, wish: () => (simulated.elapsed() > until ? 'stop' : 'go-on') });
  const afterStop = await status();
  const { state } = await run(plan, simulated, { journal });

  expect([afterFailure, afterStop]).toEqual(['enabled', 'enabled']);
  expect(told(journal, 'service-restored').map(({ host }) => host)).toEqual(['h1', 'h1']);
  expect(state.ended?.outcome).toBe('done');
  expect(await status()).toBe('disabled');
});
