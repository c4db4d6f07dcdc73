import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostId, serverId } from '../../src/model/ids.ts';
import type { Plan, Step } from '../../src/plan/plan.ts';
import { planMarkdown } from '../../src/report/plan-markdown.ts';
import { textWidth } from '../../src/report/text-width.ts';
import { atOnce, span, ticks } from '../../src/report/timeline-scale.ts';
import { timelineText } from '../../src/report/timeline-text.ts';
import { type TimelineBar, timelineOf } from '../../src/report/timeline.ts';
import { aConfirm, aMigration, aPlan, aServiceStep } from './sample-plan.ts';

const trip = (id: string, name: string, from: string, to: string, startSeconds: number, seconds = 60) =>
  aMigration({
    ...{ id, server: serverId(`id-${name}`), serverName: name, from: hostId(from), to: hostId(to) },
    ...{ startSeconds, endSeconds: startSeconds + seconds },
  });

const steps: readonly Step[] = [
  aServiceStep(),
  { ...trip('m1', 'web-1', 'h1', 'h2', 0), stopOver: true },
  { ...trip('m2', 'db-1', 'h1', 'h3', 60, 120), kind: 'cold', wave: 2 },
  { ...trip('m3', 'web-1', 'h2', 'h3', 60), wave: 2 },
  { ...aConfirm({ id: 'c2', of: 'm2', serverName: 'db-1' }), startSeconds: 180, endSeconds: 185, wave: 3 },
];
const plan = aPlan(steps);
const chart = (of: Plan, by: Parameters<typeof timelineOf>[1], width = 80, limit = 40): readonly string[] =>
  timelineText(timelineOf(of, by), { width, limit })
    .split('\n')
    .map((line) => line.trimEnd());

