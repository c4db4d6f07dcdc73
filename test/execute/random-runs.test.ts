import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import type { Disruption } from '../../src/constraints/context.ts';
import { memoryJournal } from '../../src/execute/journal/journal-file.ts';
import { runStateOf } from '../../src/execute/runner/run-state.ts';
import type { FaultRates } from '../../src/execute/simulated/faults.ts';
import type { Goal } from '../../src/objective/goal.ts';
import { isMigration } from '../../src/plan/run-steps.ts';
import { createRng } from '../../src/shared/rng.ts';
import { createBackend } from '../../src/solve/backends/registry.ts';
import { aContext } from '../support/builders.ts';
import { balance, consolidate, plan } from '../support/planning.ts';
import { cloudOf, cloudShapes } from '../support/random-cloud.ts';
import { killer, Killed } from './killer.ts';
import { run, simulate } from './simulate.ts';
import { toldArrived, watchRequests } from './watch-requests.ts';

const backend = createBackend('highs');
afterAll(() => backend.close());

const allow: readonly Disruption[] = ['cold', 'nic-detach'];
const rates: fc.Arbitrary<FaultRates> = fc.constantFrom<FaultRates>(
  {},
  { 'lose-request': 0.3, 'lose-answer': 0.3 },
  { stall: 0.3, 'lose-request': 0.3, 'lose-answer': 0.3 },
  { refuse: 0.3, pre: 0.1, running: 0.2, slow: 0.2 },
  { post: 0.1, crash: 0.1, confirm: 0.1, 'lose-answer': 0.2 },
);
const goals = fc.constantFrom<Goal>(consolidate, balance);
const seeds = fc.integer({ min: 0, max: 1_000_000 });

it('whatever the plan, the faults and the kills, nothing is begun twice that went well, and nothing is lost', async () => {
  let kills = 0;
  await fc.assert(
    fc.asyncProperty(cloudShapes(), goals, rates, seeds, async (shape, goal, chances, seed) => {
      const cloud = cloudOf(shape);
      const context = aContext(cloud, { allow });
      const outcome = await plan(cloud, goal, backend, { allow, effort: 2 });
      if (outcome.kind !== 'planned') return;
      const simulated = simulate(outcome.plan, context, { seed, rates: chances });
      const watched = watchRequests(simulated.driver);
      const journal = memoryJournal(() => new Date(simulated.clock.now()).toISOString());
      const rng = createRng(seed);
      const settings = { onFailure: 'continue', maxFailures: 1000, timeoutSeconds: 120 } as const;

      for (let tries = 0; tries < 8; tries += 1) {
        const kill = killer(1 + rng.nextInt(14));
        try {
          await run(outcome.plan, simulated, {
            journal: kill.journal(journal),
            driver: kill.driver(watched.driver),
            settings,
          });
        } catch (error) {
          if (!(error instanceof Killed)) throw error;
          kills += 1;
        }
        await simulated.clock.sleep(rng.nextInt(60));
      }
      const { state } = await run(outcome.plan, simulated, { journal, driver: watched.driver, settings });

      // Whoever knows what is on its way asks for nothing that Nova has to refuse, nor for what it would do once more.
      expect(watched.twice).toEqual([]);
      expect(watched.refused).toEqual([]);
      expect(toldArrived(journal.entries, outcome.plan.steps)).toEqual(watched.arrived.toSorted());
      expect(state).toEqual(runStateOf(journal.entries, outcome.plan.steps));
      for (const step of outcome.plan.steps.filter(isMigration)) {
        const { server, migrations } = await simulated.driver.look(step.server);
        const well = migrations.filter(
          ({ status, source, destination }) =>
            ['completed', 'confirmed', 'finished'].includes(status) &&
            source === step.from &&
            destination === step.to,
        );
        expect(well.length, step.id).toBeLessThanOrEqual(1);
        const phase = state.steps.get(step.id)?.phase ?? 'waiting';
        expect(phase, step.id).not.toBe('running');
        if (phase === 'done') expect(well, step.id).toHaveLength(1);
        else if (server?.status !== 'ERROR') expect(well, step.id).toEqual([]);
      }
    }),
    { numRuns: 40, seed: 21 },
  );
  expect(kills).toBeGreaterThan(60);
});
