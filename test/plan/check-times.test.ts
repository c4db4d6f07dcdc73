import { describe, expect, it } from 'vitest';
import { hostId } from '../../src/model/ids.ts';
import type { MigrationStep, PlanTimetable } from '../../src/plan/plan.ts';
import { aServiceStep } from '../report/sample-plan.ts';
import { aCloud, aContext, aHost, aServer } from '../support/builders.ts';
import { after, foreseen, move, planOf, told, verify } from './small-plan.ts';

const cloud = aCloud({
  hosts: [aHost('h1', { rack: 'a' }), aHost('h2', { rack: 'b' })],
  servers: [aServer('a', 'h1'), aServer('b', 'h1')],
  links: [{ name: 'up-a', members: ['a'], bandwidthMbps: 40_000, fullDuplex: true }],
});
const context = aContext(cloud);
const [first] = foreseen([move('m1', 'a', 'h1', 'h2', after('d1'))], cloud);
const end = first?.endSeconds ?? 0;
const steps = foreseen(
  [
    aServiceStep({ id: 'd1', host: hostId('h1') }),
    move('m1', 'a', 'h1', 'h2', after('d1')),
    move('m2', 'b', 'h1', 'h2', { ...after('m1'), startSeconds: end, wave: 2 }),
  ],
  cloud,
);
const plan = planOf(steps, { cloud });

describe('the timetable of a plan', () => {
  it('has its makespan, the sum of ends, waves with their spans, and links with the most that they carry', () => {
    expect(plan.timetable).toEqual({
      makespanSeconds: 2 * end,
      sumOfEndSeconds: 3 * end,
      waves: [
        { wave: 1, startSeconds: 0, endSeconds: end, steps: ['d1', 'm1'] },
        { wave: 2, startSeconds: end, endSeconds: 2 * end, steps: ['m2'] },
      ],
      links: [
        { link: 'link up-a, outbound', capacityMbps: 40_000, peakMbps: 10_000, steps: ['m1', 'm2'] },
        { link: 'outbound link of h1', capacityMbps: 10_000, peakMbps: 10_000, steps: ['m1', 'm2'] },
        { link: 'inbound link of h2', capacityMbps: 10_000, peakMbps: 10_000, steps: ['m1', 'm2'] },
      ],
    });
  });

  const said = (over: Partial<PlanTimetable>): readonly string[] =>
    told(verify({ ...plan, timetable: { ...plan.timetable, ...over } }, context), 'times-differ');
  const [wave, ...waves] = plan.timetable.waves;
  const [, ...links] = plan.timetable.links;

  it('is verified', () => {
    expect(said({})).toEqual([]);
    expect(said({ boundSeconds: end, outcome: 'feasible' })).toEqual([]);
    expect(said({ boundSeconds: 2 * end, outcome: 'optimal' })).toEqual([]);
  });

  it.each([
    [{ makespanSeconds: 1 }, `the timetable says makespanSeconds 1, it is ${2 * end}`],
    [{ sumOfEndSeconds: 1 }, `the timetable says sumOfEndSeconds 1, it is ${3 * end}`],
    [{ boundSeconds: 9999 }, `the timetable says boundSeconds 9999, it is ${2 * end}`],
    [
      { boundSeconds: 1, outcome: 'optimal' },
      `the timetable says an optimal makespanSeconds ${2 * end}, it is 1`,
    ],
    [{ outcome: 'optimal' }, `the timetable says an optimal makespanSeconds ${2 * end}, it is 0`],
    [{ waves }, 'the timetable says of wave 1: '],
    [
      { waves: wave === undefined ? [] : [{ ...wave, steps: ['d1'] }, ...waves] },
      'the timetable says of wave 1: ',
    ],
    [{ links }, 'the timetable says of link link up-a, outbound: '],
    [
      { links: plan.timetable.links.map((link) => ({ ...link, peakMbps: 1 })) },
      'the timetable says of link ',
    ],
  ] as const)('is refused with other figures: %o', (over, words) => {
    const [finding = '', ...more] = said(over);

    expect(finding.slice(0, words.length)).toBe(words);
    expect(more).toEqual([]);
  });
});

describe('what a plan foresees of a migration', () => {
  const found = (predicted: Partial<MigrationStep['predicted']>): readonly string[] =>
    told(
      verify(
        planOf(
          steps.map((step) =>
            step.id === 'm2' && 'predicted' in step
              ? { ...step, predicted: { ...step.predicted, ...predicted } }
              : step,
          ),
          { cloud },
        ),
        context,
      ),
      'times-differ',
    );
  const seconds = first?.predicted.seconds ?? { low: 0, expected: 0, high: 0 };

  it('is what the transfer model says', () => {
    expect(found({})).toEqual([]);
    expect(found({ bytes: 7 })).toEqual([
      `m2: the plan says bytes 7, the transfer model ${first?.predicted.bytes ?? NaN}`,
    ]);
    expect(found({ downtimeMs: 7 })).toEqual([
      `m2: the plan says milliseconds of downtime 7, the transfer model ${first?.predicted.downtimeMs ?? NaN}`,
    ]);
    expect(found({ downtimeHighMs: 7 })).toEqual([
      `m2: the plan says milliseconds of downtime at most 7, the transfer model ${first?.predicted.downtimeHighMs ?? NaN}`,
    ]);
    expect(found({ seconds: { ...seconds, low: 0 } })).toHaveLength(1);
    expect(found({ seconds: { ...seconds, expected: seconds.expected - 1 } })).toHaveLength(1);
    expect(found({ seconds: { ...seconds, high: seconds.high + 1 } })).toHaveLength(1);
  });
});
