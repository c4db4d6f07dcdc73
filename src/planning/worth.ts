import type { Evaluation } from '../objective/evaluation.ts';
import type { Goal } from '../objective/goal.ts';
import { allowedAbove, chooseBest, prioritiesOf, roundingShare, valuesOf } from '../objective/priorities.ts';
import type { Plan } from '../plan/plan.ts';

/** What a plan gains by priority. */
export function gainsOf(value: Evaluation): readonly number[] {
  const after = valuesOf(value);
  return valuesOf(value, 'before').map((before, k) => before - (after[k] ?? before));
}

/** Whether some priority gains so much and none before it loses more than it may give away. */
export function gainsAtLeast(goal: Goal, value: Evaluation, least: number): boolean {
  const before = valuesOf(value, 'before');
  const gains = gainsOf(value);
  const first = gains.findIndex((gain) => gain >= least);
  return (
    first >= 0 &&
    prioritiesOf(goal)
      .slice(0, first)
      .every((priority, k) => {
        const today = before[k] ?? 0;
        const rounding = roundingShare * Math.max(1, Math.abs(today));
        return (gains[k] ?? 0) >= -allowedAbove(priority, today) - rounding;
      })
  );
}

/** The better of two plans for a goal; the first of equals. */
export function betterOf<Planned extends { readonly plan: Plan }>(
  goal: Goal,
  first: Planned,
  second: Planned,
): Planned {
  const candidates = [first, second];
  const { best } = chooseBest(prioritiesOf(goal), candidates, ({ plan }) => valuesOf(plan.objective));
  return best ?? first;
}
