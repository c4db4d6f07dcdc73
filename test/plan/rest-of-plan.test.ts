import { expect, it } from 'vitest';
import { restOfPlan } from '../../src/plan/rest-of-plan.ts';
import { after, move, planOf } from './small-plan.ts';

it('the rest of a plan is a plan, in which nobody waits for what is over', () => {
  const plan = planOf([
    move('m1', 'a', 'h1', 'h2'),
    move('m2', 'b', 'h1', 'h2', { requestAfter: ['m1'] }),
    move('m3', 'c', 'h1', 'h2', { ...after('m1', 'm2'), requestAfter: ['m2'] }),
  ]);

  const rest = restOfPlan(plan, new Set(['m1']));

  expect(rest.steps.map(({ id, requestAfter, dependsOn }) => [id, requestAfter, dependsOn.length])).toEqual([
    ['m2', [], 0],
    ['m3', ['m2'], 1],
  ]);
  expect(rest.id).not.toBe(plan.id);
});
