import { afterAll, describe, expect, it } from 'vitest';
import { rules } from '../../src/constraints/registry.ts';
import type { CalendarOptions } from '../../src/model/calendar.ts';
import { checkCalendar } from '../../src/plan/check-calendar.ts';
import { withPlanId } from '../../src/plan/plan-id.ts';
import { parsePlan } from '../../src/plan/plan-file.ts';
import { printPlan } from '../../src/plan/print-plan.ts';
import { isMigration } from '../../src/plan/run-steps.ts';
import { verifyPlan } from '../../src/plan/verify-plan.ts';
import type { PlanningOptions } from '../../src/planning/planning-request.ts';
import { outcomeReport } from '../../src/report/outcome.ts';
import { createBackend } from '../../src/solve/backends/registry.ts';
import { aCloud, aContext, aGroup, aHost, aServer, hostId } from '../support/builders.ts';
import { consolidate, drainGoal, plan } from '../support/planning.ts';

const backend = createBackend('highs');
afterAll(() => backend.close());

const calendar: CalendarOptions = {
  startsAt: '2026-01-01T22:00:00Z',
  timezone: 'UTC',
  windows: [],
  days: [],
  freezes: [],
};
/** Three servers of 24 s each on h1, which sends one at a time; room for them on h2. */
const cloud = aCloud({
  servers: [
    aServer('a', 'h1', { tags: ['frozen'], memoryGiB: 8 }),
    aServer('b', 'h1', { memoryGiB: 6 }),
    aServer('c', 'h1', { memoryGiB: 2 }),
  ],
});
const drain = (options: Partial<PlanningOptions>, given = cloud) =>
  plan(given, drainGoal, backend, { drain: [hostId('h1')], spareHosts: 0, ...options });

async function timesOf(options: Partial<PlanningOptions>, given = cloud) {
  const outcome = await drain(options, given);
  if (outcome.kind !== 'planned') throw new Error(outcome.because);
  const steps = outcome.plan.steps.filter(isMigration);
  const times = steps.map(({ serverName, startSeconds, endSeconds }) => ({
    server: serverName,
    from: startSeconds,
    to: endSeconds,
  }));
  return { plan: outcome.plan, times };
}
const order = (times: readonly { readonly server: string }[]) => times.map(({ server }) => server).join(' ');

describe('a drain by a calendar', () => {
  it('runs migrations in windows only, and goes on in the next', async () => {
    const { times: any } = await timesOf({});
    const windows = ['22:01-22:02', '23:00-23:01'];
    const { plan: made, times } = await timesOf({ calendar: { ...calendar, windows } });

    expect(any.map(({ from }) => from)).not.toContain(3600);
    const opened = [60, 3600, 86460, 90000];
    for (const { from, to } of times) {
      const opening = Math.max(...opened.filter((at) => at <= from));
      expect(from - opening).toBeLessThan(60);
      expect(to).toBeLessThanOrEqual(opening + 60);
    }
    expect(times[0]?.from).toBe(60);
    expect(times.at(-1)?.from).toBeGreaterThanOrEqual(3600);
    const kept = withPlanId({
      ...made,
      basedOn: { ...made.basedOn, inventoryDigest: '51c0'.repeat(16) },
    });
    expect(parsePlan(printPlan(kept))).toEqual(kept);
  });

  it('leaves frozen servers for later, and lets the others pass', async () => {
    const freeze = { of: 'tag:frozen', from: '2026-01-01T00:00Z', to: '2026-01-01T22:10Z' };
    const { times } = await timesOf({ calendar: { ...calendar, freezes: [freeze] } });

    expect(times.find(({ server }) => server === 'a')?.from).toBe(600);
    expect(Math.max(...times.filter(({ server }) => server !== 'a').map(({ to }) => to))).toBeLessThan(600);
  });

  it('is refused where one migration takes longer than any window', async () => {
    const windows = ['22:00-22:01'];
    const slow = aCloud({ servers: [aServer('a', 'h1', { vcpus: 1, memoryGiB: 60 })] });

    const outcome = await drain({ calendar: { ...calendar, windows } }, slow);

    expect(outcome.kind === 'impossible' && outcome.notDone.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^a: takes \d+ s, the longest open time is 1 min$/),
    ]);
  });

  it('says who is frozen for ever, or until after the deadline', async () => {
    const freeze = { of: 'tag:frozen', from: '2026-01-01T00:00Z', to: '2026-01-02T00:00Z' };
    const outcome = await drain({ calendar: { ...calendar, freezes: [freeze], deadline: '1h' } });
    const early = await drain({ calendar: { ...calendar, windows: ['12:00-13:00'], deadline: '1h' } });

    expect(outcome.kind === 'impossible' && outcome.notDone.map(({ reason }) => reason)).toEqual([
      'a: frozen until 2026-01-02T00:00Z (--freeze tag:frozen)',
    ]);
    expect(early.kind === 'impossible' && early.notDone[0]?.reason).toBe(
      'a: no time window opens for it before the deadline',
    );
  });

  it('is refused at once where the only host that takes a server is closed', async () => {
    const freeze = { of: 'host:h2', from: '2026-01-01T00:00Z', to: '2028-01-02T00:00Z' };
    const outcome = await drain({ calendar: { ...calendar, freezes: [freeze] } });

    expect('because' in outcome && outcome.because).toContain('takes longer than any time is open for it');
    expect('because' in outcome && outcome.because).not.toContain('the effort ended');
  });

  it('tells a deadline and an end that look the same in seconds', () => {
    const late = { kind: 'too-late', because: '', endSeconds: 733, deadlineSeconds: 720 } as const;

    expect(outcomeReport(late, { width: 200, steps: false })).toContain(
      'ends 733 s after the start, the deadline is at 720 s',
    );
  });

  it('is refused where it does not end by the deadline', async () => {
    const outcome = await drain({ calendar: { ...calendar, deadline: '30s' } });

    expect(outcome).toMatchObject({ kind: 'too-late', deadlineSeconds: 30 });
    expect(outcomeReport(outcome, { width: 100, steps: false })).toMatch(
      /^no plan ends in time: the soonest that was found ends \d+ s after the start, the deadline is at 30 s\n/,
    );
    expect((await drain({ calendar: { ...calendar, deadline: '1h' } })).kind).toBe('planned');
  });
});

