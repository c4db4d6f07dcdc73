import { approve } from '../../execute/approval/approval.ts';
import { readPrivateKey } from '../../execute/approval/keys.ts';
import { canonicalJson } from '../../shared/canonical-json.ts';
import { type Diagnostic, InputError } from '../../shared/diagnostic.ts';
import { shellWord } from '../../report/words.ts';
import { approvalFile } from '../approvals.ts';
import { askForPlan } from '../ask-plan.ts';
import type { AddCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { readTextFile, standardOutput, writeTextFile } from '../files.ts';
import { refuseToReplace } from '../journal-file.ts';
import { orProblems } from '../or-problems.ts';
import { printResult } from '../output.ts';
import { loadPlanBytes } from '../load.ts';
import { answerLines } from '../tell.ts';

interface Flags {
  readonly key?: string;
  readonly output?: string;
  readonly comment?: string;
  readonly yes?: true;
  readonly json?: true;
}

/** `planner approve`: somebody's signature under a plan. */
export const addApprove: AddCommand = (program, context, finish) => {
  program
    .command('approve')
    .description('sign a plan, so that `run --require-approval-by` carries it out')
    .argument('<plan>', 'the file of the plan')
    .requiredOption(
      '--key <file>',
      'a private Ed25519 key in PEM; PLANNER_KEY_PASSPHRASE opens an encrypted one',
    )
    .option(
      '-o, --output <file>',
      'where the approval goes; beside the plan by default; - for standard output',
    )
    .option('--comment <words>', 'what is to be said with it; signed too')
    .option('--yes', 'do not ask')
    .option('--json', 'the approval as JSON')
    .addHelpText(
      'after',
      `
Examples:
  openssl genpkey -algorithm ed25519 -out me.key
  openssl pkey -in me.key -pubout -out me.pub
  planner approve plan.json --key me.key
  planner run plan.json --cloud prod --require-approval-by me.pub

The approval holds for the bytes of the plan as they are: a plan that changes by one of them needs another.`,
    )
    .action((file: string, flags: Flags) => finish(() => approvePlan(file, flags, context)));
};

async function approvePlan(file: string, flags: Flags, context: CliContext): Promise<ExitCode> {
  const problems: Diagnostic[] = [];
  const loaded = await orProblems(() => loadPlanBytes(file), problems);
  const keyFile = flags.key ?? '';
  const passphrase = context.surroundings.env['PLANNER_KEY_PASSPHRASE'];
  const key = await orProblems(
    async () => readPrivateKey(await readTextFile(keyFile), keyFile, passphrase),
    problems,
  );
  if (loaded === undefined || key === undefined) throw new InputError(problems);
  const { plan, sha256: planSha256 } = loaded;
  const question = `Approve plan ${plan.id}?`;
  if (flags.yes !== true && !(await askForPlan(plan, file, question, context))) return exitCodes.no;
  const approval = approve(
    {
      plan: plan.id,
      planSha256,
      approvedAt: new Date(context.wallClock()).toISOString(),
      ...(flags.comment !== undefined && { comment: flags.comment }),
    },
    key,
  );
  const output = flags.output ?? approvalFile(file, approval.key);
  const text = `${canonicalJson(approval)}\n`;
  if (output === standardOutput) {
    context.out(text);
    return exitCodes.done;
  }
  await refuseToReplace('--output', output, { 'the plan itself': file, 'the key': keyFile });
  await writeTextFile(output, text);
  const said = `plan ${plan.id} is approved by ${approval.key}: ${shellWord(output)}`;
  printResult(context, flags.json, approval, () => answerLines(said, context.width));
  return exitCodes.done;
}
