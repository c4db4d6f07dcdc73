import { InputError } from '../../shared/diagnostic.ts';
import { timelineKinds, timelineOf } from '../../report/timeline.ts';
import { timelineText } from '../../report/timeline-text.ts';
import type { AddCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { createFlagReader } from '../flag-reader.ts';
import { loadPlan } from '../load.ts';
import { orProblems } from '../or-problems.ts';
import { printResult } from '../output.ts';
import { chosen } from '../choices.ts';

interface Flags {
  readonly by: string;
  readonly limit: string;
  readonly json?: true;
}

const mostLines = 1_000_000;

/** `planner timeline`: when each step of a plan runs, from its file alone. */
export const addTimeline: AddCommand = (program, context, finish) => {
  program
    .command('timeline')
    .description('draw when each step of a plan runs')
    .argument('<plan>', 'the file of the plan')
    .addOption(
      chosen('--by <what>', `a line for each ${timelineKinds.join(', ')}`, timelineKinds).default(
        timelineKinds[0],
      ),
    )
    .option(
      '--limit <n>',
      'lines of the chart: the first steps, or the busiest hosts, servers or links',
      '40',
    )
    .option('--json', 'every line as JSON')
    .addHelpText(
      'after',
      `
Examples:
  planner timeline plan.json
  planner timeline plan.json --by host
  planner timeline plan.json --by link --limit 10

Times are those that the plan expects. A migration runs from [ to ], and a digit is how many run at once.`,
    )
    .action((file: string, flags: Flags) =>
      finish(async () => {
        const read = createFlagReader();
        const by = read.choice('--by', flags.by, timelineKinds);
        const limit = read.integer('--limit', flags.limit, 1, mostLines);
        const problems = [...read.problems];
        const plan = await orProblems(() => loadPlan(file), problems);
        if (by === undefined || limit === undefined || plan === undefined) throw new InputError(problems);
        printResult(context, flags.json, timelineOf(plan, by), (timeline) =>
          timelineText(timeline, { width: context.width, limit }),
        );
        return exitCodes.done;
      }),
    );
};
