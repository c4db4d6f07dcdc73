import { withPlanId } from '../plan/plan-id.ts';
import { omit } from '../shared/omit.ts';
import { evacuationGoal } from './importance.ts';
import type { PlanningRequest } from './planning-request.ts';
import type { Run } from './run.ts';
import { startRun } from './start-run.ts';
import type { PlannedOnce } from './why-not/ways-out.ts';

/** Where not everybody need be evacuated, the goal says who comes first. */
export function withImportance(request: PlanningRequest): PlanningRequest {
  const { evacuate, allOrNothing, important = [] } = request.options;
  if (evacuate === undefined || allOrNothing === true) return request;
  return { ...request, goal: evacuationGoal(request.goal, evacuate, important) };
}

/** Why not is then answered as if all were to go. */
export const evacuatesNobody = (outcome: PlannedOnce, { options }: PlanningRequest): boolean =>
  options.evacuate !== undefined &&
  options.allOrNothing !== true &&
  !('plan' in outcome && outcome.plan.steps.some(({ kind }) => kind === 'evacuate'));

/**
 * An evacuation of everybody who can be evacuated at all, as a drain is planned: where room is not short, importance
 * decides nothing, and this is far less work. Undefined where it is short, or not known.
 *
 * @param plan plans a drain that leaves behind who cannot move
 */
export async function planAllWhoCan(
  asked: PlanningRequest,
  plan: (run: Run) => Promise<PlannedOnce>,
): Promise<PlannedOnce | undefined> {
  const { evacuate, allOrNothing } = asked.options;
  if (evacuate === undefined || allOrNothing === true) return undefined;
  const found = await plan(startRun({ ...asked, options: { ...asked.options, allOrNothing: true } }));
  if (found.kind !== 'planned') return undefined;
  const { basedOn } = found.plan;
  const options = omit(basedOn.options, 'allOrNothing');
  return {
    kind: 'planned',
    plan: withPlanId({ ...omit(found.plan, 'id'), basedOn: { ...basedOn, options } }),
  };
}
