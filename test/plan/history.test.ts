import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { RuleContext } from '../../src/constraints/context.ts';
import { balanceOf } from '../../src/plan/history/balance.ts';
import type { History } from '../../src/plan/history/history.ts';
import { createBoard } from '../../src/plan/history/board.ts';
import { historyOf } from '../../src/plan/history/replay-history.ts';
import { useOverTime } from '../../src/plan/peak-use.ts';
import { runSteps } from '../../src/plan/run-steps.ts';
import { frozenStretches, shutStretches } from '../../src/plan/shut-stretches.ts';
import { createState } from '../../src/replay/state.ts';
import { createBackend } from '../../src/solve/backends/registry.ts';
import { aConfirm, aPlan } from '../report/sample-plan.ts';
import { aCell, aCloud, aContext, aHost, anArrival, aServer } from '../support/builders.ts';
import { balance, consolidate, plan } from '../support/planning.ts';
import { cloudOf, cloudShapes } from '../support/random-cloud.ts';
import { after, move } from './small-plan.ts';

const backend = createBackend('highs');
afterAll(() => backend.close());

/** What is used of a resource of a host after each event, before the plan first. */
function courseOf(
  history: History,
  host: string,
  resource: string,
  cell?: number,
): readonly (number | undefined)[] {
  const at = history.resources.findIndex(({ name }) => name === resource);
  const own = history.hosts
    .find((one) => one.host === host)
    ?.cells.find(({ id }) => id === cell)
    ?.meters.find((one) => one.resource === at)?.meter;
  let now = history.used[own ?? -1];
  const course = [now];
  for (const { changes } of history.events) {
    now = (now ?? 0) + changes.reduce((sum, { meter, by }) => sum + (meter === own ? by : 0), 0);
    course.push(now);
  }
  return course;
}

const eventsOf = ({ events }: History): readonly string[] =>
  events.map(({ atSeconds, step, what }) => `${atSeconds} ${step} ${what}`);

