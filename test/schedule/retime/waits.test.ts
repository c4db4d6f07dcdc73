import { describe, expect, it } from 'vitest';
import { waitsOf } from '../../../src/schedule/retime/waits.ts';
import { aCloud, aContext, aHost, aServer } from '../../support/builders.ts';
import { stopped } from '../random-cloud.ts';
import { order, requestOf, stepsOf } from '../support.ts';

const big = (name: string, host: string, memoryGiB: number) => aServer(name, host, { memoryGiB });
const hosts = ['h1', 'h2', 'h3', 'h4'].map((name) => aHost(name));

/** What each migration waits for: `b: a's step (why)`, with `> step` where the step is only to be requested. */
function waitsIn(
  context: ReturnType<typeof aContext>,
  target: Readonly<Record<string, string>>,
  sets: readonly string[] = [],
) {
  const steps = stepsOf(order(context, target));
  const request = requestOf(context, target);
  const waits = waitsOf(request, steps, () => sets);
  return waits?.map(({ step, freedBy, ended, requested }) => {
    const after = [...ended].map(([id, { kind }]) => `${id} (${kind})`);
    return [step.arrival.server.id, freedBy, ...after, ...requested.map((id) => `> ${id}`)].join(' ');
  });
}

describe('waitsOf', () => {
  it('waits for the departure that makes room, and not for one that need not have left', () => {
    const servers = [big('a', 'h1', 60), big('x', 'h2', 40), big('y', 'h2', 2)];

    expect(waitsIn(aContext(aCloud({ hosts, servers })), { a: 'h2', x: 'h3', y: 'h4' })).toEqual([
      'x m1',
      'a m2 m1 (room)',
      'y m3',
    ]);
    const roomier = [big('a', 'h1', 20), ...servers.slice(1)];
    expect(waitsIn(aContext(aCloud({ hosts, servers: roomier })), { a: 'h2', x: 'h3', y: 'h4' })).toEqual([
      'a m1',
      'y m2',
      'x m3',
    ]);
  });

  it('has arrivals of one host requested one after the other, and legs of one server end', () => {
    const apart = [big('a', 'h1', 2), big('b', 'h2', 2)];
    const swapped = [big('a', 'h1', 64), big('b', 'h2', 64)];

    expect(waitsIn(aContext(aCloud({ hosts, servers: apart })), { a: 'h3', b: 'h3' })).toEqual([
      'a m1',
      'b m2 > m1',
    ]);
    expect(waitsIn(aContext(aCloud({ hosts, servers: swapped })), { a: 'h2', b: 'h1' })).toEqual([
      'a m1',
      'b m2 m1 (room)',
      'a m3 m1 (server) m2 (room)',
    ]);
  });

  it('keeps members of a serial set apart', () => {
    const servers = [big('a', 'h1', 2), big('b', 'h2', 2)];

    expect(waitsIn(aContext(aCloud({ hosts, servers })), { a: 'h3', b: 'h4' }, ['group'])).toEqual([
      'a m1',
      'b m2 m1 (set)',
    ]);
  });

  it('waits for the confirm of a cold migration, which frees its source', () => {
    const cold = { ...big('a', 'h1', 64), ...stopped };
    const context = aContext(aCloud({ hosts, servers: [cold, big('b', 'h2', 64)] }), { allow: ['cold'] });

    expect(waitsIn(context, { a: 'h3', b: 'h1' })).toEqual(['a c1', 'b m2 c1 (room)']);
  });

  it('gives up on an order that is not legal, and leaves the state as it was', () => {
    const servers = [big('a', 'h1', 64), big('b', 'h2', 64)];
    const context = aContext(aCloud({ hosts, servers }));
    const steps = stepsOf(order(context, { a: 'h2', b: 'h3' }));
    const request = requestOf(context, { a: 'h2', b: 'h3' });

    expect(waitsOf(request, steps.toReversed(), () => [])).toBeUndefined();
    expect(request.start.assignment()).toEqual(requestOf(context, {}).start.assignment());
  });
});
