import { describe, expect, it } from 'vitest';
import { bindCalendar, ignoredWindows } from '../../src/cli/run-calendar.ts';
import { runStatus } from '../../src/cli/run-status.ts';
import { type RunSettings, usualSettings } from '../../src/execute/runner/settings.ts';
import type { Simulated } from '../../src/execute/simulated/simulated-driver.ts';
import type { CalendarOptions } from '../../src/model/calendar.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { move, planOf } from '../plan/small-plan.ts';
import { aCloud, aContext, aHost, aServer, serverGroupId } from '../support/builders.ts';
import { cloud, context, plan } from './sample.ts';
import { run, simulate, told } from './simulate.ts';

const from22 = '2026-02-14T22:00:00Z';
const midnight = '2026-02-15T00:00:00Z';

const withCalendar = (given: Partial<CalendarOptions>, base: Plan = plan): Plan => {
  const calendar = { startsAt: from22, timezone: 'UTC', windows: [], days: [], freezes: [], ...given };
  const options = { ...base.basedOn.options, calendar };
  return { ...base, basedOn: { ...base.basedOn, options } };
};

/** Runs a plan by its own calendar, from where the clock of the simulation stands. */
async function runByCalendar(
  given: Plan,
  simulated: Simulated,
  settings: Partial<RunSettings> = {},
  { ignoreWindow, of = cloud }: { ignoreWindow?: true; of?: Cloud } = {},
) {
  const bound = await bindCalendar({
    plan: given,
    flags: ignoreWindow === undefined ? {} : { ignoreWindow },
    settings: { ...usualSettings, ...settings },
    begun: simulated.clock.now(),
    cloudOf: () => Promise.resolve(of),
  });
  return run(given, simulated, { settings: bound });
}

type Ran = Awaited<ReturnType<typeof run>>;

/** When each step was requested: the day from the 14th on, and the time of day. */
const asked = ({ journal }: Ran): readonly string[] =>
  told(journal, 'calling').map(({ step, at }) => `${step} ${at.slice(8, 16)}`);

describe('a window', () => {
  const nightly = withCalendar({ windows: ['22:00-22:03'] });

  it('is kept: what would not be over in it waits for the next one', async () => {
    const ran = await runByCalendar(nightly, simulate(nightly, context), { maxParallel: 1 });

    expect(ran.state.ended?.outcome).toBe('done');
    const times = told(ran.journal, 'calling')
      .filter(({ step }) => step.startsWith('m'))
      .map(({ at }) => (Date.parse(at) - Date.parse(from22)) / 1000);
    for (const seconds of times) expect(seconds % 86_400).toBeLessThanOrEqual(120);
    expect(new Set(times.map((seconds) => Math.floor(seconds / 86_400))).size).toBe(2);
  });

  it('is told of while it is waited for, in the journal and by status', async () => {
    const ran = await runByCalendar(nightly, simulate(nightly, context), { maxParallel: 1 });

    const [waiting] = told(ran.journal, 'waiting');
    expect(waiting).toMatchObject({ until: '2026-02-15T22:00:00.000Z' });
    expect(waiting?.text).toMatch(
      /^waits until 2026-02-15T22:00:00Z: not before that the calendar lets it run \(m\d\)$/,
    );
    const sofar = ran.journal.entries.slice(0, waiting?.seq);
    const holder = { pid: 1, host: 'admin', startedAt: from22, alive: 'yes' } as const;
    expect(runStatus(nightly, sofar, holder, 0, 'plan.json')).toMatchObject({
      state: 'running',
      waitsUntil: '2026-02-15T22:00:00.000Z',
      text: waiting?.text,
    });
    expect(told(ran.journal, 'waiting')).toHaveLength(1);
  });

  it('opens for a run that starts days later than planned, hosts not disabled before', async () => {
    const simulated = simulate(nightly, context);
    await simulated.clock.sleep(3 * 86_400 + 14 * 3600);

    const ran = await runByCalendar(nightly, simulated);

    expect(asked(ran)).toEqual(
      ['d1', 'm1', 'm4']
        .map((step) => `${step} 18T22:00`)
        .concat('m2 18T22:00', 'm3 18T22:00', 'c5 18T22:01'),
    );
  });

  it('is left aside where somebody says so, loudly; freezes are not', async () => {
    const frozen = withCalendar({
      windows: ['10:00-10:05'],
      freezes: [{ of: 'host:h3', from: from22, to: midnight }],
    });

    const ran = await runByCalendar(frozen, simulate(frozen, context), {}, { ignoreWindow: true });

    expect(asked(ran).slice(0, 2)).toEqual(['d1 14T22:00', 'm1 15T00:00']);
    expect(ignoredWindows(frozen, { ignoreWindow: true })).toBe(
      'THE WINDOWS OF THE PLAN ARE NOT KEPT (--ignore-window): 10:00-10:05',
    );
    expect(ignoredWindows(frozen, {})).toBeUndefined();
    expect(ignoredWindows(plan, { ignoreWindow: true })).toBeUndefined();
  });

  it('is to be long enough for the time at worst, where that is asked for', async () => {
    const short = withCalendar({ windows: ['22:00-22:01'] });
    const move60 = planOf([move('m1', 'd', 'h2', 'h3', { predicted: aMinute })]);
    const night = withCalendar({ windows: ['22:00-22:01'] }, move60);

    const expected = await runByCalendar(night, simulate(night, context));
    const high = await runByCalendar(short, simulate(short, context), { timesBy: 'high' });

    expect(expected.state.ended?.outcome).toBe('done');
    expect(told(high.journal, 'calling')).toEqual([]);
    expect(high.state.ended).toEqual({
      outcome: 'stopped',
      text: '0 of 6 steps done: m1 takes 100 s, and no window is open for so long',
    });
  });

  it('is to hold the confirmation of a cold migration too', async () => {
    const cold = withCalendar({ windows: ['22:00-22:01'] });

    const ran = await runByCalendar(cold, simulate(cold, context));

    expect(ran.state.ended?.text).toContain('m4 takes 65 s, and no window is open for so long');
  });

  it('ends with a word while it is waited for', async () => {
    const closed = withCalendar({ windows: ['10:00-10:05'] });
    const simulated = simulate(closed, context);
    const settings = await bindCalendar({
      plan: closed,
      flags: {},
      settings: usualSettings,
      begun: simulated.clock.now(),
      cloudOf: () => Promise.reject(new Error('nobody is frozen')),
    });

    const { state } = await run(closed, simulated, {
      settings,
      wish: () => (simulated.elapsed() > 600 ? 'stop' : 'go-on'),
    });

    expect(state.ended?.text).toBe('0 of 6 steps done: somebody stopped it');
    expect(simulated.elapsed()).toBeLessThan(620);
  });
});

