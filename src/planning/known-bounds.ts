import type { PriorityBound, SolveOutcome } from '../solve/placement-problem.ts';
import { greater } from '../shared/greater.ts';

/** What is known to be out of reach of every legal plan, by priority. */
export type KnownBounds = readonly PriorityBound[];

/**
 * Bounds after one more solve, of a problem that allows no more than the solves before. What holds in any case is kept;
 * what holds for plans that are as good before speaks of what the same solve reached there.
 */
export function withBounds(known: KnownBounds, outcome: SolveOutcome): KnownBounds {
  const latest = boundsOf(outcome);
  return Array.from({ length: Math.max(known.length, latest.length) }, (_, k) => {
    const anyway = greater(known[k]?.anyway, latest[k]?.anyway);
    const bound = greater(latest[k]?.bound, anyway);
    return { ...(bound !== undefined && { bound }), ...(anyway !== undefined && { anyway }) };
  });
}

function boundsOf(outcome: SolveOutcome): KnownBounds {
  if (outcome.kind === 'infeasible') return [];
  if (outcome.kind !== 'unknown' && outcome.priorities !== undefined) return outcome.priorities;
  const { bound } = outcome;
  return bound === undefined ? [] : [{ bound, anyway: bound }];
}