it('takes the best part of a goal that ends by the deadline, and says what did not fit', async () => {
  const hosts = [aHost('h1'), aHost('h2'), aHost('h3')];
  const servers = [
    aServer('a', 'h1'),
    aServer('b', 'h2'),
    aServer('c', 'h2'),
    aServer('d', 'h2'),
    ...['x', 'y', 'z', 'w'].map((name) => aServer(name, 'h3')),
  ];
  const options = { spareHosts: 0 };
  const whole = await plan(aCloud({ hosts, servers }), consolidate, backend, options);
  const part = await plan(aCloud({ hosts, servers }), consolidate, backend, {
    ...options,
    calendar: { ...calendar, deadline: '50s' },
  });

  expect(whole.kind === 'planned' && whole.plan.summary).toMatchObject({
    hostsFreed: ['h1', 'h2'],
    moves: 4,
  });
  expect(part.kind === 'planned' && part.plan.summary).toMatchObject({ hostsFreed: ['h1'], moves: 1 });
  expect(part.kind === 'planned' && part.plan.notDone.map(({ rule }) => rule)).toEqual(['deadline']);
  expect(part.kind === 'planned' && part.plan.basedOn.options.maxMoves).toBe(undefined);
  expect(part.kind === 'planned' && part.plan.objective.outcome).toBe('feasible');
});

describe('wishes for the order', () => {
  it('put big or small ones first', async () => {
    expect(order((await timesOf({ prefer: ['big-first'] })).times)).toBe('a b c');
    expect(order((await timesOf({ prefer: ['small-first'] })).times)).toBe('c b a');
  });

  it('keep members of a server group apart in time', async () => {
    const grouped = aCloud({
      hosts: [aHost('h1'), aHost('h2'), aHost('h3')],
      servers: [aServer('a', 'h1'), aServer('b', 'h2'), aServer('c', 'h1')],
      groups: [aGroup(['a', 'b'])],
    });
    const both = { drain: ['h1', 'h2'].map(hostId), apartSeconds: 900 };

    const outcome = await plan(grouped, drainGoal, backend, { spareHosts: 0, ...both });

    expect(outcome.kind).not.toBe('planned'); // one host cannot run both
    const soft = aCloud({
      hosts: [...grouped.hosts.values()],
      servers: [...grouped.servers.values()].map((server) => {
        const { group, ...alone } = server;
        return group === undefined ? server : alone;
      }),
      groups: [aGroup(['a', 'b'], { policy: 'soft-anti-affinity' })],
    });
    const { plan: made, times } = await timesOf(both, soft);
    const [first, second] = times.filter(({ server }) => server !== 'c');
    expect((second?.from ?? 0) - (first?.to ?? 0)).toBeGreaterThanOrEqual(900);
    expect(made.basedOn.options.apartSeconds).toBe(900);
  });
});

it('checks confirms of cold migrations by the calendar', async () => {
  const stopped = aCloud({ servers: [aServer('a', 'h1', { vmState: 'stopped' })] });
  const { plan: made } = await timesOf({ allow: ['cold'] }, stopped);
  const confirm = made.steps.find(({ kind }) => kind === 'confirm');
  const end = confirm?.endSeconds ?? 0;
  const check = (deadline: string) => {
    const options = { ...made.basedOn.options, calendar: { ...calendar, deadline } };
    return checkCalendar({ ...made, basedOn: { ...made.basedOn, options } }, stopped);
  };

  expect(check(`${end}s`)).toEqual([]);
  expect(check(`${end - 1}s`).map(({ code }) => code)).toEqual(['deadline']);
});

describe('the check of a timetable', () => {
  const findings = async (options: Pick<PlanningOptions, 'calendar'>) => {
    const { plan: made } = await timesOf({});
    const { basedOn } = made;
    const altered = withPlanId({
      ...made,
      basedOn: { ...basedOn, options: { ...basedOn.options, ...options } },
    });
    const checked = verifyPlan({ plan: altered, context: aContext(cloud), rules });
    return checked.findings.map(({ code, step }) => `${code} ${step ?? ''}`.trim());
  };

  it('finds steps in closed times, a deadline that is passed, and freezes that are not kept', async () => {
    const freezes = [{ of: 'tag:frozen', from: '2026-01-01T00:00Z', to: '2026-01-02T00:00Z' }];

    expect(await findings({ calendar: { ...calendar, windows: ['23:00-24:00'] } })).toEqual([
      'calendar m1',
      'calendar m2',
      'calendar m3',
    ]);
    expect(await findings({ calendar: { ...calendar, deadline: '5s' } })).toEqual(['deadline']);
    expect(await findings({ calendar: { ...calendar, freezes } })).toHaveLength(1);
    expect(await findings({ calendar })).toEqual([]);
  });
});
