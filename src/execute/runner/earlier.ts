import type { Plan } from '../../plan/plan.ts';
import { isMigration } from '../../plan/run-steps.ts';
import type { EarlierEnd } from '../journal/entry.ts';
import { leaves } from './released.ts';
import { type RunState, stepState } from './run-state.ts';
import type { RunSettings } from './settings.ts';

/**
 * What the steps of the next plan have to know of those of this one: which servers have come to the end of a migration
 * or confirmation so lately that others of their groups keep apart from it still, or that the scheduler may not have
 * heard of it.
 *
 * @param now milliseconds since 1970
 */
export function endsToRemember(
  { steps }: Plan,
  run: RunState,
  { apart, releaseSeenSeconds }: Pick<RunSettings, 'apart' | 'releaseSeenSeconds'>,
  now: number,
): readonly EarlierEnd[] {
  const since = now - Math.max(releaseSeenSeconds, apart?.seconds ?? 0) * 1000;
  const ofSteps = steps.flatMap((step) => {
    const { phase, endedAt } = stepState(run, step.id);
    if (endedAt === undefined || (!isMigration(step) && step.kind !== 'confirm')) return [];
    const left = phase === 'done' ? leaves(step, steps) : undefined;
    return [{ server: step.server, at: endedAt, ...(left !== undefined && { left }) }];
  });
  return [...run.earlier, ...ofSteps]
    .filter(({ at }) => at > since)
    .map((end) => ({ ...end, at: new Date(end.at).toISOString() }));
}
