import { planPage } from '../../report/page/plan-page.ts';
import type { AddCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { exists } from '../files.ts';
import { usualFile } from '../inventory-source.ts';
import { loadCloud, loadPlan } from '../load.ts';
import { printResult } from '../output.ts';
import { pageInput } from '../page-input.ts';

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
      'the cloud that the plan was made from, for the map of hosts (inventory.json)',
    )
    .option('--json', 'what the page shows, as JSON')
    .action((file: string, flags: Flags) =>
      finish(async () => {
        const plan = await loadPlan(file);
        const inventory = flags.inventory ?? ((await exists(usualFile)) ? usualFile : undefined);
        const loaded = inventory === undefined ? undefined : loadCloud(inventory);
        printResult(context, flags.json, planPage(await pageInput(plan, file, loaded)), () => '');
        return exitCodes.done;
      }),
    );
};
