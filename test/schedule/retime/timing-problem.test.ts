import { describe, expect, it } from 'vitest';
import { createHoldings, timingProblem, withoutOrder } from '../../../src/schedule/retime/timing-problem.ts';
import { waitsOf } from '../../../src/schedule/retime/waits.ts';
import type { TimetableProblem } from '../../../src/schedule/timetable/problem.ts';
import { aCloud, aContext, aGroup, aHost, aServer } from '../../support/builders.ts';
import { stopped } from '../random-cloud.ts';
import { order, requestOf, stepsOf, type OrderOver } from '../support.ts';

const hosts = ['h1', 'h2', 'h3', 'h4'].map((name) => aHost(name));

function problems(
  context: ReturnType<typeof aContext>,
  target: Readonly<Record<string, string>>,
  over: OrderOver = {},
) {
  const request = requestOf(context, target, over);
  const steps = stepsOf(order(context, target, over));
  const holdings = createHoldings(request);
  const waits = waitsOf(request, steps, () => []) ?? [];
  return {
    ordered: timingProblem(waits, holdings, request),
    free: withoutOrder(steps, holdings, request.options),
  };
}

const afters = ({ tasks }: TimetableProblem): readonly string[] =>
  tasks.map(({ id, after }) =>
    [id, ...after.map(({ task, kind, lagSeconds }) => `${kind} of ${task} + ${lagSeconds}`)].join(', '),
  );

describe('the times of an order as a problem', () => {
  it('have migrations wait for what frees their room, and confirms for what they confirm', () => {
    const cold = { ...aServer('a', 'h1', { memoryGiB: 64 }), ...stopped };
    const servers = [cold, aServer('b', 'h2', { memoryGiB: 64 })];
    const context = aContext(aCloud({ hosts, servers }), { allow: ['cold'] });

    const { ordered, free } = problems(context, { a: 'h3', b: 'h1' });

    expect(afters(ordered)).toEqual(['m1', 'c1, end of m1 + 0', 'm2, end of c1 + 0']);
    expect(afters(free).toSorted()).toEqual(['c1, end of m1 + 0', 'm1', 'm2']);
    expect(ordered.tasks.find(({ id }) => id === 'c1')).toMatchObject({ seconds: 5, uses: [] });
  });

  it('have arrivals of one host five seconds apart, and share what is limited', () => {
    const servers = [aServer('a', 'h1'), aServer('b', 'h2')];
    const context = aContext(aCloud({ hosts, servers }));

    const { ordered } = problems(context, { a: 'h3', b: 'h3' }, { options: { maxParallel: 2 } });

    expect(afters(ordered)).toEqual(['m1', 'm2, start of m1 + 5']);
    expect(ordered.resources.map(({ name, capacity }) => `${name} ${capacity}`)).toEqual([
      'outgoing h1 1',
      'nic h1 out 10000',
      'nic h3 in 10000',
      'all 2',
      'outgoing h2 1',
      'nic h2 out 10000',
    ]);
  });

  it('keep members of a group apart where the operator wants it', () => {
    const servers = [aServer('a', 'h1'), aServer('b', 'h2'), aServer('c', 'h1')];
    const groups = [aGroup(['a', 'b'])];
    const context = aContext(aCloud({ hosts, servers, groups }));
    const target = { a: 'h3', b: 'h4', c: 'h4' };

    const { ordered } = problems(context, target, { options: { apartSeconds: 60 } });

    const serverOf = new Map(
      stepsOf(order(context, target, { options: { apartSeconds: 60 } })).flatMap((step) =>
        step.kind === 'migrate' ? [[step.id, step.arrival.server.id]] : [],
      ),
    );
    const members = ordered.apart?.map(({ gapSeconds, tasks }) => [
      gapSeconds,
      ...tasks.map((id) => serverOf.get(id)).toSorted(),
    ]);
    expect(members).toEqual([[60, 'a', 'b']]);
    expect(problems(context, target).ordered.apart).toEqual([]);
  });
});
