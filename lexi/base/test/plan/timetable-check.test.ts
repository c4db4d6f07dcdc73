import { describe, expect, it } from 'vitest';
import { serverId } from '../../src/model/ids.ts';
import type { Step } from '../../src/plan/plan.ts';
import { checkTimetable } from '../../src/plan/timetable-check.ts';
import { aConfirm } from '../report/sample-plan.ts';
import { aCloud, aHost, someConfig } from '../support/builders.ts';
import { after, move, planOf } from './small-plan.ts';

const limited = (value: number) => ({
  ...someConfig,
  maxConcurrentLiveMigrations: { value, known: true },
});
const check = (steps: readonly Step[], limit = 1) =>
  checkTimetable(planOf(steps), aCloud({ config: limited(limit) })).map(({ step, text }) =>
    step === undefined ? text : `${step} ${text}`,
  );
const at = (startSeconds: number, endSeconds: number) => ({ startSeconds, endSeconds });

describe('a step', () => {
  it('starts no sooner than what it waits for ends', () => {
    const first = move('m1', 'a', 'h1', 'h2', at(0, 60));

    expect(check([first, move('m2', 'b', 'h2', 'h1', { ...after('m1'), ...at(60, 90) })])).toEqual([]);
    expect(check([first, move('m2', 'b', 'h2', 'h1', { ...after('m1'), ...at(59, 90) })])).toEqual([
      'm2 starts at 59 s, before m1 ends at 60 s',
    ]);
  });

  it('waits through steps that have no times of their own', () => {
    const cold = [
      move('m1', 'a', 'h1', 'h2', { kind: 'cold', ...at(0, 60) }),
      aConfirm({ id: 'c1', server: serverId('a'), of: 'm1', ...after('m1') }),
    ];

    expect(check([...cold, move('m2', 'b', 'h2', 'h1', { ...after('c1'), ...at(60, 90) })])).toEqual([]);
    expect(check([...cold, move('m2', 'b', 'h2', 'h1', { ...after('c1'), ...at(10, 90) })])).toEqual([
      'm2 starts at 10 s, before c1 ends at 60 s',
    ]);
  });

  it('starts no sooner than what it is to be requested after', () => {
    const first = move('m1', 'a', 'h1', 'h3', at(20, 60));
    const second = (startSeconds: number) =>
      move('m2', 'b', 'h2', 'h3', { requestAfter: ['m1'], ...at(startSeconds, 90) });

    expect(check([first, second(25)])).toEqual([]);
    expect(check([first, second(5)])).toEqual(['m2 starts at 5 s, before m1 is requested at 20 s']);
  });
});

describe('live migrations that leave a host at the same time', () => {
  const two = [move('m1', 'a', 'h1', 'h2', at(0, 60)), move('m2', 'b', 'h1', 'h3', at(30, 90))];

  it('are no more than Nova runs at once', () => {
    expect(check(two)).toEqual(['2 migrations leave h1 at the same time, limit 1']);
    expect(check(two, 2)).toEqual([]);
  });

  it('are told with both numbers', () => {
    expect(checkTimetable(planOf(two), aCloud())).toEqual([
      {
        code: 'timetable',
        text: '2 migrations leave h1 at the same time, limit 1',
        measured: 2,
        limit: 1,
      },
    ]);
  });

  it('have no limit where Nova is told 0', () => {
    expect(check(two, 0)).toEqual([]);
  });

  it('follow the setting of their host, where it has one', () => {
    const host = aHost('h1', { config: limited(2) });

    expect(checkTimetable(planOf(two), aCloud({ hosts: [host] }))).toEqual([]);
  });

  it('may follow one another without a gap, and leave different hosts', () => {
    const inTurn = [move('m1', 'a', 'h1', 'h2', at(0, 60)), move('m2', 'b', 'h1', 'h3', at(60, 90))];
    const apart = [move('m1', 'a', 'h1', 'h3', at(0, 60)), move('m2', 'b', 'h2', 'h3', at(30, 90))];

    expect(check(inTurn)).toEqual([]);
    expect(check(inTurn.toReversed())).toEqual([]);
    expect(check(apart)).toEqual([]);
  });

  it('do not count cold ones, for which Nova has no such limit', () => {
    const [live, other] = two;

    expect(
      live === undefined || other === undefined ? [] : check([live, { ...other, kind: 'cold' }]),
    ).toEqual([]);
  });
});
