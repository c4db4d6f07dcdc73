import { expect, it } from 'vitest';
import { usualSettings } from '../../../src/execute/runner/settings.ts';
import { createSimulated } from '../../../src/execute/simulated/simulated-driver.ts';
import { noFaults } from '../../../src/execute/simulated/faults.ts';
import { simulatedPoll } from '../../../src/execute/simulated/poll.ts';
import { rules } from '../../../src/constraints/registry.ts';
import { move, planOf } from '../../plan/small-plan.ts';
import { aCloud, aContext, aHost, aServer } from '../../support/builders.ts';
import { run } from '../simulate.ts';

it('looks as on a cloud at a plan of a day, and no more often at one of 150 years', async () => {
  const seconds = { low: 5e9, expected: 5e9, high: 5e9 };
  const context = aContext(aCloud({ hosts: [aHost('h1'), aHost('h2')], servers: [aServer('a', 'h1')] }));
  const day = planOf([move('m1', 'a', 'h1', 'h2', { predicted: aDay, endSeconds: 20_000 })]);
  const ages = planOf([move('m1', 'a', 'h1', 'h2', { predicted: { ...aDay, seconds }, endSeconds: 5e9 })]);
  const cloud = createSimulated(
    { context, rules, seed: 1, faults: noFaults, secondsOf: () => seconds },
    Date.parse('2026-02-14T22:00:00Z'),
  );

  const pollSeconds = simulatedPoll(ages, usualSettings);
  const { state, journal } = await run(ages, cloud, { settings: { pollSeconds } });

  expect(simulatedPoll(day, usualSettings)).toBe(0.75);
  expect(pollSeconds).toBe(200_000.006);
  expect(state.ended?.outcome).toBe('done');
  const ended = journal.entries.at(-1);
  expect(ended?.kind === 'run-ended' && ended.requests).toBeLessThan(100_000);
});

const aDay = {
  ...{ cells: [], bytes: 0, downtimeMs: 0 },
  seconds: { low: 10_000, expected: 15_000, high: 18_000 },
};
