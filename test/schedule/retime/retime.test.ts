import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderOutcome } from '../../../src/schedule/ordered.ts';
import { withoutOrder } from '../../../src/schedule/retime/timing-problem.ts';
import { createRng } from '../../../src/shared/rng.ts';
import { aCloud, aContext, aHost, aServer } from '../../support/builders.ts';
import { randomCloud, stopped } from '../random-cloud.ts';
import { execute, migrationOf, order, stepsOf, trips } from '../support.ts';
import type { Calendar } from '../../../src/replay/calendar/calendar.ts';
import { firstOpen, type Interval } from '../../../src/replay/calendar/intervals.ts';

const closedFor = (closed: (server: string) => readonly Interval[]): Calendar => ({
  shut: [],
  closed,
  opensAt: ({ server }, at, seconds) => firstOpen(closed(server), at, seconds),
});

const hosts = ['h1', 'h2', 'h3', 'h4'].map((name) => aHost(name));
const big = (name: string, host: string, memoryGiB: number) => aServer(name, host, { memoryGiB });

const timingOf = (outcome: OrderOutcome) => {
  if (outcome.kind !== 'ordered') throw new Error('no timing');
  return outcome.timing;
};

describe('the times of an order', () => {
  it('do not wait for a departure without which the arrival is legal as well', () => {
    const servers = [big('a', 'h1', 60), big('b', 'h1', 2), big('x', 'h2', 1)];
    const context = aContext(aCloud({ hosts, servers }));

    const outcome = order(context, { a: 'h3', b: 'h2', x: 'h4' });

    const step = stepsOf(outcome).find((one) => one.kind === 'migrate' && one.arrival.server.id === 'b');
    expect(step).toMatchObject({ startSeconds: 0, dependsOn: [] });
  });

  it('wait for as few departures as make room', () => {
    const servers = [big('a', 'h1', 40), big('x', 'h2', 8), big('y', 'h2', 40), big('z', 'h2', 4)];
    const three = { value: 3, known: true };
    const cloud = aCloud({ hosts, servers });
    const config = { ...cloud.config, maxConcurrentLiveMigrations: three };

    const outcome = order(aContext({ ...cloud, config }), { a: 'h2', x: 'h3', y: 'h4', z: 'h3' });

    const stepOf = (server: string) =>
      stepsOf(outcome).find((one) => one.kind === 'migrate' && one.arrival.server.id === server);
    const y = stepOf('y');
    expect(stepOf('a')).toMatchObject({
      startSeconds: y?.endSeconds,
      dependsOn: [{ step: y?.id, reason: 'frees 40960 MiB on h2' }],
    });
  });

  it('put the shorter of two first where neither makes all longer', () => {
    const context = aContext(aCloud({ hosts, servers: [big('a', 'h1', 60), big('b', 'h1', 4)] }));

    const outcome = order(context, { a: 'h2', b: 'h3' });

    expect(trips(outcome)).toEqual(['m1 b h1>h3', 'm2 a h1>h2']);
    const seconds = stepsOf(outcome).map((step) => step.endSeconds);
    expect(timingOf(outcome)).toEqual({
      makespanSeconds: seconds[1],
      sumOfEndSeconds: (seconds[0] ?? 0) + (seconds[1] ?? 0),
      boundSeconds: seconds[1],
      boundBy: 'volume',
      outcome: 'optimal',
    });
  });

  it('make steps wait for each other where only so many may run at a time', () => {
    const context = aContext(aCloud({ hosts, servers: [big('a', 'h1', 8), big('b', 'h2', 8)] }));

    const outcome = order(context, { a: 'h3', b: 'h4' }, { options: { maxParallel: 1 } });

    expect(migrationOf(outcome, 'm2').dependsOn).toEqual([{ step: 'm1', reason: 'one migration at a time' }]);
  });

  it('leave closed hours out', () => {
    const context = aContext(aCloud({ hosts, servers: [big('a', 'h1', 8), big('b', 'h2', 8)] }));
    const calendar = closedFor((server) => (server === 'a' ? [{ from: 0, to: 600 }] : []));

    const outcome = order(context, { a: 'h3', b: 'h4' }, { options: { calendar } });

    expect(stepsOf(outcome).map((step) => step.startSeconds)).toEqual([0, 600]);
    expect(timingOf(outcome)).toMatchObject({ boundBy: 'longest-chain', outcome: 'optimal' });
  });

  it('share one list of closed hours among all cold migrations, so that a bound compares it once', () => {
    const servers = ['a', 'b', 'c'].map((name) => ({ ...big(name, 'h1', 1), ...stopped }));
    const context = aContext(aCloud({ hosts, servers }), { allow: ['cold'] });
    const closed = [{ from: 0, to: 600 }];
    const options = { effort: 0, calendar: closedFor(() => closed) };
    const steps = stepsOf(order(context, { a: 'h2', b: 'h3', c: 'h4' }, { options }));

    const { tasks } = withoutOrder(steps, { heldBy: () => [], capacities: new Map() }, options);

    const lists = tasks.flatMap((task) => (task.closed === undefined ? [] : [task.closed]));
    expect(lists).toHaveLength(3);
    expect(new Set(lists).size).toBe(1);
  });

  it('keep to the number of migrations at a time and to closed hours in clouds of all kinds', () => {
    let crowded = 0;
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 3, max: 6 }), (seed, count) => {
        const { context, target } = randomCloud(createRng(seed), { hosts: count, fill: 70, walk: 60 });
        const calendar = closedFor((server) => (server < 's3' ? [{ from: 20, to: 300 }] : []));
        const options = { effort: 20_000, maxParallel: 2, calendar };
        const outcome = order(context, Object.fromEntries(target), { options });
        if (outcome.kind === 'deadlock') return;
        const { makespanSeconds, boundSeconds } = timingOf(outcome);
        expect(boundSeconds).toBeLessThanOrEqual(makespanSeconds);
        expect(makespanSeconds).toBe(Math.max(0, ...outcome.steps.map((step) => step.endSeconds)));
        for (const step of outcome.steps)
          if (step.kind === 'migrate' && step.arrival.server.id < 's3')
            expect(step.startSeconds >= 300 || step.endSeconds <= 20).toBe(true);
        for (let stream = 1; stream <= 3; stream += 1) {
          const rng = createRng(seed, stream);
          const choose = (choices: number) => rng.nextInt(choices);
          const problems = execute(outcome.steps, context, target, choose, (running) => {
            crowded = Math.max(crowded, running);
          });
          expect(problems).toEqual([]);
        }
      }),
      { numRuns: 25, seed: 20_261_121 },
    );
    expect(crowded).toBe(2);
  });
});
