import { join } from 'node:path';
import type { Plan } from '../../plan/plan.ts';
import { pageFile } from '../../report/page/page-file.ts';
import { otherInventory, planPage } from '../../report/page/plan-page.ts';
import { canonicalJson } from '../../shared/canonical-json.ts';
import { type Diagnostic, InputError } from '../../shared/diagnostic.ts';
import type { AddCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { exists, standardOutput, writeTextFile } from '../files.ts';
import { usualFile } from '../inventory-source.ts';
import { refuseToReplace } from '../journal-file.ts';
import { loadCloud, type LoadedCloud, loadPlan } from '../load.ts';
import { orProblems } from '../or-problems.ts';
import { pageInput } from '../page-input.ts';
import { say, tell } from '../tell.ts';

interface Flags {
  readonly inventory?: string;
  readonly output?: string;
  readonly json?: true;
}

/** `planner report`: a plan as one HTML file for those who approve it. */
export const addReport: AddCommand = (program, context, finish) => {
  program
    .command('report')
    .description('write a plan as one HTML file for review, which asks nothing of the network')
    .argument('<plan>', 'the file of the plan')
    .option(
      '--inventory <file>',
      `the cloud that the plan was made from, for the map of hosts (${usualFile}, where there is one)`,
    )
    .option(
      '-o, --output <file>',
      'where it goes: plan.html beside plan.json by default; - for standard output',
    )
    .option('--json', 'what the page shows as JSON, to standard output unless -o is given')
    .addHelpText(
      'after',
      `
Examples:
  planner report plan.json
  planner report plan.json --inventory inventory.json.gz -o review.html
  planner report plan.json --json | jq .headline

The file needs nothing besides itself: it can be mailed, printed, and kept with the change request. Without an inventory
it has no map of hosts and NUMA cells.`,
    )
    .action((file: string, flags: Flags) =>
      finish(async () => {
        const usual = join(context.surroundings.workingDirectory, usualFile);
        const inventory = flags.inventory ?? ((await exists(usual)) ? usual : undefined);
        const output = flags.output ?? (flags.json === true ? standardOutput : pageOf(file));
        const read = {
          'the plan itself': file,
          ...(inventory !== undefined && { 'the inventory': inventory }),
        };
        await refuseToReplace('--output', output, read);
        const { plan, loaded } = await load(file, inventory);
        sayWhichMap(plan, loaded, context);
        const data = planPage(await pageInput(plan, file, loaded));
        const text =
          flags.json === true ? `${canonicalJson(data)}\n` : pageFile(data, await context.pageAssets());
        if (output === standardOutput) context.out(text);
        else {
          await writeTextFile(output, text);
          const what = flags.json === true ? 'the data of the review page' : 'the review page';
          say(`${what} of plan ${plan.id} is ${output}`, context);
        }
        return exitCodes.done;
      }),
    );
};

/** `plan.json` has `plan.html` beside it. */
const pageOf = (planFile: string): string => `${planFile.replace(/\.json$/, '')}.html`;

async function load(
  file: string,
  inventory: string | undefined,
): Promise<{ readonly plan: Plan; readonly loaded: LoadedCloud | undefined }> {
  const problems: Diagnostic[] = [];
  const plan = await orProblems(() => loadPlan(file), problems);
  const loaded = await orProblems(
    () => (inventory === undefined ? undefined : loadCloud(inventory)),
    problems,
  );
  if (problems.length > 0 || plan === undefined) throw new InputError(problems);
  return { plan, loaded };
}

/** Why there is no map, or whose it is where it is not the plan's. */
function sayWhichMap(plan: Plan, loaded: LoadedCloud | undefined, context: CliContext): void {
  if (loaded === undefined) {
    say(
      `no map of hosts: there is no ${usualFile} here; --inventory FILE names the one of the plan`,
      context,
    );
    return;
  }
  const summary = otherInventory(plan, loaded.digest);
  if (summary === undefined) return;
  const hint = 'name the inventory that the plan was made from with --inventory, or plan again';
  const warning = {
    code: 'report.other-inventory',
    severity: 'warning',
    summary,
    source: loaded.file,
    hint,
  } as const;
  context.err(`${tell(warning, context)}\n`);
}
