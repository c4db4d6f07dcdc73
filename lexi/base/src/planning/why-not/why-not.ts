import type { Blocker, PlanningTools } from '../planning-request.ts';
import type { Run } from '../run.ts';
import type { WhyNot } from './answer.ts';
import { breaks } from './breaks.ts';
import { candidatesOf } from './candidates.ts';
import { findClash } from './clash.ts';
import { patienceFor } from './patience.ts';
import { findWaysOut, type PlanOnce } from './ways-out.ts';

/** Questions to the solver for the clash, and plans for the ways out, of a small cloud. */
const mostQuestions = 300;
const mostPlans = 80;

/** Why hosts cannot be drained, and what would help; within what is left of the time, and never past an interrupt. */
export async function whyNot(
  run: Run,
  blockers: readonly Blocker[],
  planOnce: PlanOnce,
  tools: PlanningTools,
  started: number,
): Promise<WhyNot> {
  const { request } = run;
  const clash = await findClash(run, blockers, tools, patienceFor(request, tools, started, mostQuestions));
  const candidates = candidatesOf(run, clash, blockers);
  const found = await findWaysOut(
    request,
    candidates,
    (change) => breaks(change, clash),
    planOnce,
    patienceFor(request, tools, started, mostPlans),
  );
  return { ...(clash !== undefined && { clash }), ...found };
}
