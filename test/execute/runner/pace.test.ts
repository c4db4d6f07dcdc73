import { expect, it } from 'vitest';
import { pauseSeconds } from '../../../src/execute/runner/pace.ts';
import { initialRun, type RunState } from '../../../src/execute/runner/run-state.ts';
import { usualSettings } from '../../../src/execute/runner/settings.ts';
import { plan } from '../sample.ts';

const askedAt = Date.parse('2026-02-14T22:00:00Z');

const pauseAfter = (seconds: number, pollSeconds = usualSettings.pollSeconds): number => {
  const step = { phase: 'running', attempts: 1, before: {}, claimed: true, askedAt } as const;
  const run: RunState = { ...initialRun, steps: new Map([['m1', step]]) };
  return pauseSeconds(plan, run, { ...usualSettings, pollSeconds }, askedAt + seconds * 1000);
};

it.each([
  [0, 0.25],
  [5, 0.25],
  [10, 0.5],
  [15, 0.75],
  [3600, 0.75],
])('pauses, %i s after a step has begun, %f s', (seconds, pause) => {
  expect(pauseAfter(seconds)).toBe(pause);
});

it('pauses as long as was asked for, once steps have been on their way for long', () => {
  expect(pauseAfter(100, 30)).toBe(5);
  expect(pauseAfter(3600, 30)).toBe(30);
  expect(pauseAfter(3600, 0.1)).toBe(0.1);
});

it('pauses the longest time where nothing is on its way', () => {
  expect(pauseSeconds(plan, initialRun, usualSettings, askedAt)).toBe(0.75);
});
