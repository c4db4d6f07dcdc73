import { groupBy } from '../shared/collections.ts';
import type { Evaluation } from './evaluation.ts';
import type { Goal, PriorityTolerance, Term } from './goal.ts';

/** The terms of one priority. */
export interface Priority {
  readonly priority: number;
  /** Where they stand among the goal's terms. */
  readonly indices: readonly number[];
  readonly terms: readonly Term[];
  readonly tolerance: PriorityTolerance['tolerance'];
}

/** The priorities of a goal, the most important first; one for a goal without terms. */
export function prioritiesOf({ terms, priorities = [] }: Goal): readonly Priority[] {
  const groups = groupBy([...terms.entries()], ([, { priority = 1 }]) => priority);
  if (groups.size === 0) return [{ priority: 1, indices: [], terms: [], tolerance: {} }];
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([priority, own]) => ({
      priority,
      indices: own.map(([index]) => index),
      terms: own.map(([, term]) => term),
      tolerance: priorities.find((entry) => entry.priority === priority)?.tolerance ?? {},
    }));
}

/** What a priority may be above its best value. */
export const allowedAbove = ({ tolerance }: Pick<Priority, 'tolerance'>, best: number): number =>
  Math.max(tolerance.absolute ?? 0, ((tolerance.percent ?? 0) / 100) * Math.abs(best));

/** Values this near, as a share of max(1, |value|), are equal: what rounding does. */
export const roundingShare = 1e-6;

/** Whether a value is no worse than what is best, or allowed besides, but for rounding. */
export const isWithin = (value: number, limit: number): boolean =>
  value - limit <= roundingShare * Math.max(1, Math.abs(value));

/** A value for each priority of a goal. */
export type Values = readonly number[];

/** The values of an evaluation by priority. */
export const valuesOf = (
  { before, after, priorities }: Evaluation,
  when: 'before' | 'after' = 'after',
): Values => priorities?.map((value) => value[when]) ?? [when === 'before' ? before : after];

/**
 * The best of some candidates: of those best in the first priority, or as good as its tolerance asks, those best in the
 * next, and so on; the first among equals. Besides, how much each priority may be for the next ones.
 */
export function chooseBest<Candidate>(
  priorities: readonly Pick<Priority, 'tolerance'>[],
  candidates: readonly Candidate[],
  valuesIn: (candidate: Candidate) => Values,
): { readonly best: Candidate | undefined; readonly limits: Values } {
  const limits: number[] = [];
  let left = candidates;
  for (const [k, priority] of priorities.entries()) {
    const value = (candidate: Candidate): number => valuesIn(candidate)[k] ?? 0;
    const least = left.reduce((min, candidate) => Math.min(min, value(candidate)), Infinity);
    const limit = least + allowedAbove(priority, least);
    limits.push(limit);
    const isLast = k + 1 === priorities.length;
    left = left.filter((candidate) =>
      isLast ? value(candidate) === least : isWithin(value(candidate), limit),
    );
  }
  return { best: left[0], limits };
}
