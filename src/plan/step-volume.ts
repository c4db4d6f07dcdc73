import type { RuleContext } from '../constraints/context.ts';
import type { Server } from '../model/server.ts';
import type { MigrationVolume } from '../objective/evaluation.ts';
import type { Goal } from '../objective/goal.ts';
import { asksForWays } from '../objective/move-terms.ts';
import { migrationVolume } from '../objective/volume.ts';
import { travelling } from '../replay/travel-way.ts';
import type { MigrationStep } from './plan.ts';

/** What a step copies and, where the goal pays for that, how it travels. */
export const stepVolume = (
  step: Pick<MigrationStep, 'kind' | 'from' | 'storage'>,
  server: Server,
  goal: Goal,
  context: RuleContext,
): MigrationVolume => ({
  ...migrationVolume(server, step.storage),
  ...(asksForWays(goal.terms) && {
    ways: [travelling(server, step.from, { method: step.kind, storage: step.storage }, context)],
  }),
});
