import type { Evaluation, PriorityValue } from '../objective/evaluation.ts';
import type { Goal } from '../objective/goal.ts';
import { allowedAbove, isWithin, prioritiesOf, roundingShare } from '../objective/priorities.ts';
import type { Plan, Proof } from '../plan/plan.ts';
import { invariant } from '../shared/invariant.ts';
import type { SolveOutcome } from '../solve/placement-problem.ts';
import type { KnownBounds } from './known-bounds.ts';

type Solved = Extract<SolveOutcome, { kind: 'optimal' | 'feasible' }>;

/**
 * How good a plan's value is known to be. A bound for plans that are as good in the priorities before is told where
 * these are proven to be at their best; what holds in any case is told in any case.
 */
export function proofOf(
  goal: Goal,
  value: Evaluation,
  bounds: KnownBounds,
  solved: Solved,
): Omit<Plan['objective'], keyof Omit<Evaluation, 'priorities'>> {
  const stopped =
    solved.kind === 'feasible' && solved.stoppedBy !== undefined ? { stoppedBy: solved.stoppedBy } : {};
  const values: readonly Omit<PriorityValue, 'priority'>[] = value.priorities ?? [value];
  const proofs: Proof[] = [];
  let proven = true;
  for (const [k, priority] of prioritiesOf(goal).entries()) {
    const { after = 0 } = values[k] ?? {};
    const proof = proofAt(after, bounds[k], proven);
    proofs.push(proof);
    proven &&=
      proof.bound !== undefined && isWithin(after, proof.bound + allowedAbove(priority, proof.bound));
  }
  const { priorities } = value;
  return {
    ...(priorities !== undefined && { priorities: priorities.map((own, k) => ({ ...own, ...proofs[k] })) }),
    outcome: proven ? 'optimal' : 'feasible',
    ...proofs[0],
    rounds: solved.rounds,
    ...stopped,
  };
}

function proofAt(after: number, { bound, anyway }: KnownBounds[number] = {}, asGoodBefore: boolean): Proof {
  const known = asGoodBefore ? bound : anyway;
  if (known === undefined) return {};
  invariant(
    known <= after + roundingShare * Math.max(1, Math.abs(after)),
    `bound ${known} is above objective ${after}`,
  );
  // It may pass the objective by rounding alone.
  const safe = Math.min(known, after);
  return { bound: safe, gap: (after - safe) / Math.max(1, Math.abs(after)) };
}