describe('the history of a cloud', () => {
  it('charges the destination of a live migration from the request on, and the source until the end', () => {
    const context = aContext(aCloud({ servers: [aServer('a', 'h1', { vcpus: 3, memoryGiB: 5 })] }));

    const history = historyOf([move('m1', 'a', 'h1', 'h2')], context);

    expect(eventsOf(history)).toEqual(['0 m1 requested', '60 m1 ended']);
    expect(courseOf(history, 'h1', 'VCPU')).toEqual([3, 3, 0]);
    expect(courseOf(history, 'h2', 'VCPU')).toEqual([0, 3, 3]);
    expect(courseOf(history, 'h2', 'MEMORY_MB')).toEqual([0, 5120, 5120]);
  });

  it('frees the source of a cold migration with its confirm', () => {
    const context = aContext(aCloud({ servers: [aServer('a', 'h1')] }), { allow: ['cold'] });
    const confirm = aConfirm({ server: anArrival(context, 'a', 'h2').server.id, of: 'm1' });

    const history = historyOf([move('m1', 'a', 'h1', 'h2', { kind: 'cold' }), confirm], context);

    expect(eventsOf(history)).toEqual(['0 m1 requested', '60 m1 ended', '60 s2 requested', '65 s2 ended']);
    expect(courseOf(history, 'h1', 'VCPU')).toEqual([2, 2, 2, 2, 0]);
  });

  it('has CPUs, memory and pages of each NUMA cell, and what there is of them', () => {
    const cells = [aCell(0, { cores: 4, shared: 1, bigPages: 8 }), aCell(4, { cores: 4, bigPages: 8 })];
    const hosts = ['h1', 'h2'].map((name) => aHost(name, { pcpu: 14, cells }));
    const pinned = aServer('a', 'h1', {
      vcpus: 4,
      extraSpecs: { 'hw:cpu_policy': 'dedicated', 'hw:mem_page_size': '1GB' },
      topology: {
        kind: 'placed',
        topology: {
          cells: [
            {
              hostCellId: 4,
              sharedVcpus: [],
              dedicatedVcpus: [0, 1, 2, 3],
              pinning: [
                [0, 4000],
                [1, 4500],
                [2, 4001],
                [3, 4501],
              ],
              memoryMiB: 4096,
              pageSizeKiB: 1_048_576,
            },
          ],
        },
      },
    });
    const context = aContext(aCloud({ hosts, servers: [pinned] }));

    const history = historyOf([move('m1', 'a', 'h1', 'h2')], context);

    expect(courseOf(history, 'h1', 'dedicated CPUs', 4)).toEqual([4, 4, 0]);
    expect(courseOf(history, 'h1', '1 GiB pages', 4)).toEqual([4, 4, 0]);
    const there = [0, 4].map((cell) => courseOf(history, 'h2', 'dedicated CPUs', cell)[2]);
    expect(there.toSorted()).toEqual([0, 4]);
    const [, first] = history.hosts[0]?.cells ?? [];
    expect(first?.id).toBe(0);
    expect(
      first?.meters.map(({ resource, meter }) => [history.resources[resource]?.name, history.total[meter]]),
    ).toEqual([
      ['shared CPUs', 2],
      ['dedicated CPUs', 6],
      ['memory', 65536],
      ['1 GiB pages', 8],
    ]);
  });

  it('passes over what means nothing on the cloud, and says so', () => {
    const context = aContext(aCloud({ servers: [aServer('a', 'h1'), aServer('b', 'h2')] }));
    const steps = [
      move('m1', 'a', 'h2', 'h1'),
      move('m2', 'gone', 'h1', 'h2'),
      move('m3', 'a', 'h1', 'nowhere'),
      move('m4', 'b', 'h2', 'h1'),
    ];

    const history = historyOf(steps, context);

    expect(history.passedOver).toEqual(['m1', 'm2', 'm3']);
    expect(eventsOf(history)).toEqual(['0 m4 requested', '60 m4 ended']);
  });

  it('ends at one instant before it requests, and what takes no time at once', () => {
    const servers = [aServer('a', 'h1'), aServer('b', 'h1'), aServer('c', 'h2')];
    const context = aContext(aCloud({ servers }));
    const steps = [
      move('m1', 'a', 'h1', 'h2'),
      move('m2', 'b', 'h1', 'h2', { startSeconds: 60, endSeconds: 60, ...after('m1') }),
      move('m3', 'c', 'h2', 'h1', { startSeconds: 60 }),
    ];

    expect(eventsOf(historyOf(steps, context))).toEqual([
      '0 m1 requested',
      '60 m1 ended',
      '60 m2 requested',
      '60 m2 ended',
      '60 m3 requested',
      '120 m3 ended',
    ]);
  });

  it('ends as the plan does, and never uses less than nothing or more than there is', async () => {
    let moved = 0;
    await fc.assert(
      fc.asyncProperty(cloudShapes(), fc.constantFrom(consolidate, balance), async (shape, goal) => {
        const cloud = cloudOf(shape);
        const context = aContext(cloud, { allow: ['cold', 'nic-detach'] });
        const outcome = await plan(cloud, goal, backend, { allow: ['cold', 'nic-detach'] });
        if (outcome.kind !== 'planned') return;

        const history = historyOf(outcome.plan.steps, context);

        expect(history.passedOver).toEqual([]);
        expect(lastOf(history)).toEqual(endOf(outcome.plan.steps, context));
        const now = [...history.used];
        for (const { changes } of history.events)
          for (const { meter, by } of changes) {
            const before = now[meter] ?? 0;
            const next = before + by;
            now[meter] = next;
            moved += 1;
            expect(next).toBeGreaterThanOrEqual(Math.min(0, before));
            if (by > 0)
              expect(next).toBeLessThanOrEqual(Math.max(history.total[meter] ?? 0, history.used[meter] ?? 0));
          }
      }),
      { numRuns: 60, seed: 71 },
    );
    expect(moved).toBeGreaterThan(200);
  });
});

function lastOf({ used, events }: History): readonly number[] {
  const now = [...used];
  for (const { changes } of events) for (const { meter, by } of changes) now[meter] = (now[meter] ?? 0) + by;
  return now;
}

