import type { Plan } from '../plan/plan.ts';
import { showPlan } from '../report/show-plan.ts';
import { InputError } from '../shared/diagnostic.ts';
import type { CliContext } from './context.ts';
import { askYes } from './run-plan.ts';

/**
 * Shows a plan and asks about it.
 *
 * @throws InputError where nobody is there to be asked.
 */
export async function askForPlan(
  plan: Plan,
  file: string,
  question: string,
  { err, width, paint }: CliContext,
): Promise<boolean> {
  err(showPlan(plan, { width, steps: false, planFile: file, paint: paint.err }));
  if (!process.stdin.isTTY) {
    const summary = 'nobody is there to ask';
    const hint = 'say --yes';
    throw new InputError([{ code: 'run.ask', severity: 'error', summary, source: file, hint }]);
  }
  return askYes(`${question} [y/N] `);
}
