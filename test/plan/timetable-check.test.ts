import { describe, expect, it } from 'vitest';
import { serverId } from '../../src/model/ids.ts';
import type { Step } from '../../src/plan/plan.ts';
import { checkTimetable } from '../../src/plan/timetable-check.ts';
import { aConfirm, aServiceStep } from '../report/sample-plan.ts';
import { aCloud, aHost, aServer, someConfig } from '../support/builders.ts';
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

  it('of any kind waits', () => {
    const cold = move('m1', 'a', 'h1', 'h2', { kind: 'cold', ...at(0, 60) });
    const confirm = (from: number) =>
      aConfirm({ id: 'c1', server: serverId('a'), of: 'm1', ...after('m1'), ...at(from, from + 5) });
    const enable = (from: number) =>
      aServiceStep({ id: 'e1', kind: 'enable-service', ...after('c1'), ...at(from, from) });

    expect(check([cold, confirm(60), enable(65)])).toEqual([]);
    expect(check([cold, confirm(59), enable(65)])).toEqual(['c1 starts at 59 s, before m1 ends at 60 s']);
    expect(check([cold, confirm(60), enable(64)])).toEqual(['e1 starts at 64 s, before c1 ends at 65 s']);
  });

  it('takes the time that is expected of it', () => {
    const { requestAfter, dependsOn, wave, microversion, reason, undo, guards } = aServiceStep();
    const wait = (endSeconds: number): Step => ({
      ...{ requestAfter, dependsOn, wave, microversion, reason, undo, guards },
      ...{ kind: 'wait', id: 'w1', seconds: 30, startSeconds: 0, endSeconds },
    });
    const confirm = (endSeconds: number) => [
      move('m1', 'a', 'h1', 'h2', { kind: 'cold', ...at(0, 60) }),
      aConfirm({ id: 'c1', server: serverId('a'), of: 'm1', ...after('m1'), ...at(60, endSeconds) }),
    ];

    expect(check([{ ...move('m1', 'a', 'h1', 'h2', at(0, 60)), endSeconds: 59 }])).toEqual([
      'm1 takes 59 s in the timetable, 60 s are expected',
    ]);
    expect(check(confirm(65))).toEqual([]);
    expect(check(confirm(70))).toEqual(['c1 takes 10 s in the timetable, 5 s are expected']);
    expect(check([wait(30)])).toEqual([]);
    expect(check([wait(20)])).toEqual(['w1 takes 20 s in the timetable, 30 s are expected']);
    expect(check([aServiceStep({ endSeconds: 1 })])).toEqual([
      'd1 takes 1 s in the timetable, 0 s are expected',
    ]);
  });

  it('starts no sooner than Nova has accepted what it is to be requested after', () => {
    const first = move('m1', 'a', 'h1', 'h3', at(20, 60));
    const second = (startSeconds: number) =>
      move('m2', 'b', 'h2', 'h3', { requestAfter: ['m1'], ...at(startSeconds, 90) });

    expect(check([first, second(25)])).toEqual([]);
    expect(check([first, second(24)])).toEqual(['m2 starts at 24 s, before Nova has accepted m1 at 25 s']);
  });
});

describe('live migrations that leave a host at the same time', () => {
  const two = [move('m1', 'a', 'h1', 'h2', at(0, 60)), move('m2', 'b', 'h1', 'h3', at(30, 90))];

  it('are no more than Nova runs at once', () => {
    expect(check(two)).toEqual(['m2 2 migrations leave h1 at the same time, limit 1']);
    expect(check(two, 2)).toEqual([]);
  });

  it('are told with both numbers', () => {
    expect(checkTimetable(planOf(two), aCloud())).toEqual([
      {
        code: 'timetable',
        step: 'm2',
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

describe('links at every instant', () => {
  const hosts = ['h1', 'h2', 'h3', 'h4'].map((name) => aHost(name, { rack: name < 'h3' ? 'a' : 'b' }));
  const servers = [aServer('a', 'h1'), aServer('b', 'h2')];
  const uplink = { name: 'up-a', members: ['a'], bandwidthMbps: 15_000, fullDuplex: true };
  const steps = (second: number) => [
    move('m1', 'a', 'h1', 'h3', at(0, 60)),
    move('m2', 'b', 'h2', 'h4', at(second, second + 60)),
  ];
  const found = (moves: readonly Step[], over: Parameters<typeof aCloud>[0] = {}) =>
    checkTimetable(planOf(moves), aCloud({ hosts, servers, links: [uplink], ...over }));

  it('carry no more than they can, each told with the step that is too much', () => {
    expect(found(steps(60))).toEqual([]);
    expect(found(steps(59))).toEqual([
      {
        code: 'timetable',
        step: 'm2',
        text: '20000 Mbit/s cross the link up-a, outbound at 59 s, limit 15000',
        measured: 20_000,
        limit: 15_000,
      },
    ]);
  });

  it('are the NICs of hosts too, and a share of all of them where that was asked for', () => {
    const together = [move('m1', 'a', 'h1', 'h3', at(0, 60)), move('m2', 'b', 'h2', 'h3', at(10, 70))];

    expect(found(together, { links: [] }).map(({ text }) => text)).toEqual([
      '20000 Mbit/s cross the inbound link of h3 at 10 s, limit 10000',
    ]);
    expect(found(steps(59), { networkLimits: { migrationMbps: 7500 } })).toEqual([]);
    expect(
      found(steps(59), { networkLimits: { migrationMbps: 7500, networkSharePercent: 80 } }),
    ).toMatchObject([{ measured: 15_000, limit: 12_000 }]);
  });

  it('are those of the half-duplex kind in both directions together', () => {
    const back = [move('m1', 'a', 'h1', 'h3', at(0, 60)), move('m2', 'c', 'h4', 'h2', at(0, 60))];
    const three = [...servers, aServer('c', 'h4')];

    expect(found(back, { servers: three })).toEqual([]);
    expect(found(back, { servers: three, links: [{ ...uplink, fullDuplex: false }] })).toMatchObject([
      { text: '20000 Mbit/s cross the link up-a at 0 s, limit 15000' },
    ]);
  });
});
