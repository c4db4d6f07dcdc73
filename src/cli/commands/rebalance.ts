import { type Catalog, readGoalFile } from '../../catalog/catalog.ts';
import type { Goal } from '../../objective/goal.ts';
import type { AddCommand } from '../command.ts';
import type { FlagReader } from '../flag-reader.ts';
import { addPlanningOptions, type PlanningFlags } from '../planning-flags.ts';
import { chosen } from '../choices.ts';

interface Flags extends PlanningFlags {
  readonly goal?: string;
  readonly forFlavor?: string;
}

/** The goals that `rebalance` may be asked for by name; `drain` has a command of its own. */
const goalNames = ['consolidate', 'balance', 'spread', 'defragment', 'repair'] as const;

/** `planner rebalance`: where servers should run, and the steps that get them there. */
export const addRebalance: AddCommand = (program, context, finish) => {
  const command = program
    .command('rebalance')
    .description('plan where servers should run, and the steps that get them there')
    .addOption(chosen('--goal <name>', `what to make better: ${goalNames.join(', ')}`, goalNames))
    .option('--for-flavor <name>', 'the flavor that a goal with free slots makes room for')
    .addHelpText(
      'after',
      `
Examples:
  planner rebalance --goal consolidate
  planner rebalance --goal defragment --for-flavor g1.xlarge
  planner rebalance --goal balance --inventory cloud.json.gz --out even.json --max-moves 20
  planner rebalance --goal balance --at 2026-03-01T22:00+01:00 --deadline 8h --prefer risky-last
  planner rebalance --goal consolidate --exclude aggregate:gpu --exclude tag:pinned --allow cold --json`,
    );
  addPlanningOptions(command).action((flags: Flags) =>
    finish(async () => {
      const { runPlanning } = await import('../run-planning.ts'); // brings the solvers along
      return runPlanning(
        {
          flags,
          drain: [],
          goal: (catalog, read) => readGoal(flags, catalog, read),
          ...(flags.forFlavor !== undefined && { forFlavor: flags.forFlavor }),
        },
        context,
      );
    }),
  );
};

async function readGoal(
  { goal, goalFile }: Flags,
  catalog: Catalog,
  read: FlagReader,
): Promise<Goal | undefined> {
  if (goal !== undefined && goalFile !== undefined)
    read.refuse('--goal-file', goalFile, 'there can be one goal only', 'leave out --goal or --goal-file');
  else if (goal === undefined && goalFile === undefined)
    read.refuse(
      '--goal',
      '',
      'say what to make better',
      `--goal ${goalNames.join(', --goal ')} or --goal-file FILE`,
    );
  const named = read.choice('--goal', goal, goalNames);
  if (goalFile !== undefined) return readGoalFile(goalFile, catalog);
  return named === undefined ? undefined : catalog.goals.get(named);
}
