import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { folder, importRecording, planner } from './run-planner.ts';

beforeAll(importRecording);

it('tells everything that is wrong with times at once', () => {
  const { status, stderr } = planner(
    ...['drain', 'kvm-a01', '--quiet', '--window', '25:00-06:00', '--days', 'mon-xx', '--at', 'noon'],
    ...['--timezone', 'CET', '--deadline', '0m', '--freeze', 'billing', '--prefer', 'fast', '--apart', '0'],
    ...['--freeze', 'tag:none=2026-01-01T00:00Z/2026-01-02T00:00Z'],
  );

  expect(status).toBe(2);
  expect(stderr.split('\n').filter((line) => line.startsWith('error '))).toEqual([
    'error usage.option: no time in ISO 8601 with an offset (at --at, value noon)',
    'error usage.option: no offset from UTC (at --timezone, value CET)',
    'error usage.option: no time window, or an empty one (at --window, value 25:00-06:00)',
    'error usage.option: no day of the week, nor a range of them (at --days, value mon-xx)',
    'error usage.option: no time is left (at --deadline, value 0m)',
    'error usage.option: names no tag, or no two times (at --freeze, value billing)',
    'error usage.option: not a value of this option (at --prefer, value fast, limit one of big-first, small-first, risky-last)',
    'error usage.option: not a whole number that may stand here (at --apart, value 0, limit 1 to 604800)',
    'error usage.option: the inventory has no tag like this name (at --freeze, value tag:none)',
  ]);
});

it('reads --at by --timezone, and says how deadlines are written', () => {
  const times = ['--at', '2026-11-21T22:00', '--timezone', '+01:00'];
  const { status, stderr } = planner('drain', 'kvm-a01', '--quiet', ...times, '--deadline', 'PT4H');

  expect(status).toBe(2);
  expect(stderr.split('\n').filter((line) => line.startsWith('error '))).toEqual([
    'error usage.option: neither a time in ISO 8601 nor a duration (at --deadline, value PT4H)',
  ]);
  expect(stderr).toContain('or a duration as 4h30m, 90m or 1d');
});

it.each([
  ['drain', 'kvm-a03'],
  ['rebalance', '--goal', 'consolidate'],
])('ends where no window is long enough for a server: %s', (...command) => {
  const options = ['--allow', 'cold', '--effort', '5', '--quiet', '--out', 'shut.json'];
  const { status, stdout } = planner(...command, ...options, '--window', '22:00-22:01');

  expect([0, 1]).toContain(status);
  if (command[0] === 'drain') expect(stdout).toMatch(/takes .*, the longest open time is 1 min/);
});

it('plans a drain in windows, says when it starts, and verifies', () => {
  const drain = ['drain', 'kvm-a01', '--allow', 'cold', '--quiet'];
  const { status } = planner(
    ...drain,
    '--window',
    '22:00-22:05',
    '--days',
    'mon-fri',
    '--timezone',
    '+01:00',
  );
  const plan = readFileSync(join(folder, 'plan.json'), 'utf8');
  const late = planner(...drain, '--out', 'late.json', '--deadline', '1m');

  expect(status).toBe(0);
  expect(plan).toContain(
    '"calendar":{"days":["mon","tue","wed","thu","fri"],"freezes":[],"startsAt":"2026-11-23T22:00:00+01:00","timezone":"+01:00","windows":["22:00-22:05"]}',
  );
  const starts = 'starts 2026-11-23 22:00 +01:00, windows 22:00-22:05 on mon, tue, wed, thu, fri';
  expect(planner('verify', 'plan.json').status).toBe(0);
  expect(planner('timeline', 'plan.json').stdout).toContain(starts);
  expect(planner('show', 'plan.json').stdout).toMatch(/^starts +2026-11-23 22:00 \+01:00, windows/m);
  expect(late.status).toBe(1);
  expect(late.stdout).toContain('no plan ends in time: the soonest that was found ends');
});
