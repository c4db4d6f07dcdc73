import type { MigrationStep, Plan, Step } from '../../plan/plan.ts';
import { isMigration } from '../../plan/run-steps.ts';
import type { JournalEntry } from '../journal/entry.ts';
import { type RunState, stepState } from './run-state.ts';
import type { Running } from './tools.ts';

/**
 * When somebody last left the destination of a migration, or may have left it, in milliseconds since 1970: the scheduler
 * hears of that some time later, and refuses until then. Undefined where nobody has.
 */
export function releasedAt(
  step: MigrationStep,
  { plan, state, journal }: Pick<Running, 'plan' | 'state' | 'journal'>,
): number | undefined {
  const times = [...leftInRun(step.to, plan, state()), ...mayHaveLeft(step, journal.entries)];
  return times.length === 0 ? undefined : Math.max(...times);
}

/** When servers have left a host in this run, by steps of plans before this one too. */
function leftInRun(host: string, { steps }: Plan, run: RunState): readonly number[] {
  const earlier = run.earlier.flatMap(({ left, at }) => (left === host ? [at] : []));
  const now = steps.flatMap((step) => {
    const { phase, endedAt } = stepState(run, step.id);
    return phase === 'done' && endedAt !== undefined && leaves(step, steps) === host ? [endedAt] : [];
  });
  return [...earlier, ...now];
}

/**
 * Members of the server's group may have left the destination before this run, just before it was begun for all that is
 * known. A step with that guard has looked that few enough of them are there, but the scheduler goes by its own list.
 */
function mayHaveLeft({ guards }: Step, entries: readonly JournalEntry[]): readonly number[] {
  if (!guards.some(({ kind }) => kind === 'group-members')) return [];
  const begun = entries.findLast(({ kind }) => kind === 'run-started' || kind === 'run-resumed');
  return begun === undefined ? [] : [Date.parse(begun.at)];
}

/** The host that a step frees when it is done: a cold migration does when it is confirmed. */
export function leaves(step: Step, steps: readonly Step[]): string | undefined {
  if (step.kind === 'live') return step.from;
  if (step.kind !== 'confirm') return undefined;
  const migration = steps.find(({ id }) => id === step.of);
  return migration !== undefined && isMigration(migration) ? migration.from : undefined;
}
