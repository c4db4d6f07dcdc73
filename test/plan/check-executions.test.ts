import { describe, expect, it } from 'vitest';
import { checkExecutions } from '../../src/plan/check-executions.ts';
import type { PlanOptions, Step } from '../../src/plan/plan.ts';
import { aCloud } from '../support/builders.ts';
import { after, move, planOf } from './small-plan.ts';

const at = (startSeconds: number) => ({ startSeconds, endSeconds: startSeconds + 60 });
const check = (steps: readonly Step[], options: Partial<PlanOptions> = {}) =>
  checkExecutions(planOf(steps, { options }), aCloud()).map(({ step, text }) => `${step ?? ''}: ${text}`);

describe('waits', () => {
  it('are needed for a slot, even where the times happen not to overlap', () => {
    const first = move('m1', 'a', 'h1', 'h2', at(0));

    expect(check([first, move('m2', 'b', 'h1', 'h3', { ...after('m1'), ...at(60) })])).toEqual([]);
    expect(check([first, move('m2', 'b', 'h1', 'h3', at(60))])).toEqual([
      'm2: 2 migrations may leave h1 at the same time, limit 1: it waits for too little',
    ]);
  });

  it('reach through other steps', () => {
    const through = [
      move('m1', 'a', 'h1', 'h2', at(0)),
      move('m2', 'b', 'h4', 'h3', { ...after('m1'), ...at(60) }),
      move('m3', 'c', 'h1', 'h5', { requestAfter: ['m2'], ...at(70) }),
    ];

    expect(check(through)).toEqual([]);
  });

  it('are needed for the order of arrivals on a host', () => {
    const first = move('m1', 'a', 'h1', 'h3', at(0));
    const next = { requestAfter: ['m1'], ...at(10) };

    expect(check([first, move('m2', 'b', 'h2', 'h3', next)], { maxInbound: 2 })).toEqual([]);
    expect(check([first, move('m2', 'b', 'h2', 'h3', at(10))], { maxInbound: 2 })).toEqual([
      'm2: may be requested before m1, which goes to h3 too: nothing makes it wait',
    ]);
    expect(check([first, move('m2', 'b', 'h2', 'h3', next)], { maxInbound: 1 })).toEqual([
      'm2: 2 migrations may come to h3 at the same time, limit 1: it waits for too little',
    ]);
  });

  it('are needed where the operator allows only so many in the whole cloud', () => {
    const first = move('m1', 'a', 'h1', 'h2', at(0));
    const apart = move('m2', 'b', 'h3', 'h4', at(60));

    expect(check([first, { ...apart, ...after('m1') }], { maxParallel: 1 })).toEqual([]);
    expect(check([first, apart], { maxParallel: 2 })).toEqual([]);
    expect(check([first, apart], { maxParallel: 1 })).toEqual([
      'm2: 2 migrations may run at the same time, limit 1: it waits for too little',
    ]);
  });
});
