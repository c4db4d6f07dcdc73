import { describe, expect, it } from 'vitest';
import { memoryJournal } from '../../src/execute/journal/journal-file.ts';
import type { Faults } from '../../src/execute/simulated/faults.ts';
import { replayJournal } from '../../src/execute/simulated/replay-journal.ts';
import type { Simulated } from '../../src/execute/simulated/simulated-driver.ts';
import { Killed, killer } from './killer.ts';
import { cloud, context, plan } from './sample.ts';
import { phases, run, seen, simulate } from './simulate.ts';

const clockOf = (simulated: Simulated) => () => new Date(simulated.clock.now()).toISOString();
const goOn = { onFailure: 'continue', maxFailures: 100 } as const;

/** Everything that a simulated cloud tells of its servers and services. */
const told = async (simulated: Simulated) => ({
  servers: await Promise.all([...cloud.servers.keys()].map((id) => seen(simulated.driver, id))),
  services: await simulated.driver.services(),
});

const where = async (simulated: Simulated) =>
  (await told(simulated)).servers.map(({ host, status }) => `${host ?? ''} ${status ?? ''}`);

/** What a run leaves in its journal when it is killed at an instant; undefined when it ended before that. */
async function killed(at: number, faults: Partial<Faults>, seed: number) {
  const simulated = simulate(plan, context, { seed, ...faults });
  const kill = killer(at);
  const journal = memoryJournal(clockOf(simulated));
  try {
    const driver = kill.driver(simulated.driver);
    await run(plan, simulated, { journal: kill.journal(journal), driver, settings: goOn });
    return undefined;
  } catch (error) {
    if (error instanceof Killed) return journal.entries;
    throw error;
  }
}

describe('a simulated run that is killed', () => {
  it.each([
    ['nothing', {}],
    [
      'lost answers',
      {
        faults: [
          { server: 'a', kind: 'lose-answer' },
          { server: 'c', kind: 'lose-request' },
        ],
      },
    ],
    ['a slow migration', { faults: [{ server: 'b', kind: 'slow', factor: 4 }] }],
  ] as const)('ends as it would have ended, where %s goes wrong', async (_, faults) => {
    const whole = simulate(plan, context, { seed: 5, ...faults });
    const uninterrupted = await run(plan, whole, { settings: goOn });
    const end = await where(whole);
    let instants = 0;
    for (let at = 1; ; at += 1) {
      const entries = await killed(at, faults, 5);
      if (entries === undefined) break;
      instants = at;
      const again = simulate(plan, context, { seed: 5, ...faults });
      expect(await replayJournal(entries, () => plan, again), `killed at ${at}`).toBeUndefined();
      const journal = memoryJournal(clockOf(again), entries);
      const { state } = await run(plan, again, { journal, settings: goOn });
      expect(phases(plan, state), `killed at ${at}`).toEqual(phases(plan, uninterrupted.state));
      expect(await where(again), `killed at ${at}`).toEqual(end);
    }
    expect(instants).toBeGreaterThan(60);
  });

  it('finds the very cloud that was there, migrations, actions and services of all', async () => {
    const rates = { running: 0.2, 'lose-answer': 0.2, refuse: 0.1 } as const;
    const faults = [{ kind: 'host-down', host: 'h2', atSeconds: 20, untilSeconds: 30 }] as const;
    for (let seed = 1; seed <= 20; seed += 1) {
      const simulated = simulate(plan, context, { seed, rates, faults });
      const { journal } = await run(plan, simulated, { settings: goOn });
      const again = simulate(plan, context, { seed, rates, faults });

      expect(await replayJournal(journal.entries, () => plan, again), `seed ${seed}`).toBeUndefined();
      expect(again.elapsed(), `seed ${seed}`).toBe(simulated.elapsed());
      expect(await told(again), `seed ${seed}`).toEqual(await told(simulated));
    }
  });

  it('ends slow migrations early again', async () => {
    const faults = [{ server: 'a', kind: 'stall' }] as const;
    const settings = { ...goOn, onTimeout: 'abort', timeoutSeconds: 100 } as const;
    const simulated = simulate(plan, context, { faults });
    const { journal } = await run(plan, simulated, { settings });
    const again = simulate(plan, context, { faults });

    expect(journal.entries).toContainEqual(expect.objectContaining({ kind: 'calling', call: 'abort' }));
    expect(await replayJournal(journal.entries, () => plan, again)).toBeUndefined();
    expect(await told(again)).toEqual(await told(simulated));
  });

  it('tells a cloud that answers otherwise', async () => {
    const simulated = simulate(plan, context, { faults: [{ server: 'a', kind: 'lose-answer' }] });
    const { journal } = await run(plan, simulated, { settings: goOn });

    const other = await replayJournal(journal.entries, () => plan, simulate(plan, context));

    expect(other?.text).toBe('m2: the journal says lost, the simulation accepted');
    expect(journal.entries[(other?.seq ?? 0) - 1]).toMatchObject({ kind: 'answered', step: 'm2' });
  });
});
