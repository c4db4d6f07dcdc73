import { describe, expect, it } from 'vitest';
import { exactOrder, isSmall } from '../../../src/schedule/exact/exact-order.ts';
import { listSearch, type ListOutcome, prepare } from '../../../src/schedule/list-search.ts';
import { stopOversOf } from '../../../src/schedule/ordered.ts';
import { aCloud, aContext, aHost, aServer } from '../../support/builders.ts';
import { order, requestOf, stepsOf } from '../support.ts';

const big = (name: string, host: string) => aServer(name, host, { memoryGiB: 64 });
const hosts = ['h1', 'h2', 'h3'].map((name) => aHost(name));

describe('exactOrder', () => {
  const context = aContext(aCloud({ hosts, servers: [big('a', 'h1'), big('b', 'h2')] }));

  it('makes the same moves with fewer stop-overs', () => {
    const target = { a: 'h3' };
    const detour: ListOutcome = {
      kind: 'ordered',
      steps: stepsOf(order(context, target)).map((step) =>
        step.kind === 'migrate' ? { ...step, stopOver: true } : step,
      ),
    };

    const better = exactOrder(prepare(requestOf(context, target)), detour);

    expect(better.kind === 'ordered' && stopOversOf(better.steps)).toBe(0);
  });

  it('keeps an order that has no fewer', () => {
    const prepared = prepare(requestOf(context, { a: 'h2', b: 'h1' }));
    const listed = listSearch(prepared);

    expect(exactOrder(prepared, listed)).toBe(listed);
  });

  it('proves that there is no order, but where the calendar lets somebody go at no time', () => {
    const full = aContext(aCloud({ servers: [big('a', 'h1'), big('b', 'h2')] }));
    const prepared = prepare(requestOf(full, { a: 'h2', b: 'h1' }));
    const listed = listSearch(prepared);
    if (listed.kind !== 'stuck') throw new Error('there is no order');
    const shut = listed.deadlock.stuck.map((move) => ({ ...move, rule: 'calendar' }));

    expect(exactOrder(prepared, listed)).toMatchObject({ kind: 'deadlock', exists: 'no' });
    expect(exactOrder(prepared, { ...listed, deadlock: { ...listed.deadlock, stuck: shut } })).toMatchObject({
      exists: 'unknown',
    });
  });

  it('looks at all of 64 moves and hosts, and not of one more', () => {
    const of = (count: number) =>
      requestOf(aContext(aCloud({ hosts: Array.from({ length: count }, (_, n) => aHost(`h${n}`)) })), {});

    expect([isSmall(64, of(64)), isSmall(65, of(64)), isSmall(64, of(65))]).toEqual([true, false, false]);
  });
});
