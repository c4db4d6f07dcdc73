import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scriptClock } from '../../src/cli/script-clock.ts';
import type { CalendarOptions } from '../../src/model/calendar.ts';
import { serverId } from '../../src/model/ids.ts';
import type { Plan, Step } from '../../src/plan/plan.ts';
import { planScript } from '../../src/report/plan-script.ts';
import { cloudOf, type FakeServer, folder, runScript, stub } from './run-script.ts';
import { aMigration, aPlan } from './sample-plan.ts';

const calendar: CalendarOptions = {
  startsAt: '2026-03-02T22:00:00+01:00',
  timezone: '+01:00',
  windows: ['22:00-06:00'],
  days: [],
  freezes: [],
};

function timed(
  given: Partial<CalendarOptions>,
  steps: readonly Step[] = [aMigration()],
  apartSeconds?: number,
): Plan {
  const { basedOn } = aPlan([]);
  const options = {
    ...basedOn.options,
    calendar: { ...calendar, ...given },
    ...(apartSeconds !== undefined && { apartSeconds }),
  };
  return aPlan(steps, { basedOn: { ...basedOn, options } });
}

const seconds = (instant: string): number => Date.parse(instant) / 1000;

/** Runs a script from an instant on; waits take no time, but the clock goes on. */
function runAt(
  instant: string,
  plan: Plan,
  environment: Record<string, string> = {},
  web: FakeServer = { status: 'ACTIVE', host: 'h1' },
) {
  const clock = join(folder, 'clock');
  writeFileSync(clock, String(seconds(instant)));
  stub('date', `case "$1" in +%s) cat '${clock}' ;; *) exec /bin/date "$@" ;; esac`);
  stub('sleep', `echo "$(($(cat '${clock}') + $1))" > '${clock}.new' && mv '${clock}.new' '${clock}'`);
  const cloud = cloudOf({
    's-web-1': web,
    's-db-1': { status: 'ACTIVE', host: 'h1' },
  });
  const ran = runScript(plan, cloud, { PLANNER_CLOCK_SECONDS: '600', ...environment }, scriptClock(plan));
  const ended = Number(readFileSync(clock, 'utf8'));
  return { ...ran, endedAt: new Date(ended * 1000).toISOString().slice(0, 16) };
}

describe('a script of a plan with a calendar', () => {
  it.each([
    ['within a window', '2026-03-02T23:00:00+01:00', {}, '2026-03-02T22:00'],
    ['after midnight, in the window of yesterday', '2026-03-03T05:00:00+01:00', {}, '2026-03-03T04:00'],
    ['before the start', '2026-03-02T12:00:00+01:00', {}, '2026-03-02T21:00'],
    ['where the window closes too soon', '2026-03-03T05:59:30+01:00', {}, '2026-03-03T21:09'],
    [
      'where the window of yesterday is none',
      '2026-03-08T05:00:00+01:00',
      { days: ['sun'] },
      '2026-03-08T21:00',
    ],
    [
      'where one window follows on another',
      '2026-03-02T22:59:30+01:00',
      { windows: ['22:00-23:00', '23:00-23:30'] },
      '2026-03-02T21:59',
    ],
    [
      'in a freeze',
      '2026-03-03T00:00:00+01:00',
      { freezes: [{ of: 'tag:x', from: '2026-03-02T23:00:00+01:00', to: '2026-03-03T02:00:00+01:00' }] },
      '2026-03-03T01:00',
    ],
    [
      'in a freeze in which the plan has it, so that it is of others',
      '2026-03-03T00:00:00+01:00',
      { freezes: [{ of: 'tag:x', from: '2026-03-02T21:00:00+01:00', to: '2026-03-03T02:00:00+01:00' }] },
      '2026-03-02T23:00',
    ],
  ] as const)('goes on %s', (_, now, given, when) => {
    const ran = runAt(now, timed(given));

    expect(ran.stderr).toBe('');
    expect([ran.status, ran.requests.length]).toEqual([0, 1]);
    expect(ran.endedAt).toBe(when);
  });

  it('refuses instead of waiting, or looks at no clock, where somebody says so', () => {
    const noon = '2026-03-03T12:00:00+01:00';

    const refused = runAt(noon, timed({}), { PLANNER_OUTSIDE: 'refuse' });
    const ignored = runAt(noon, timed({}), { PLANNER_OUTSIDE: 'ignore' });

    expect([refused.status, refused.requests.length]).toEqual([1, 0]);
    expect(refused.stderr).toContain('stopped at step s1: it is to wait for a window of the plan (for 60 s)');
    expect([ignored.status, ignored.requests.length]).toEqual([0, 1]);
  });

  it.each([
    ['an instant', '2026-03-03T00:00:30+01:00'],
    ['a time from the start of the script on', '30s'],
  ])('begins nothing that would end after a deadline that is %s', (_, deadline) => {
    const ran = runAt('2026-03-03T00:00:00+01:00', timed({ deadline }));

    expect([ran.status, ran.requests.length]).toEqual([1, 0]);
    expect(ran.stderr).toContain('stopped at step s1: it would end after the deadline of the plan');
  });

  it('looks at the server again after it has waited', () => {
    const plan = timed({});
    const onItsWay = { status: 'ACTIVE', host: 'h1', then: [{}, { host: 'h2' }] };

    const ran = runAt('2026-03-02T20:00:00+01:00', plan, {}, onItsWay);

    expect([ran.status, ran.endedAt]).toEqual([0, '2026-03-02T21:00']);
    expect(ran.requests).toEqual([]);
    expect(ran.stdout).toContain('web-1: is on h2 already');
  });

  it('keeps members of a group apart, and only those who may be', () => {
    const other = { id: 's2', server: serverId('s-db-1'), serverName: 'db-1' };
    const far = timed({}, [aMigration(), aMigration({ ...other, startSeconds: 700, endSeconds: 760 })], 600);
    const near = timed({}, [aMigration(), aMigration({ ...other, startSeconds: 100, endSeconds: 160 })], 600);

    expect(runAt('2026-03-02T22:00:00+01:00', far).endedAt).toBe('2026-03-02T21:10');
    expect(runAt('2026-03-02T22:00:00+01:00', near).endedAt).toBe('2026-03-02T21:00');
  });

  it('says what the plan asks for', () => {
    const plan = timed({ deadline: '4h30m' }, [], 60);

    expect(planScript(plan, scriptClock(plan))).toContain(
      '#   window: 22:00-06:00 at +01:00\n#   deadline: 4h30m\n#   apart: 60 s',
    );
    expect(planScript(aPlan([]))).not.toContain('The plan asks for');
  });
});