describe('a timeline', () => {
  it('has a line a step, from its request to its end, under waves and times', () => {
    expect(chart(plan, 'step')).toEqual([
      `plan ${plan.id}: 3 migrations in 3 waves, 3 min`,
      '[ request, ] end, = live, # cold, c confirm, x disable, ~ stop-over, 2-9, + so',
      'many at once',
      '',
      'wave                   1                 2                                    3',
      'time                   0 s               60 s              2 min',
      'd1 disable-service h1  x',
      'm1 web-1 h1 → h2       [~~~~~~~~~~~~~~~~~]',
      'm2 db-1 h1 → h3                          [####################################]',
      'm3 web-1 h2 → h3                         [=================]',
      'c2 confirm db-1                                                               cc',
      'under way              11111111111111111122222222222222222221111111111111111111',
      '',
    ]);
  });

  it('has a line a host and direction, with how many run at once', () => {
    expect(chart(plan, 'host').slice(3, -2)).toEqual([
      'wave       1                     2                                            3',
      'time       0 s                   60 s                  2 min',
      'h1 →       [~~~~~~~~~~~~~~~~~~~~~[############################################]',
      '→ h2       [~~~~~~~~~~~~~~~~~~~~~]',
      '→ h3                             22222222222222222222222######################]',
      'h2 →                             [=====================]',
    ]);
  });

  it('has a line a server with all that it goes through', () => {
    expect(chart(plan, 'server').slice(5, -2)).toEqual([
      'web-1      [~~~~~~~~~~~~~~~~~~~~~[=====================]',
      'db-1                             [############################################]c',
    ]);
  });

  it('has a line a link with the migrations that cross it', () => {
    const links = [{ link: 'switch spine', capacityMbps: 10, peakMbps: 10, steps: ['m1', 'm3'] }];

    expect(chart({ ...plan, timetable: { ...plan.timetable, links } }, 'link').slice(5, -2)).toEqual([
      'switch spine  [~~~~~~~~~~~~~~~~~~~~[====================]',
    ]);
  });

  it('says how short it could be, where that is known', () => {
    const known = (over: Partial<Plan['timetable']>) =>
      chart({ ...plan, timetable: { ...plan.timetable, ...over } }, 'step')[0];

    expect(known({ boundSeconds: 170, outcome: 'feasible' })).toBe(
      `plan ${plan.id}: 3 migrations in 3 waves, 3 min, no order is done before 3 min`,
    );
    expect(known({ boundSeconds: 185, outcome: 'optimal' })).toBe(
      `plan ${plan.id}: 3 migrations in 3 waves, 3 min, proven to be the shortest`,
    );
  });

  it('says that there is nothing to do', () => {
    expect(chart(aPlan([]), 'step')[0]).toMatch(/^plan [0-9a-f]{12}: nothing to do$/);
  });

  it('shows the first steps, or the busiest hosts, of more than fit', () => {
    const many = Array.from({ length: 30 }, (_, at) =>
      trip(`m${at + 1}`, `s${at}`, `h${at}`, 'target', at * 60, at === 20 ? 600 : 60),
    );

    expect(
      chart(aPlan(many), 'step', 80, 5)
        .slice(5, 10)
        .map((line) => line.slice(0, 5)),
    ).toEqual(['m1 s0', 'm2 s1', 'm3 s2', 'm4 s3', 'm5 s4']);
    expect(chart(aPlan(many), 'step', 80, 5).at(-2)).toBe('the first 5 of 30 steps; --limit 30 shows all');
    expect(
      chart(aPlan(many), 'host', 80, 2)
        .slice(5, 7)
        .map((line) => line.slice(0, 8).trim()),
    ).toEqual(['→ target', 'h20 →']);
  });

  it('goes on below with names that are long, and shows what could act on a terminal as escapes', () => {
    const hostile = aPlan([{ ...trip('m1', `\u001b[2J${'x'.repeat(500)}`, 'h1\n', 'h2', 0) }]);

    for (const by of ['step', 'host', 'server'] as const)
      for (const line of chart(hostile, by)) {
        expect(line).not.toMatch(/\p{Cc}/u);
        expect(textWidth(line)).toBeLessThanOrEqual(80);
      }
    expect(chart(hostile, 'step')[6]).toMatch(/^\\u\{1b\}\[2Jx{23}$/);
  });

  it('fits any width, whatever the times', () => {
    const times = fc.array(fc.tuple(fc.nat(100_000), fc.nat(10_000)), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(times, fc.integer({ min: 40, max: 200 }), (all, width) => {
        const made = aPlan(all.map(([at, long], index) => trip(`m${index + 1}`, 's', 'h1', 'h2', at, long)));
        for (const by of ['step', 'host'] as const)
          for (const line of chart(made, by, width)) expect(textWidth(line)).toBeLessThanOrEqual(width);
      }),
      { seed: 3, numRuns: 100 },
    );
  });

  it('manages thousands of steps', () => {
    const many = Array.from({ length: 5000 }, (_, at) =>
      trip(`m${at + 1}`, `s${at}`, `h${at % 500}`, 'x', at),
    );

    expect(chart(aPlan(many), 'step')).toHaveLength(49);
    expect(chart(aPlan(many), 'host').at(-4)).toContain('+++');
  });

  it('stands in the Markdown of a plan where it fits, in a fence that no name can close', () => {
    const ticked = aPlan([trip('m1', '```', 'h1', 'h2', 0)]);
    const many = aPlan(Array.from({ length: 61 }, (_, at) => trip(`m${at + 1}`, 's', 'h1', 'h2', at)));

    expect(planMarkdown(ticked)).toMatch(/## Timetable\n\n````text\nplan [^]+\n````\n/);
    expect(planMarkdown(many)).not.toContain('## Timetable');
  });
});

describe('the scale of a timeline', () => {
  const bar = (startSeconds: number, endSeconds: number): TimelineBar => ({
    ...{ step: 'm1', kind: 'live', stopOver: false, startSeconds, endSeconds },
  });

  it('gives each bar the columns of its time, one at least', () => {
    const scale = { columns: 10, seconds: 100 };

    expect(span(bar(0, 30), scale)).toEqual({ first: 0, last: 2 });
    expect(span(bar(30, 31), scale)).toEqual({ first: 3, last: 3 });
    expect(span(bar(30, 30), scale)).toEqual({ first: 3, last: 3 });
    expect(span(bar(100, 100), scale)).toEqual({ first: 9, last: 9 });
  });

  it('counts what runs at one instant, not what shares a column', () => {
    const scale = { columns: 4, seconds: 40 };

    expect(atOnce([bar(0, 15), bar(15, 40)], scale)).toEqual([1, 1, 1, 1]);
    expect(atOnce([bar(0, 16), bar(15, 40)], scale)).toEqual([1, 2, 1, 1]);
    expect(atOnce([bar(0, 10), bar(5, 5)], scale)).toEqual([1, 0, 0, 0]);
  });

  it('has round times that stand apart', () => {
    expect(ticks({ columns: 60, seconds: 185 }, 12)).toEqual([0, 60, 120, 180]);
    expect(ticks({ columns: 60, seconds: 3 * 86_400 }, 12)).toEqual([0, 86_400, 172_800, 259_200]);
  });
});
