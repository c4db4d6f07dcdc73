import type { Blocker, PlanningTools } from '../planning-request.ts';
import type { Run } from '../run.ts';
import type { Clash, WhyNot } from './answer.ts';
import { breaks } from './breaks.ts';
import { candidatesOf } from './candidates.ts';
import { findClash } from './clash.ts';
import { patienceFor } from './patience.ts';
import { findWaysOut, type Planner } from './ways-out.ts';

/** Questions to the solver for the clash, and for the ways out, of a small cloud. */
const mostQuestions = 300;
const mostPlans = 80;

/** Why hosts cannot be drained, and what would help; within what is left of the time, and never past an interrupt. */
export async function whyNot(
  run: Run,
  blockers: readonly Blocker[],
  planner: Planner,
  tools: PlanningTools,
  started: number,
): Promise<WhyNot> {
  const { request } = run;
  const clash = await findClash(run, blockers, tools, patienceFor(request, tools, started, mostQuestions));
  const found = await waysOutOf(run, clash, blockers, planner, tools, started);
  return { ...(clash !== undefined && { clash }), ...found };
}

/** What would let hosts be drained, where it is known or not what clashes. */
export function waysOutOf(
  run: Run,
  clash: Clash | undefined,
  blockers: readonly Blocker[],
  planner: Planner,
  tools: PlanningTools,
  started: number,
): Promise<Omit<WhyNot, 'clash'>> {
  return findWaysOut(
    run.request,
    candidatesOf(run, clash, blockers),
    (change) => breaks(change, clash),
    planner,
    patienceFor(run.request, tools, started, mostPlans),
  );
}
