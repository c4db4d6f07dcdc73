import { withPlanId } from '../plan/plan-id.ts';
import type { Plan } from '../plan/plan.ts';
import { deadlineSeconds } from '../replay/calendar/calendar.ts';
import { emptiedWholly } from './emptied-wholly.ts';
import type { PlanningOutcome, PlanningRequest } from './planning-request.ts';
import type { PlannedOnce } from './why-not/ways-out.ts';
import { betterOf } from './worth.ts';

type Planned = Extract<PlannedOnce, { readonly kind: 'planned' }>;
type TooLate = Extract<PlanningOutcome, { readonly kind: 'too-late' }>;

/** How many parts of a plan are tried. */
const mostParts = 6;

/**
 * Holds a plan against the deadline. A drain is done whole or not at all. Of any other goal the best part is taken that
 * ends in time: planned again with fewer moves, the number of which is halved in from both sides, a few times.
 */
export async function inTime(
  outcome: PlannedOnce,
  request: PlanningRequest,
  planPart: (request: PlanningRequest) => Promise<PlannedOnce>,
): Promise<PlannedOnce | TooLate> {
  const { calendar } = request.options;
  const deadline = calendar === undefined ? undefined : deadlineSeconds(calendar);
  if (deadline === undefined || outcome.kind !== 'planned') return outcome;
  const endSeconds = outcome.plan.summary.expectedSeconds;
  if (endSeconds <= deadline) return outcome;
  const because = `the soonest plan that was found ends ${Math.ceil(endSeconds)} s after the start, the deadline is at ${deadline} s`;
  const late: TooLate = { kind: 'too-late', because, endSeconds, deadlineSeconds: deadline };
  if (emptiedWholly(request.options).length > 0) return late;
  const part = await bestPart(outcome.plan, deadline, request, planPart);
  return part === undefined ? late : { kind: 'planned', plan: withRest(part.plan, outcome.plan, deadline) };
}

async function bestPart(
  whole: Plan,
  deadline: number,
  request: PlanningRequest,
  planPart: (request: PlanningRequest) => Promise<PlannedOnce>,
): Promise<Planned | undefined> {
  const bounds = boundsOf(whole);
  let best: Planned | undefined;
  let fits = 0;
  let tooMany = whole.summary.moves;
  let moves = Math.floor((tooMany * deadline) / whole.summary.expectedSeconds);
  for (let n = 0; n < mostParts && tooMany - fits > 1; n += 1) {
    moves = Math.min(tooMany - 1, Math.max(fits + 1, moves));
    const outcome = await planPart({ ...request, part: { moves, bounds } });
    const planned = outcome.kind === 'planned' ? outcome : undefined;
    if (planned !== undefined && planned.plan.summary.expectedSeconds > deadline) tooMany = moves;
    else {
      fits = moves;
      if (planned !== undefined) best = best === undefined ? planned : betterOf(request.goal, best, planned);
    }
    moves = Math.floor((fits + tooMany) / 2);
  }
  return best;
}

/** What no part can be better than either; of several priorities nothing is carried over. */
const boundsOf = ({ objective: { bound, priorities } }: Plan) =>
  bound === undefined || priorities !== undefined ? [] : [{ bound, anyway: bound }];

/** Says what did not fit. */
function withRest(part: Plan, whole: Plan, deadline: number): Plan {
  const reason = `all ${whole.summary.moves} moves would end ${Math.ceil(whole.summary.expectedSeconds)} s after the start, the deadline is at ${deadline} s; these ${part.summary.moves} are the best part that was found to end in time`;
  return withPlanId({ ...part, notDone: [...part.notDone, { rule: 'deadline', reason }] });
}
