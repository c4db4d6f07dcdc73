import { describe, expect, it } from 'vitest';
import type { Held } from '../../../src/schedule/holdings.ts';
import { redraw } from '../../../src/schedule/retime/redraw.ts';
import { waitsOf } from '../../../src/schedule/retime/waits.ts';
import { aCloud, aContext, aHost, aServer } from '../../support/builders.ts';
import { stopped } from '../random-cloud.ts';
import { order, requestOf, stepsOf } from '../support.ts';

const hosts = ['h1', 'h2', 'h3', 'h4'].map((name) => aHost(name));
const one: Held = { resource: 'all', capacity: 1, amount: 1, reason: () => 'one at a time' };

/** The steps of an order at new starts, as `m1 a 20-50 after …`. */
function drawn(
  context: ReturnType<typeof aContext>,
  target: Readonly<Record<string, string>>,
  starts: Readonly<Record<string, number>>,
  held: readonly Held[] = [],
): readonly string[] {
  const request = requestOf(context, target);
  const waits = waitsOf(request, stepsOf(order(context, target)), () => []);
  const steps = redraw(request, waits ?? [], new Map(Object.entries(starts)), () => held);
  return steps.map((step) => {
    const who = step.kind === 'confirm' ? `confirms ${step.of}` : step.arrival.server.id;
    const after = step.dependsOn.map(({ step: id, reason }) => `; ${id}: ${reason}`).join('');
    const requested = step.kind === 'confirm' ? [] : step.requestAfter;
    return `${step.id} ${who} at ${step.startSeconds}, wave ${step.wave}${after}${requested.map((id) => `; > ${id}`).join('')}`;
  });
}

describe('redraw', () => {
  const servers = [aServer('a', 'h1'), aServer('b', 'h2')];
  const context = aContext(aCloud({ hosts, servers }));

  it('names steps anew by their starts', () => {
    expect(drawn(context, { a: 'h3', b: 'h4' }, { m1: 100, m2: 0 })).toEqual([
      'm1 b at 0, wave 1',
      'm2 a at 100, wave 1',
    ]);
  });

  it('waits for who held its part before, and for nobody where there is enough', () => {
    const starts = { m1: 0, m2: 5000 };

    expect(drawn(context, { a: 'h3', b: 'h4' }, starts, [one])).toEqual([
      'm1 a at 0, wave 1',
      'm2 b at 5000, wave 2; m1: one at a time',
    ]);
    expect(drawn(context, { a: 'h3', b: 'h4' }, starts, [{ ...one, capacity: 2 }])).toEqual([
      'm1 a at 0, wave 1',
      'm2 b at 5000, wave 1',
    ]);
  });

  it('keeps the order of arrivals on a host, which an end makes needless', () => {
    expect(drawn(context, { a: 'h3', b: 'h3' }, { m1: 0, m2: 5 })).toEqual([
      'm1 a at 0, wave 1',
      'm2 b at 5, wave 1; > m1',
    ]);
    expect(drawn(context, { a: 'h3', b: 'h3' }, { m1: 0, m2: 5000 }, [one])).toEqual([
      'm1 a at 0, wave 1',
      'm2 b at 5000, wave 2; m1: one at a time',
    ]);
  });

  it('confirms a cold migration before who needs its room', () => {
    const cold = { ...aServer('a', 'h1', { memoryGiB: 64 }), ...stopped };
    const full = aContext(aCloud({ hosts, servers: [cold, aServer('b', 'h2', { memoryGiB: 64 })] }), {
      allow: ['cold'],
    });

    expect(drawn(full, { a: 'h3', b: 'h1' }, { m1: 0, c1: 100, m2: 105 })).toEqual([
      'm1 a at 0, wave 1',
      'c1 confirms m1 at 100, wave 2; m1: confirms it once it has finished',
      'm2 b at 105, wave 3; c1: frees 65536 MiB on h1',
    ]);
  });
});
