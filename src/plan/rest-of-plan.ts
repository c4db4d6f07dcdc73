import type { Plan, Step } from './plan.ts';
import { withPlanId } from './plan-id.ts';

/** What is left of a plan after these steps, as a plan: nobody waits for what is over. */
export function restOfPlan(plan: Plan, done: ReadonlySet<string>): Plan {
  const steps = plan.steps
    .filter(({ id }) => !done.has(id))
    .map((step): Step => ({
      ...step,
      requestAfter: step.requestAfter.filter((id) => !done.has(id)),
      dependsOn: step.dependsOn.filter((dependency) => !done.has(dependency.step)),
    }));
  return withPlanId({ ...plan, steps });
}
