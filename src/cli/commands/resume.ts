import { InputError, type Diagnostic } from '../../shared/diagnostic.ts';
import type { AddCommand } from '../command.ts';
import { createFlagReader } from '../flag-reader.ts';
import { loadPlan } from '../load.ts';
import { orProblems } from '../or-problems.ts';
import { addRunOptions, readRunFlags, type RunFlags } from '../run-flags.ts';
import { runOnCloud } from '../run-on-cloud.ts';

/** `planner resume`: goes on with a plan where its journal ends. */
export const addResume: AddCommand = (program, context, finish) => {
  const command = program
    .command('resume')
    .description('go on with a plan that was stopped, has failed, or was killed')
    .argument('<plan>', 'the file of the plan');
  addRunOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  planner resume plan.json --cloud prod
  planner resume plan.json --cloud prod --confirm auto --yes

What the journal announces and has no answer for is looked up in the cloud: nothing is requested twice, nothing is
forgotten. Steps that failed are tried again.`,
    )
    .action((file: string, flags: RunFlags) =>
      finish(async () => {
        const read = createFlagReader();
        const problems: Diagnostic[] = [];
        const plan = await orProblems(() => loadPlan(file), problems);
        const settings = readRunFlags(flags, plan, read);
        const all = [...read.problems, ...problems];
        if (all.length > 0 || plan === undefined) throw new InputError(all);
        return runOnCloud({ plan, file, flags, settings, resumes: true }, context);
      }),
    );
};
