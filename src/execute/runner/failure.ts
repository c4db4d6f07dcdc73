import type { ConfirmStep, Step } from '../../plan/plan.ts';
import { isMigration } from '../../plan/run-steps.ts';
import type { JournalEvent } from '../journal/entry.ts';
import { releasedAt } from './released.ts';
import { stepState } from './run-state.ts';
import type { Running } from './tools.ts';
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
function retrySeconds(step: Step, { meaning }: Failed, running: Running): number | undefined {
  const { phase, tries = 0, ...known } = stepState(running.state(), step.id);
  // Who was not even asked finds no room now.
  const askedAt = (phase === 'running' ? known.askedAt : undefined) ?? running.clock.now();
  const grown = firstRetrySeconds * 2 ** tries;
  switch (meaning?.passes) {
    case undefined:
      return undefined;
    case 'soon':
      return tries + 1 < mostTries ? Math.min(grown, longestRetrySeconds) : undefined;
    case 'after-release': {
      // A host that was left a moment ago may not have told the scheduler yet.
      const released = isMigration(step) ? releasedAt(step, running) : undefined;
      const interval = running.settings.releaseSeenSeconds;
      if (released === undefined || askedAt > released + interval * 1000) return undefined;
      return Math.min(grown, longestRetrySeconds);
    }
  }
}
