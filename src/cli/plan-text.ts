import type { Plan } from '../plan/plan.ts';
import { parsePlan } from '../plan/plan-file.ts';
import { printPlan } from '../plan/print-plan.ts';
import { formatDiagnostic, InputError } from '../shared/diagnostic.ts';
import { InvariantError } from '../shared/invariant.ts';

/**
 * The text of a plan that is to be written, read back: what another command could not read is not handed out.
 *
 * @throws InvariantError when the plan cannot be read
 */
export function planText(plan: Plan): string {
  const text = printPlan(plan);
  try {
    parsePlan(text);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const [first] = error.diagnostics;
    const why = first === undefined ? '' : `: ${formatDiagnostic(first)}`;
    throw new InvariantError(`the plan that was made cannot be read${why}`, { cause: error });
  }
  return text;
}
