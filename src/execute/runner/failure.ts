import type { ConfirmStep, Plan, Step } from '../../plan/plan.ts';
import { isMigration } from '../../plan/run-steps.ts';
import type { JournalEntry, JournalEvent } from '../journal/entry.ts';
import type { Running } from './tools.ts';
import { type RunState, stepState } from './run-state.ts';
import type { Failed, Verdict } from './verdict.ts';

const firstRetrySeconds = 5;
const longestRetrySeconds = 60;
/** So often in a row a step is asked for that comes to nothing by what passes: five minutes in all. */
export const mostTries = 8;

/** A failure as the journal has it: asked for again, where it may pass by itself, else the end of the step. */
export function failureOf(step: Step, failure: Failed, running: Running): JournalEvent {
  const { text, read } = failure;
  const retry = retrySeconds(step, failure, running);
  if (retry !== undefined) {
    const notBefore = new Date(running.clock.now() + retry * 1000).toISOString();
    return { kind: 'step-retry', step: step.id, text, notBefore };
  }
  return {
    kind: 'step-failed',
    step: step.id,
    text,
    ...(read !== undefined && { read }),
    ...meaningOf(failure),
  };
}

/** A migration that was taken back, as the journal has it. */
export const revertedOf = (
  { id: step, of }: ConfirmStep,
  failure: Extract<Verdict, { readonly kind: 'reverted' }>,
): JournalEvent => ({ kind: 'reverted', step, of, text: failure.text, ...meaningOf(failure) });

const meaningOf = ({ meaning, seen }: Pick<Failed, 'meaning' | 'seen'>) => ({
  ...(meaning !== undefined && {
    meaning: { code: meaning.code, means: meaning.means, next: meaning.next },
  }),
  ...(seen !== undefined && { seen }),
});

/** Seconds until the step is asked for again; undefined when it has failed for good. */
function retrySeconds(
  step: Step,
  { meaning }: Failed,
  { plan, state, settings, clock, journal }: Running,
): number | undefined {
  const { phase, tries = 0, ...known } = stepState(state(), step.id);
  // Who was not even asked finds no room now.
  const askedAt = (phase === 'running' ? known.askedAt : undefined) ?? clock.now();
  const grown = firstRetrySeconds * 2 ** tries;
  switch (meaning?.passes) {
    case undefined:
      return undefined;
    case 'soon':
      return tries + 1 < mostTries ? Math.min(grown, longestRetrySeconds) : undefined;
    case 'after-release': {
      // A host that was left a moment ago may not have told the scheduler yet.
      const released = isMigration(step)
        ? latestOf(lastRelease(step.to, plan, state()), mayHaveLeft(step, journal.entries))
        : undefined;
      const interval = settings.releaseSeenSeconds;
      if (released === undefined || askedAt > released + interval * 1000) return undefined;
      return Math.min(grown, longestRetrySeconds);
    }
  }
}

/**
 * Where members of the server's group may have left the destination: just before this run was begun, for all that is
 * known. Each such step has looked that no more of them are there than may be, but the scheduler goes by its own list.
 */
function mayHaveLeft({ guards }: Step, entries: readonly JournalEntry[]): number | undefined {
  if (!guards.some(({ kind }) => kind === 'group-members')) return undefined;
  const begun = entries.findLast(({ kind }) => kind === 'run-started' || kind === 'run-resumed');
  return begun === undefined ? undefined : Date.parse(begun.at);
}

const latestOf = (...times: readonly (number | undefined)[]): number | undefined => {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
};

/** When somebody last left a host in this run, in milliseconds since 1970. */
function lastRelease(host: string, { steps }: Plan, run: RunState): number | undefined {
  const times = steps.flatMap((step) => {
    const { phase, endedAt } = stepState(run, step.id);
    return phase === 'done' && endedAt !== undefined && leaves(step, steps) === host ? [endedAt] : [];
  });
  return times.length === 0 ? undefined : Math.max(...times);
}

/** The host that a step frees when it ends. */
function leaves(step: Step, steps: readonly Step[]): string | undefined {
  if (step.kind === 'live') return step.from;
  if (step.kind !== 'confirm') return undefined;
  const migration = steps.find(({ id }) => id === step.of);
  return migration !== undefined && isMigration(migration) ? migration.from : undefined;
}
