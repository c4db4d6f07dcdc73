import { type Catalog, loadCatalog, readGoalFile } from '../../catalog/catalog.ts';
import { createContext } from '../../constraints/create-context.ts';
import { headroom } from '../../constraints/headroom.ts';
import { rules } from '../../constraints/registry.ts';
import { selectionRule } from '../../constraints/selection.ts';
import type { Goal } from '../../objective/goal.ts';
import type { Plan } from '../../plan/plan.ts';
import { type Verification, verifyPlan } from '../../plan/verify-plan.ts';
import { select } from '../../planning/selection.ts';
import { verificationReport } from '../../report/verification.ts';
import { type Diagnostic, InputError } from '../../shared/diagnostic.ts';
import type { AddCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { didYouMean } from '../flag-reader.ts';
import { loadCloud, loadPlan } from '../load.ts';
import { printResult } from '../output.ts';
import { readPlannedOptions } from '../planned-options.ts';

interface Flags {
  readonly inventory: string;
  readonly goalFile?: string;
  readonly json?: true;
}

/** `planner verify`: replays a plan on an inventory, by the checker that shares nothing with the solver. */
export const addVerify: AddCommand = (program, context, finish) => {
  program
    .command('verify')
    .description('replay a plan on an inventory, and report whatever is not as it says')
    .argument('<plan>', 'the file of the plan')
    .option('--inventory <file>', 'the cloud as it is now', 'inventory.json')
    .option('--goal-file <file>', 'the goal of a plan that was made with --goal-file')
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
        const { plan, verification } = await verify(file, flags);
        printResult(context, flags.json, verification, (value) =>
          verificationReport(plan.id, value, context.width),
        );
        return verification.ok ? exitCodes.done : exitCodes.no;
      }),
    );
};

async function verify(file: string, flags: Flags): Promise<{ plan: Plan; verification: Verification }> {
  const plan = await loadPlan(file);
  const catalog = await loadCatalog();
  const goal = await goalOf(plan, file, catalog, flags);
  const profile = catalog.profiles.get(plan.basedOn.profile);
  if (profile === undefined) {
    const { profile: named } = plan.basedOn;
    throw unknownName(
      file,
      'profile',
      named,
      [...catalog.profiles.keys()],
      'verify it with the planner that made it',
    );
  }
  const options = readPlannedOptions(plan.basedOn, file);
  const { cloud, digest } = loadCloud(flags.inventory);
  const verification = verifyPlan({
    plan,
    context: createContext(cloud, profile, catalog.cpuTable, options),
    rules: [selectionRule(select(cloud, options)), ...rules, headroom(options.headroomPercent)],
    goal,
    inventoryDigest: digest,
  });
  return { plan, verification };
}

/** Plans name their goal: one that comes with the program, or one of a file that has to be given again. */
async function goalOf(plan: Plan, file: string, catalog: Catalog, { goalFile }: Flags): Promise<Goal> {
  const named = plan.basedOn.goal;
  const own = goalFile === undefined ? undefined : await readGoalFile(goalFile, catalog);
  const goal = own ?? catalog.goals.get(named);
  if (goal?.name === named) return goal;
  throw unknownName(file, 'goal', named, [...catalog.goals.keys()], 'name its file with --goal-file');
}

function unknownName(
  source: string,
  kind: 'goal' | 'profile',
  name: string,
  known: readonly string[],
  hint: string,
): InputError {
  const problem: Diagnostic = {
    code: `plan.unknown-${kind}`,
    severity: 'error',
    summary: `the plan was made with a ${kind} that is not here`,
    source,
    path: `$.basedOn.${kind}`,
    value: name,
    hint: didYouMean(name, known).hint ?? hint,
  };
  return new InputError([problem]);
}
