import type { JournalEntry } from '../execute/journal/entry.ts';
import type { Holder } from '../execute/journal/lock.ts';
import { runStateOf, type RunState, stepState } from '../execute/runner/run-state.ts';
import type { Plan } from '../plan/plan.ts';
import type { RunStatus, StepStatus } from '../report/run-status.ts';
import { stepWordsOf } from '../report/run-lines.ts';
import { shellWord } from '../report/words.ts';

/** Notes that are shown, the newest. */
const mostNotes = 10;

/**
 * How a run stands.
 *
 * @param holder who holds the journal's lock; undefined when nobody does
 * @param now milliseconds since 1970
 */
export function runStatus(
  plan: Plan,
  entries: readonly JournalEntry[],
  holder: Holder | undefined,
  now: number,
  planFile: string,
): RunStatus {
  const run = runStateOf(entries, plan.steps);
  const words = stepWordsOf(plan);
  const begun = entries.find((entry) => entry.kind === 'run-started');
  const last = entries.findLast((entry) => entry.kind === 'run-started' || entry.kind === 'run-resumed');
  const process = last !== undefined && 'process' in last ? last.process : { pid: 0, host: '' };
  const state = stateOf(run, holder);
  const steps = plan.steps.map(({ id }): StepStatus => {
    const { phase, status, text, read, meaning, seen, askedAt, endedAt } = stepState(run, id);
    const until = endedAt ?? now;
    return {
      id,
      what: words(id),
      phase,
      ...(status !== undefined && phase === 'running' && { status }),
      ...(text !== undefined && { text }),
      ...(read !== undefined && phase === 'failed' && { read }),
      ...(meaning !== undefined && phase === 'failed' && meaning),
      ...(seen !== undefined && phase === 'failed' && { seen }),
      ...(askedAt !== undefined && phase !== 'waiting' && { seconds: Math.max(0, (until - askedAt) / 1000) }),
    };
  });
  return {
    plan: plan.id,
    replans: entries.filter(({ kind }) => kind === 'replanned').length,
    cloud: begun?.cloud ?? '',
    simulated: begun?.simulated ?? false,
    state,
    text: run.ended?.text ?? run.stopping?.text ?? run.waiting?.text ?? '',
    ...(run.waiting !== undefined && state === 'running' && { waitsUntil: run.waiting.until }),
    process: { pid: process.pid, host: process.host },
    done: steps.filter(({ phase }) => phase === 'done').length,
    steps,
    notes: entries
      .flatMap((entry) => (entry.kind === 'note' || entry.kind === 'cells-differ' ? [entry.text] : []))
      .slice(-mostNotes),
    next:
      state === 'running' || state === 'stopping' || state === 'done'
        ? ''
        : `planner resume ${shellWord(planFile)}`,
  };
}

function stateOf({ ended, stopping }: RunState, holder: Holder | undefined): RunStatus['state'] {
  if (ended !== undefined) return ended.outcome;
  if (holder === undefined || holder.alive === 'no') return 'killed';
  return stopping === undefined ? 'running' : 'stopping';
}
