import { InputError } from '../shared/diagnostic.ts';
import { exists, samePath, standardOutput } from './files.ts';

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

/**
 * Refuses an output that would take the place of a plan that was begun, of a journal, or of a file that was read.
 *
 * @throws InputError when it would.
 */
export async function refuseToReplace(
  option: string,
  output: string,
  read: Readonly<Record<string, string>> = {},
): Promise<void> {
  if (output === standardOutput || !(await exists(output))) return;
  for (const [what, path] of Object.entries(read))
    if (await samePath(path, output)) throw inTheWay(option, output, `this is ${what}`);
  if (output.endsWith('.journal.jsonl')) throw inTheWay(option, output, 'this is the journal of a run');
  await refuseWithJournal(output);
}

const inTheWay = (source: string, value: string, summary: string): InputError =>
  new InputError([
    { code: 'usage.option', severity: 'error', summary, source, value, hint: 'name another file' },
  ]);
