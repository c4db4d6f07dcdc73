import { loadCatalog } from '../../catalog/catalog.ts';
import { contradictions } from '../../catalog/derive-profile.ts';
import { createContext } from '../../constraints/create-context.ts';
import { operatorRules } from '../../constraints/operator/operator-rules.ts';
import { rules } from '../../constraints/registry.ts';
import type { Plan } from '../../plan/plan.ts';
import { type Verification, verifyPlan } from '../../plan/verify-plan.ts';
import { rulesOf } from '../../planning/rules-of.ts';
import { select } from '../../planning/selection.ts';
import { verificationReport } from '../../report/verification.ts';
import type { AddCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { addSourceOptions, loadSource, type SourceFlags } from '../inventory-source.ts';
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
  const options = readPlannedOptions(plan.basedOn);
  const { cloud, digest } = await loadSource(flags, context, file);
  showNotes(contradictions(profile, cloud.release, catalog), context);
  const verification = verifyPlan({
    plan,
    context: createContext(cloud, profile, catalog.cpuTable, options),
    rules: rulesOf(select(cloud, options), rules, options, operatorRules(plan.basedOn.rules, cloud).rules),
    inventoryDigest: digest,
  });
  return { plan, verification };
}