/** What the meters read where the verifier's replay ends. */
function endOf(steps: Parameters<typeof runSteps>[0], context: RuleContext): readonly number[] {
  const state = createState(context);
  const board = createBoard(context, state);
  runSteps(steps, state, context, () => true);
  const end = [...board.used];
  for (const { meter, by } of board.changes(context.cloud.hosts.keys())) end[meter] = (end[meter] ?? 0) + by;
  return end;
}

describe('the balance of a plan', () => {
  it('is told of the resources that the goal balances, of hosts that have them', () => {
    const hosts = [aHost('h1'), aHost('h2', { vcpu: 32 })];
    const servers = [aServer('a', 'h1', { vcpus: 4 }), aServer('b', 'h1', { vcpus: 4 })];
    const context = aContext(aCloud({ hosts, servers }));
    const history = historyOf([move('m1', 'a', 'h1', 'h2')], context);

    expect(balanceOf(history, balance)[0]).toEqual({
      resource: 'VCPU',
      before: { highest: 50, lowest: 0, mean: 100 / 6 },
      after: { highest: 25, lowest: 12.5, mean: 100 / 6 },
    });
    expect(balanceOf(history, balance).map(({ resource }) => resource)).toEqual(['VCPU', 'MEMORY_MB']);
    expect(balanceOf(history, consolidate)).toEqual([]);
  });
});

describe('use over time', () => {
  it('is one step for what starts and ends at an instant', () => {
    const use = (startSeconds: number, endSeconds: number, amount: number) => ({
      step: 'm',
      startSeconds,
      endSeconds,
      amount,
    });

    expect(useOverTime([use(0, 10, 5), use(10, 20, 5), use(5, 15, 2), use(30, 40, 1)])).toEqual([
      { atSeconds: 0, amount: 5 },
      { atSeconds: 5, amount: 7 },
      { atSeconds: 15, amount: 5 },
      { atSeconds: 20, amount: 0 },
      { atSeconds: 30, amount: 1 },
      { atSeconds: 40, amount: 0 },
    ]);
  });
});

describe('shut stretches', () => {
  it('are what lies between windows, from the start of the plan to its end', () => {
    const made = aPlan([move('m1', 'a', 'h1', 'h2', { startSeconds: 86_400 })]);
    const calendar = {
      startsAt: '2026-11-23T22:00:00Z',
      timezone: 'Z',
      windows: ['22:00-06:00'],
      days: [],
      freezes: [],
    };
    const { options } = made.basedOn;
    const planned = { ...made, basedOn: { ...made.basedOn, options: { ...options, calendar } } };

    expect(shutStretches(planned)).toEqual([{ from: 28_800, to: 86_400 }]);
    expect(shutStretches(made)).toEqual([]);
  });
});

describe('frozen stretches', () => {
  it('are those of the freezes that fall into the plan, each with what it is of', () => {
    const made = aPlan([move('m1', 'a', 'h1', 'h2', { startSeconds: 3540 })]);
    const freeze = (of: string, from: string, to: string) => ({ of, from, to });
    const calendar = {
      startsAt: '2026-11-23T22:00:00Z',
      timezone: 'Z',
      windows: [],
      days: [],
      freezes: [
        freeze('tag:db', '2026-11-23T21:00:00Z', '2026-11-23T22:10:00Z'),
        freeze('host:h1', '2026-11-23T22:50:00Z', '2026-11-24T01:00:00+01:00'),
        freeze('host:over', '2026-11-23T20:00:00Z', '2026-11-23T22:00:00Z'),
        freeze('host:later', '2026-11-23T23:00:00Z', '2026-11-24T00:00:00Z'),
      ],
    };
    const { options } = made.basedOn;
    const planned = { ...made, basedOn: { ...made.basedOn, options: { ...options, calendar } } };

    expect(made.timetable.makespanSeconds).toBe(3600);
    expect(frozenStretches(planned)).toEqual([
      { of: 'tag:db', from: 0, to: 600 },
      { of: 'host:h1', from: 3000, to: 3600 },
    ]);
    expect(frozenStretches(made)).toEqual([]);
  });
});
