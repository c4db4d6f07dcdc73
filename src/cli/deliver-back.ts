import type { BackOutcome } from '../planning/plan-back.ts';
import type { CliContext } from './context.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { standardOutput, writeTextFile } from './files.ts';
import { printResult } from './output.ts';
import { planText } from './plan-text.ts';

/** Writes a plan back where it was asked for, `-` being standard output, and says what it comes to. */
export async function deliverBack(
  context: CliContext,
  { json, out }: { readonly json?: true; readonly out: string },
  outcome: BackOutcome,
  words: (outcome: BackOutcome) => string,
): Promise<ExitCode> {
  if (outcome.kind === 'planned' && out === standardOutput) {
    context.out(planText(outcome.plan));
    context.err(words(outcome));
    return exitCodes.done;
  }
  if (outcome.kind === 'planned') await writeTextFile(out, planText(outcome.plan));
  printResult(context, json, outcome, words);
  return outcome.kind === 'planned' ? exitCodes.done : exitCodes.no;
}
