import { InputError, type Diagnostic } from '../../shared/diagnostic.ts';
import { approvedBy } from '../approvals.ts';
import type { AddCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { createFlagReader } from '../flag-reader.ts';
import { orProblems } from '../or-problems.ts';
import { loadPlanBytes } from '../load.ts';
import { addRunOptions, readRunFlags } from '../run-flags.ts';
import { runOnCloud } from '../run-on-cloud.ts';
import { resumeSimulated } from '../run-simulated.ts';
import { addSimulateOptions, loadSimulation, readSeed, type SimulateFlags } from '../simulate-flags.ts';

/** `planner resume`: goes on with a plan where its journal ends. */
export const addResume: AddCommand = (program, context, finish) => {
  const command = program
    .command('resume')
    .description('go on with a plan that was stopped, has failed, or was killed')
    .argument('<plan>', 'the file of the plan');
  addSimulateOptions(addRunOptions(command))
    .addHelpText(
      'after',
      `
Examples:
  planner resume plan.json --cloud prod
  planner resume plan.json --cloud prod --confirm auto --yes
  planner resume plan.json --simulate --journal rehearsal.jsonl --seed 7

What the journal announces and has no answer for is looked up in the cloud: nothing is requested twice, nothing is
forgotten. Steps that failed are tried again. A simulated run goes on in the same simulation: with the inventory, faults
and seed with which it was begun.`,
    )
    .action((file: string, flags: SimulateFlags) =>
      finish(async () => {
        const read = createFlagReader();
        const problems: Diagnostic[] = [];
        const loaded = await orProblems(() => loadPlanBytes(file), problems);
        const plan = loaded?.plan;
        const settings = readRunFlags(flags, plan, read);
        const seed = readSeed(flags, read);
        const all = [...read.problems, ...problems];
        if (all.length > 0 || loaded === undefined || plan === undefined || seed === undefined)
          throw new InputError(all);
        const approved = await approvedBy(file, loaded.sha256, flags, context);
        if (approved === undefined) return exitCodes.no;
        if (flags.simulate === true) {
          const simulation = await loadSimulation(plan, flags, settings);
          const cloud = simulation.start(seed);
          return resumeSimulated({ plan, file, flags, ...simulation, cloud }, context);
        }
        return runOnCloud({ plan, file, flags, settings, resumes: true, approvedBy: approved }, context);
      }),
    );
};
