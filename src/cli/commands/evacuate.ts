import { type Catalog, readGoalFile } from '../../catalog/catalog.ts';
import type { Goal } from '../../objective/goal.ts';
import type { AddCommand } from '../command.ts';
import { addEvacuationOptions, type EvacuationFlags } from '../evacuation-flags.ts';
import { addPlanningOptions, type PlanningFlags } from '../planning-flags.ts';

type Flags = PlanningFlags & EvacuationFlags;

/** `planner evacuate`: rebuilds the servers of hosts that are down elsewhere, by plan. */
export const addEvacuate: AddCommand = (program, context, finish) => {
  const command = addEvacuationOptions(
    program
      .command('evacuate')
      .description('plan how to rebuild the servers of hosts that are down on other hosts')
      .argument('<host...>', 'hosts that are down'),
  ).addHelpText(
    'after',
    `
Examples:
  planner evacuate kvm-a01
  planner evacuate kvm-a01 kvm-a02 --important db --important web --out evacuate.json
  planner evacuate kvm-a01 --important db=10 --important metadata:tier=gold=10 --important web=5
  planner evacuate kvm-a01 --assume-down kvm-a01

As many servers as find room are evacuated, the most important first; those that are left are named with what stands
in the way. Servers of other hosts move where that makes room. \`planner run\` asks that each host is switched off
(--fenced HOST) before anything is evacuated from it. The exit code is 1 when nobody can be evacuated.`,
  );
  addPlanningOptions(command).action((hosts: string[], flags: Flags) =>
    finish(async () => {
      const { runPlanning } = await import('../run-planning.ts'); // brings the solvers along
      const goal = (catalog: Catalog): Promise<Goal | undefined> => readGoal(flags, catalog);
      return runPlanning({ flags, drain: hosts, evacuation: flags, goal }, context);
    }),
  );
};

const readGoal = async ({ goalFile }: PlanningFlags, catalog: Catalog): Promise<Goal | undefined> =>
  goalFile === undefined ? catalog.goals.get('evacuate') : readGoalFile(goalFile, catalog);
