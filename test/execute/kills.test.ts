import { describe, expect, it } from 'vitest';
import { memoryJournal } from '../../src/execute/journal/journal-file.ts';
import type { RunSettings } from '../../src/execute/runner/settings.ts';
import type { ServerFault } from '../../src/execute/simulated/faults.ts';
import type { Simulated } from '../../src/execute/simulated/simulated-driver.ts';
import { isMigration } from '../../src/plan/run-steps.ts';
import { serverId } from '../support/builders.ts';
import { cloud, context, plan } from './sample.ts';
import { Killed, killer } from './killer.ts';
import { phases, run, seen, simulate, told } from './simulate.ts';
import { toldArrived, watchRequests } from './watch-requests.ts';

const clockOf = (simulated: Simulated) => () => new Date(simulated.clock.now()).toISOString();

/** Kills a run at an instant, and goes on with its journal; undefined when it ended before that. */
async function killAndResume(
  at: number,
  pause: number,
  faults: readonly ServerFault[] = [],
  timeout: Partial<RunSettings> = {},
) {
  const simulated = simulate(plan, context, { faults });
  const watched = watchRequests(simulated.driver);
  const kill = killer(at);
  const journal = memoryJournal(clockOf(simulated));
  const outcome = await run(plan, simulated, {
    journal: kill.journal(journal),
    driver: kill.driver(watched.driver),
    settings: timeout,
  }).then(
    () => 'ended',
    (error: unknown) => {
      if (error instanceof Killed) return 'killed';
      throw error;
    },
  );
  if (outcome === 'ended') return undefined;
  await simulated.clock.sleep(pause);
  const settings = { onFailure: 'continue', maxFailures: 100, ...timeout } as const;
  const resumed = await run(plan, simulated, { journal, driver: watched.driver, settings });
  expect(watched.twice, `killed at ${at}`).toEqual([]);
  expect(watched.refused, `killed at ${at}`).toEqual([]);
  const arrived = watched.arrived.toSorted();
  expect(toldArrived(journal.entries, plan.steps), `killed at ${at}`).toEqual(arrived);
  return { simulated, ...resumed };
}

/** Every migration that was begun, as the cloud has it. */
async function begun(simulated: Simulated): Promise<readonly string[]> {
  const looks = await Promise.all(
    [...cloud.servers.keys()].map(async (id) => ({ id, ...(await seen(simulated.driver, id)) })),
  );
  return looks.flatMap(({ id, actions }) =>
    actions.filter(({ action }) => action !== 'create').map(({ action }) => `${id} ${action}`),
  );
}

const all = ['a live-migration', 'b live-migration', 'c confirmResize', 'c migrate', 'd live-migration'];

describe('a run that is killed', () => {
  it.each([0, 3, 500])('repeats and forgets nothing, whatever the instant, %i s later', async (pause) => {
    let instants = 0;
    for (let at = 1; ; at += 1) {
      const resumed = await killAndResume(at, pause);
      if (resumed === undefined) break;
      instants = at;
      expect(phases(plan, resumed.state), `killed at ${at}`).toEqual(
        ['d1', 'm1', 'm2', 'm3', 'm4', 'c5'].map((id) => `${id} done`),
      );
      expect((await begun(resumed.simulated)).toSorted(), `killed at ${at}`).toEqual(all);
      for (const step of plan.steps.filter(isMigration))
        expect(await seen(resumed.simulated.driver, step.server)).toMatchObject({
          host: step.to,
          status: 'ACTIVE',
        });
    }
    expect(instants).toBeGreaterThan(60);
  });

  it('knows a migration whose answer was lost from one that never arrived', async () => {
    for (const kind of ['lose-request', 'lose-answer'] as const)
      for (let at = 1; ; at += 1) {
        const faults = ['a', 'b', 'c', 'd'].map((server) => ({ server, kind }));
        const resumed = await killAndResume(at, 0, faults);
        if (resumed === undefined) break;
        expect(resumed.state.ended?.outcome, `${kind}, killed at ${at}`).toBe('done');
        expect((await begun(resumed.simulated)).toSorted(), `${kind}, killed at ${at}`).toEqual(all);
      }
  });

  it.each(['lose-request', 'lose-answer'] as const)(
    'neither repeats nor forgets an abort, though the requests of its server get lost (%s)',
    async (kind) => {
      const faults = [
        { server: 'a', kind: 'stall', times: 99 },
        { server: 'a', kind, times: 3 },
      ] as const;
      for (let at = 1; ; at += 2) {
        const resumed = await killAndResume(at, 0, faults, { timeoutSeconds: 100 });
        if (resumed === undefined) break;
        const asked = (await begun(resumed.simulated)).filter((text) => text.startsWith('a '));
        const aborted = asked.filter((text) => text === 'a live_migration_cancel');
        expect(aborted.length, `killed at ${at}`).toBeGreaterThan(0);
        expect(asked, `killed at ${at}`).toHaveLength(2 * aborted.length);
        expect(await seen(resumed.simulated.driver, serverId('a')), `killed at ${at}`).toMatchObject({
          ...{ host: 'h1', status: 'ACTIVE' },
        });
      }
    },
  );

  it.each(['refuse', 'pre', 'running'] as const)(
    'begins what failed (%s) once more, and nothing else',
    async (kind) => {
      for (let at = 1; ; at += 1) {
        const resumed = await killAndResume(at, 0, [{ server: 'a', kind }]);
        if (resumed === undefined) break;
        const twice = (await begun(resumed.simulated)).filter((text) => text === 'a live-migration');
        expect(twice.length, `killed at ${at}`).toBeLessThanOrEqual(2);
        const rest = (await begun(resumed.simulated)).filter((text) => !text.startsWith('a '));
        expect(new Set(rest).size, `killed at ${at}`).toBe(rest.length);
        if (resumed.state.ended?.outcome === 'done')
          expect(await seen(resumed.simulated.driver, serverId('a'))).toMatchObject({ host: 'h2' });
        else expect(told(resumed.journal, 'step-failed').length).toBeGreaterThan(0);
      }
    },
  );
});
