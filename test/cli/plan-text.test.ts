import { describe, expect, it } from 'vitest';
import { planText } from '../../src/cli/plan-text.ts';
import { printPlan } from '../../src/plan/print-plan.ts';
import { withPlanId } from '../../src/plan/plan-id.ts';
import { InvariantError } from '../../src/shared/invariant.ts';
import { aMigration, aPlan } from '../report/sample-plan.ts';

describe('the text of a plan', () => {
  const plan = aPlan([aMigration({ id: 's1' })]);

  it('is what is printed', () => {
    expect(planText(plan)).toBe(printPlan(plan));
  });

  it('is never one that no command can read', () => {
    const unreadable = withPlanId({ ...plan, steps: [aMigration({ id: 's1', startSeconds: -1 })] });

    expect(() => planText(unreadable)).toThrow(InvariantError);
    expect(() => planText(unreadable)).toThrow(/cannot be read: error plan\.\S+: .*startSeconds/);
  });
});
