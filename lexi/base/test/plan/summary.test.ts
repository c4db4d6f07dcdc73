import { describe, expect, it } from 'vitest';
import { hostId, serverId } from '../../src/model/ids.ts';
import type { Migration } from '../../src/model/migration.ts';
import type { PlanSummary, Step } from '../../src/plan/plan.ts';
import { runSteps } from '../../src/plan/run-steps.ts';
import { summarise } from '../../src/plan/summary.ts';
import { createState } from '../../src/replay/state.ts';
import { aConfirm, aServiceStep } from '../report/sample-plan.ts';
import { aCloud, aContext, aHost, aServer } from '../support/builders.ts';
import { after, move } from './small-plan.ts';

const hosts = [aHost('h1'), aHost('h2'), aHost('h3')];
const cloud = aCloud({ hosts, servers: [aServer('a', 'h1'), aServer('b', 'h2')] });

const summaryOf = (steps: readonly Step[], of = cloud): PlanSummary => {
  const context = aContext(of);
  const state = createState(context);
  runSteps(steps, state, context, () => true);
  return summarise(steps, context, state, 3, 2);
};

const disable = (id: string, host: string) => aServiceStep({ id, host: hostId(host) });
const enable = (id: string, host: string) => aServiceStep({ id, kind: 'enable-service', host: hostId(host) });

describe('the figures of a summary', () => {
  it('count moves, migrations by kind, what they copy and how long it takes', () => {
    const steps = [
      move('m1', 'a', 'h1', 'h3', { stopOver: true, endSeconds: 40 }),
      move('m2', 'a', 'h3', 'h2', { ...after('m1'), startSeconds: 40, endSeconds: 90 }),
      move('m3', 'b', 'h2', 'h3', { kind: 'cold', storage: 'shared', endSeconds: 70 }),
      aConfirm({ id: 'c3', server: serverId('b'), of: 'm3', ...after('m3') }),
    ];

    expect(summaryOf(steps)).toEqual({
      hostsFreed: ['h1'],
      spareHosts: ['h1'],
      moves: 2,
      liveMigrations: 2,
      coldMigrations: 1,
      stopOvers: 1,
      memoryGiB: 12,
      diskGiB: 20,
      expectedSeconds: 90,
      violationsBefore: 3,
      violationsAfter: 2,
    });
  });

  it('are all nothing for a plan without steps', () => {
    expect(summaryOf([])).toMatchObject({ hostsFreed: [], moves: 0, memoryGiB: 0, expectedSeconds: 0 });
  });

  it('round memory once, at the end', () => {
    const half = { ...aServer('a', 'h1').flavor, memoryMiB: 700 };
    const small = aCloud({
      hosts,
      servers: [aServer('a', 'h1', { flavor: half }), aServer('b', 'h2', { flavor: half })],
    });

    expect(summaryOf([move('m1', 'a', 'h1', 'h3'), move('m2', 'b', 'h2', 'h3')], small).memoryGiB).toBe(1);
  });

  it('can be made of more steps than a function takes arguments', () => {
    const steps = Array.from({ length: 200_000 }, (_, k) =>
      move(`m${k}`, 'a', 'h1', 'h2', { endSeconds: k }),
    );
    const context = aContext(cloud);

    expect(summarise(steps, context, createState(context), 0, 0).expectedSeconds).toBe(199_999);
  });
});

describe('a freed host', () => {
  const freed = (steps: readonly Step[], of = cloud) => summaryOf(steps, of).hostsFreed;

  it('is one that servers left and on which nothing is at the end', () => {
    expect(freed([move('m1', 'a', 'h1', 'h2')])).toEqual(['h1']);
    expect(freed([move('m1', 'a', 'h1', 'h3'), move('m2', 'b', 'h2', 'h3')])).toEqual(['h1', 'h2']);
  });

  it('is not one that only was a stop-over', () => {
    const steps = [move('m1', 'a', 'h1', 'h3', { stopOver: true }), move('m2', 'a', 'h3', 'h2', after('m1'))];

    expect(freed(steps)).toEqual(['h1']);
  });

  it('is one that was a stop-over and was in use before', () => {
    const steps = [
      move('m1', 'b', 'h2', 'h3'),
      move('m2', 'a', 'h1', 'h2', { stopOver: true, ...after('m1') }),
      move('m3', 'a', 'h2', 'h3', after('m2')),
    ];

    expect(freed(steps)).toEqual(['h1', 'h2']);
  });

  it('is not one to which another server came, or that keeps one that cannot move', () => {
    const stuck = aCloud({ hosts, servers: [aServer('a', 'h1'), aServer('l', 'h1', { locked: true })] });

    expect(freed([move('m1', 'a', 'h1', 'h3'), move('m2', 'b', 'h2', 'h1', after('m1'))])).toEqual(['h2']);
    expect(freed([move('m1', 'a', 'h1', 'h2')], stuck)).toEqual([]);
  });

  it('is not one that waits for the confirm of a cold migration, of the plan or of before', () => {
    const resized: Migration = {
      id: 1,
      server: serverId('b'),
      type: 'resize',
      status: 'finished',
      source: hostId('h1'),
      destination: hostId('h2'),
    };

    expect(freed([move('m1', 'a', 'h1', 'h2', { kind: 'cold' })])).toEqual([]);
    expect(freed([move('m1', 'a', 'h1', 'h3')], { ...cloud, migrations: [resized] })).toEqual([]);
  });

  it('is not one to which a migration of before is on its way', () => {
    const coming: Migration = {
      id: 1,
      server: serverId('b'),
      type: 'live-migration',
      status: 'running',
      source: hostId('h2'),
      destination: hostId('h1'),
    };

    expect(freed([move('m1', 'a', 'h1', 'h3')], { ...cloud, migrations: [coming] })).toEqual([]);
  });

  it('is not one that was evacuated: what its servers left is there until it comes back', () => {
    expect(freed([move('m1', 'a', 'h1', 'h2', { kind: 'evacuate' })])).toEqual([]);
  });
});

describe('a spare host', () => {
  const spares = (steps: readonly Step[], of = cloud) => summaryOf(steps, of).spareHosts;
  const leaving = [move('m1', 'a', 'h1', 'h3'), move('m2', 'b', 'h2', 'h3')];

  it('is a freed one that is enabled at the end', () => {
    expect(spares(leaving)).toEqual(['h1', 'h2']);
    expect(spares([disable('d1', 'h1'), ...leaving])).toEqual(['h2']);
    expect(spares([disable('d1', 'h1'), disable('d2', 'h2'), ...leaving, enable('e1', 'h2')])).toEqual([
      'h2',
    ]);
  });

  it('is not one that was disabled before the plan', () => {
    const service = { status: 'disabled', state: 'up', forcedDown: false } as const;
    const closed = aCloud({
      hosts: [aHost('h1', { service }), aHost('h2'), aHost('h3')],
      servers: [...cloud.servers.values()],
    });

    expect(spares(leaving, closed)).toEqual(['h2']);
  });
});
