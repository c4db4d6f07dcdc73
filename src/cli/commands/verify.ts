import { loadCatalog } from '../../catalog/catalog.ts';
import { contradictions } from '../../catalog/derive-profile.ts';
import type { Plan } from '../../plan/plan.ts';
import { type Verification, verifyPlan } from '../../plan/verify-plan.ts';
import { verificationReport } from '../../report/verification.ts';
import type { AddCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { addSourceOptions, loadSource, type SourceFlags } from '../inventory-source.ts';
import { judgesOf } from '../judge-plan.ts';
import { loadPlan } from '../load.ts';
import { printResult } from '../output.ts';
import { readPlannedOptions } from '../planned-options.ts';
import { showNotes } from '../release.ts';

interface Flags extends SourceFlags {
  readonly json?: true;
}

/** `planner verify`: replays a plan on an inventory, by the checker that shares nothing with the solver. */
export const addVerify: AddCommand = (program, context, finish) => {
  const command = program
    .command('verify')
    .description('replay a plan on an inventory, and report whatever is not as it says')
    .argument('<plan>', 'the file of the plan');
  addSourceOptions(command, 'the cloud as it is now')
    .option('--json', 'the result as JSON')
    .addHelpText(
      'after',
      `
Examples:
  planner verify plan.json
  planner verify plan.json --inventory later.json.gz

The exit code is 1 when the plan does not hold: a rule refuses a step, or the cloud has changed since.`,
    )
    .action((file: string, flags: Flags) =>
      finish(async () => {
        const { plan, verification } = await verify(file, flags, context);
        printResult(context, flags.json, verification, (value) =>
          verificationReport(plan.id, value, context.width, context.paint.out),
        );
        return verification.ok ? exitCodes.done : exitCodes.no;
      }),
    );
};

async function verify(
  file: string,
  flags: Flags,
  context: CliContext,
): Promise<{ plan: Plan; verification: Verification }> {
  const plan = await loadPlan(file);
  const catalog = await loadCatalog();
  const { profile: name, release } = plan.basedOn;
  const profile = { name, ...release };
  readPlannedOptions(plan.basedOn); // what is wrong with these is told before a cloud is read
  const { cloud, digest } = await loadSource(flags, context, file);
  showNotes(contradictions(profile, cloud.release, catalog), context);
  const verification = verifyPlan({
    plan,
    ...judgesOf(plan, cloud, catalog),
    inventoryDigest: digest,
  });
  return { plan, verification };
}
