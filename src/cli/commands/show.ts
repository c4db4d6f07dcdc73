import { showPlan } from '../../report/show-plan.ts';
import type { AddCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { loadPlan } from '../load.ts';
import { printResult } from '../output.ts';

interface Flags {
  readonly json?: true;
}

/** `planner show`: a plan for people, from its file alone. */
export const addShow: AddCommand = (program, context, finish) => {
  program
    .command('show')
    .description('show what a plan comes to, and its steps by wave')
    .argument('<plan>', 'the file of the plan')
    .option('--json', 'the plan as JSON')
    .addHelpText(
      'after',
      `
Examples:
  planner show plan.json
  planner show plan.json --json | jq .summary`,
    )
    .action((file: string, { json }: Flags) =>
      finish(async () => {
        const plan = await loadPlan(file);
        printResult(context, json, plan, (value) =>
          showPlan(value, { width: context.width, steps: true, planFile: file, paint: context.paint.out }),
        );
        return exitCodes.done;
      }),
    );
};
