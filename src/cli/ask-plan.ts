import type { Plan } from '../plan/plan.ts';
import { showPlan } from '../report/show-plan.ts';
import { InputError } from '../shared/diagnostic.ts';
import type { CliContext } from './context.ts';

/**
 * Shows a plan and asks about it.
 *
 * @throws InputError where nobody is there to be asked.
 */
export async function askForPlan(
  plan: Plan,
  file: string,
  question: string,
  { ask, err, width, paint }: CliContext,
): Promise<boolean> {
  err(showPlan(plan, { width, steps: false, planFile: file, paint: paint.err }));
  if (ask === undefined) {
    const summary = 'nobody is there to ask';
    const hint = 'say --yes';
    throw new InputError([{ code: 'run.ask', severity: 'error', summary, source: file, hint }]);
  }
  return isYes(await ask(`${question} [y/N] `));
}

/** No answer is a no. */
export const isYes = (answer: string): boolean => /^y(es)?$/i.test(answer.trim());