const aMinute = { cells: [], bytes: 0, seconds: { low: 1, expected: 60, high: 100 }, downtimeMs: 0 };

describe('a freeze', () => {
  it('holds its servers and hosts, and nobody else', async () => {
    const frozen = withCalendar({ freezes: [{ of: 'host:h2', from: from22, to: midnight }] });

    const ran = await runByCalendar(frozen, simulate(frozen, context));

    expect(asked(ran)).toEqual([
      'd1 14T22:00',
      'm4 14T22:00',
      'c5 14T22:01',
      'm1 15T00:00',
      'm2 15T00:00',
      'm3 15T00:00',
    ]);
  });
});

describe('the deadline of a plan', () => {
  it('counts from the beginning of the run where it is a duration, and yields to one of the run', async () => {
    const short = withCalendar({ deadline: '70s' });
    const simulated = simulate(short, context);
    await simulated.clock.sleep(86_400);

    const ran = await runByCalendar(short, simulated);
    const longer = simulate(short, context);
    const other = await runByCalendar(short, longer, { deadline: longer.clock.now() + 900_000 });

    expect(asked(ran).map((text) => text.slice(0, 2))).toEqual(['d1', 'm1', 'm4', 'c5']);
    expect(ran.state.ended?.text).toBe('3 of 6 steps done: m2 would not be over by the deadline');
    expect(other.state.ended?.outcome).toBe('done');
  });
});

it('keeps members of a server group apart in time', async () => {
  const group = serverGroupId('g');
  const pair = aCloud({
    hosts: [aHost('h1'), aHost('h2'), aHost('h3')],
    servers: [aServer('a', 'h1', { group }), aServer('b', 'h1', { group }), aServer('c', 'h1')],
  });
  const base = planOf(
    ['a', 'b', 'c'].map((name, index) => move(`m${index + 1}`, name, 'h1', 'h2', { predicted: aMinute })),
    { options: { apartSeconds: 300 } },
  );

  const ran = await runByCalendar(base, simulate(base, aContext(pair)), {}, { of: pair });

  const done = told(ran.journal, 'step-done').find(({ step }) => step === 'm1');
  const next = told(ran.journal, 'calling').find(({ step }) => step === 'm2');
  expect(asked(ran).map((text) => text.slice(0, 2))).toEqual(['m1', 'm3', 'm2']);
  expect(Date.parse(next?.at ?? '') - Date.parse(done?.at ?? '')).toBeGreaterThanOrEqual(300_000);
});
