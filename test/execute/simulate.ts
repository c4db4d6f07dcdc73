import { rules as novaRules } from '../../src/constraints/registry.ts';
import type { RuleContext } from '../../src/constraints/context.ts';
import type { Driver } from '../../src/execute/driver.ts';
import type { JournalEntry } from '../../src/execute/journal/entry.ts';
import { type Journal, memoryJournal } from '../../src/execute/journal/journal-file.ts';
import { execute } from '../../src/execute/runner/execute.ts';
import type { RunTools } from '../../src/execute/runner/tools.ts';
import type { RunState } from '../../src/execute/runner/run-state.ts';
import { type RunSettings, usualSettings } from '../../src/execute/runner/settings.ts';
import { type Faults, noFaults } from '../../src/execute/simulated/faults.ts';
import { createSimulated, type Simulated } from '../../src/execute/simulated/simulated-driver.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { isMigration } from '../../src/plan/run-steps.ts';

const start = Date.parse('2026-02-14T22:00:00Z');

/** A simulated cloud that takes as long as a plan predicts. */
export function simulate(
  plan: Plan,
  context: RuleContext,
  { seed = 1, faults = [], rates = {} }: { seed?: number } & Partial<Faults> = {},
): Simulated {
  const secondsOf: Parameters<typeof createSimulated>[0]['secondsOf'] = (server, to) =>
    plan.steps.filter(isMigration).find((step) => step.server === server && step.to === to)?.predicted
      .seconds ?? { low: 5, expected: 10, high: 20 };
  return createSimulated(
    { context, rules: novaRules, seed, faults: { ...noFaults, faults, rates }, secondsOf },
    start,
  );
}

export const runner = { pid: 1, host: 'admin', startedAt: '2026-02-14T22:00:00Z' };

type Given = Partial<Omit<RunTools, 'settings'>> & { readonly settings?: Partial<RunSettings> };

/** Runs a plan, or goes on with the journal of one. */
export async function run(
  plan: Plan,
  cloud: Simulated,
  given: Given = {},
): Promise<{ readonly state: RunState; readonly journal: Journal }> {
  const journal = given.journal ?? memoryJournal(() => new Date(cloud.clock.now()).toISOString());
  await journal.append(
    journal.entries.length === 0
      ? {
          kind: 'run-started',
          formatVersion: 1,
          plan: plan.id,
          cloud: 'test',
          simulated: true,
          process: runner,
        }
      : { kind: 'run-resumed', process: runner },
  );
  const state = await execute({
    plan,
    driver: cloud.driver,
    clock: cloud.clock,
    wish: () => 'go-on',
    ...given,
    settings: { ...usualSettings, ...given.settings },
    journal,
  });
  return { state, journal };
}

/** The phase of each step, in the order of the plan. */
export const phases = (plan: Plan, state: RunState): readonly string[] =>
  plan.steps.map(({ id }) => `${id} ${state.steps.get(id)?.phase ?? 'waiting'}`);

/** Where each server is at the end, and how often its migration was begun. */
export async function seen(driver: Driver, server: Parameters<Driver['look']>[0]) {
  const { server: found, migrations, actions } = await driver.look(server);
  return { host: found?.host, status: found?.status, migrations, actions };
}

/** What a journal says of a kind. */
export const told = <Kind extends JournalEntry['kind']>(
  journal: Journal,
  kind: Kind,
): readonly Extract<JournalEntry, { kind: Kind }>[] =>
  journal.entries.filter((entry): entry is Extract<JournalEntry, { kind: Kind }> => entry.kind === kind);
