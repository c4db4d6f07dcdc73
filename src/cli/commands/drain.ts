import { type Catalog, readGoalFile } from '../../catalog/catalog.ts';
import type { Goal } from '../../objective/goal.ts';
import type { AddCommand } from '../command.ts';
import { addPlanningOptions, type PlanningFlags } from '../planning-flags.ts';

/** `planner drain`: empties hosts that work, by plan. */
export const addDrain: AddCommand = (program, context, finish) => {
  const command = program
    .command('drain')
    .description('plan how to empty hosts that work')
    .argument('<host...>', 'hosts to empty')
    .addHelpText(
      'after',
      `
Examples:
  planner drain kvm-a01
  planner drain kvm-a01 kvm-a02 --allow cold --out drain.json
  planner drain kvm-a01 --window 22:00-06:00 --days mon-fri --timezone +01:00 --deadline 20h

When a host cannot be emptied, the answer names the servers that stay and what keeps them, which servers, rules and
limits clash, and the cheapest ways out, each planned and verified; the exit code is 1.`,
    );
  addPlanningOptions(command).action((hosts: string[], flags: PlanningFlags) =>
    finish(async () => {
      const { runPlanning } = await import('../run-planning.ts'); // brings the solvers along
      return runPlanning({ flags, drain: hosts, goal: (catalog) => readGoal(flags, catalog) }, context);
    }),
  );
};

const readGoal = async ({ goalFile }: PlanningFlags, catalog: Catalog): Promise<Goal | undefined> =>
  goalFile === undefined ? catalog.goals.get('drain') : readGoalFile(goalFile, catalog);
