import { InputError } from '../shared/diagnostic.ts';
import { exists } from './files.ts';

/** Where the journal of a plan stands: `plan.json` has `plan.journal.jsonl` beside it. */
export const journalOf = (planFile: string): string => `${planFile.replace(/\.json$/, '')}.journal.jsonl`;

/**
 * Refuses to write over a plan that somebody has begun to carry out.
 *
 * @throws InputError when the plan has a journal.
 */
export async function refuseWithJournal(planFile: string): Promise<void> {
  const journal = journalOf(planFile);
  if (!(await exists(journal))) return;
  throw new InputError([
    {
      code: 'plan.has-journal',
      severity: 'error',
      summary: `this plan has been carried out, at least in part: there is ${journal}`,
      source: planFile,
      hint: 'write the new plan to another file with --out, or move both files away',
    },
  ]);
}
