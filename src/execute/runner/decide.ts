import type { MigrationStep, Plan, Step } from '../../plan/plan.ts';
import { isMigration } from '../../plan/run-steps.ts';
import type { RunOutcome } from '../journal/entry.ts';
import { mostTries } from './failure.ts';
import { type RunState, stepState } from './run-state.ts';
import { limitSeconds, type RunSettings } from './settings.ts';
import type { StepState } from './step-state.ts';
import { type Turn, turnOf } from './turn.ts';

/** What a run does next. */
export type Decision =
  | { readonly kind: 'request'; readonly step: Step }
  | { readonly kind: 'end-early'; readonly step: MigrationStep; readonly call: 'abort' | 'force-complete' }
  | { readonly kind: 'give-up'; readonly step: Step; readonly text: string; readonly read: string }
  | { readonly kind: 'stop'; readonly text: string }
  /** The rest of the plan is to be replayed on the cloud as it is now. */
  | { readonly kind: 'recheck'; readonly because: string }
  /** The rest is to be planned again. */
  | { readonly kind: 'replan'; readonly because: string }
  /** `until`: nothing is on its way, and the calendar lets nothing be requested before that (milliseconds since 1970). */
  | { readonly kind: 'wait'; readonly until?: number; readonly text?: string }
  | { readonly kind: 'end'; readonly outcome: RunOutcome; readonly text: string };

/**
 * The next thing to do, from the plan, the journal's state, the settings and the time alone. The order of urgency: what
 * takes too long, whether to go on at all, what may be requested, waiting, the end.
 *
 * @param now milliseconds since 1970
 */
export function decide(plan: Plan, run: RunState, settings: RunSettings, now: number): Decision {
  const running = plan.steps.filter((step) => stepState(run, step.id).phase === 'running');
  for (const step of running) {
    const late = tooLong(step, plan, run, settings, now);
    if (late !== undefined) return late;
  }
  const why = run.stopping === undefined ? reasonToStop(run, settings) : undefined;
  if (why !== undefined) return { kind: 'stop', text: why };
  const waiting = plan.steps.filter((step) => stepState(run, step.id).phase === 'waiting');
  if (run.otherCells !== undefined && run.stopping === undefined && waiting.some(isMigration))
    return running.length > 0 ? { kind: 'wait' } : { kind: 'recheck', because: run.otherCells };
  if (run.stopping !== undefined) return running.length > 0 ? { kind: 'wait' } : theEnd(plan, run);
  const because = reasonToReplan(run, settings);
  if (because !== undefined) return running.length > 0 ? { kind: 'wait' } : planAgain(because, run, settings);
  const next = firstTurn(plan, waiting, running, run, settings, now);
  if (next.step !== undefined) return { kind: 'request', step: next.step };
  if (running.length > 0 || waiting.some((step) => comesLater(step, run, now))) return { kind: 'wait' };
  if (run.failures > 0 && settings.onFailure === 'replan')
    return planAgain(failedWords(run.failures), run, settings);
  if (next.later !== undefined) return { kind: 'wait', until: next.later.at, text: next.later.text };
  if (next.never !== undefined) return { kind: 'stop', text: next.never };
  return theEnd(plan, run);
}

/** What keeps the rest of the plan from going on at all, where it is to be planned again then. */
function reasonToReplan(
  { unfit, failures }: RunState,
  { onFailure, maxFailures }: RunSettings,
): string | undefined {
  if (onFailure !== 'replan') return undefined;
  return unfit ?? (failures >= maxFailures ? failedWords(failures) : undefined);
}

const failedWords = (failures: number): string =>
  failures === 1 ? 'a step failed' : `${failures} steps failed`;

function planAgain(because: string, { replans }: RunState, { maxReplans }: RunSettings): Decision {
  if (replans < maxReplans) return { kind: 'replan', because };
  return { kind: 'stop', text: `${because}; planned again ${replans} times before (--max-replans)` };
}

interface NextTurn {
  readonly step?: Step;
  /** The soonest. */
  readonly later?: Extract<Turn, { kind: 'later' }>;
  /** Why the first that never may; of a migration, where there is one. */
  readonly never?: string;
}

/** The first step that may be requested now; else what the clock says of those that only wait for it. */
function firstTurn(
  plan: Plan,
  waiting: readonly Step[],
  running: readonly Step[],
  run: RunState,
  settings: RunSettings,
  now: number,
): NextTurn {
  let later: NextTurn['later'];
  const never: { readonly step: Step; readonly text: string }[] = [];
  for (const step of waiting) {
    if (!mayRequest(step, running, run, settings, now)) continue;
    const turn = turnOf(step, plan, run, settings, now);
    if (turn.kind === 'now') return { step };
    if (turn.kind === 'never') never.push({ step, text: turn.text });
    else if (later === undefined || turn.at < later.at) later = turn;
  }
  const why = never.find((one) => isMigration(one.step)) ?? never[0];
  return { ...(later !== undefined && { later }), ...(why !== undefined && { never: why.text }) };
}

function mayRequest(
  step: Step,
  running: readonly Step[],
  run: RunState,
  { maxParallel }: RunSettings,
  now: number,
): boolean {
  const parallel = maxParallel ?? Infinity;
  return (
    isFree(step, run) &&
    (stepState(run, step.id).notBefore ?? 0) <= now &&
    (!isMigration(step) || running.filter(isMigration).length < parallel)
  );
}

/** Everything that the plan wants to be over is over, and what it wants to be requested first has its claim. */
const isFree = ({ dependsOn, requestAfter }: Step, run: RunState): boolean =>
  dependsOn.every((dependency) => stepState(run, dependency.step).phase === 'done') &&
  requestAfter.every((id) => {
    const { phase, claimed } = stepState(run, id);
    return phase === 'done' || (phase === 'running' && claimed);
  });

const comesLater = (step: Step, run: RunState, now: number): boolean =>
  isFree(step, run) && (stepState(run, step.id).notBefore ?? 0) > now;

function reasonToStop(
  { failures, unfit }: RunState,
  { onFailure, maxFailures }: RunSettings,
): string | undefined {
  if (onFailure === 'replan') return undefined;
  if (unfit !== undefined) return unfit;
  if (failures === 0) return undefined;
  if (onFailure === 'stop') return 'a step failed';
  return failures >= maxFailures ? `${failures} failed, limit ${maxFailures} (--max-failures)` : undefined;
}

/** How long Nova may take to abort what it was asked to abort. */
const abortSeconds = 300;

function tooLong(
  step: Step,
  plan: Plan,
  run: RunState,
  settings: RunSettings,
  now: number,
): Decision | undefined {
  const state = stepState(run, step.id);
  if (state.ending !== undefined) return neverEnds(step, state.ending, settings, now);
  const mayEnd = step.kind === 'live' && state.migration !== undefined && state.claimed;
  if (state.unheard === mostTries)
    return giveUp(step, `Nova was asked ${mostTries} times to end it early, and no request has arrived`);
  if (mayEnd && run.stopping?.abort === true) return { kind: 'end-early', step, call: 'abort' };
  const limit = limitSeconds(step, settings);
  if (now - countsFrom(step, state, plan, run) <= limit * 1000) return undefined;
  const policy = timeoutPolicyOf(step, settings);
  if (policy === 'wait') return undefined;
  return mayEnd && policy !== 'give-up'
    ? { kind: 'end-early', step, call: policy }
    : giveUp(step, `it has not ended after ${limit} s`);
}

function neverEnds(
  step: Step,
  { call, at }: NonNullable<StepState['ending']>,
  settings: RunSettings,
  now: number,
): Decision | undefined {
  const grace = call === 'abort' ? abortSeconds : limitSeconds(step, settings);
  if (now - at <= grace * 1000) return undefined;
  return giveUp(step, `it goes on ${grace} s after Nova was asked to ${call} it`);
}

/**
 * From when on a step takes its own time, in milliseconds since 1970; Infinity while it waits for others: a pause,
 * somebody who confirms by hand, and a migration whose host has others under way before it. These may have been given up.
 */
function countsFrom(step: Step, state: StepState, { steps }: Plan, run: RunState): number {
  const { attempts, open, migration, movingAt, askedAt = Infinity } = state;
  if (step.kind === 'wait') return Infinity;
  if (step.kind === 'confirm' && open === undefined && attempts === 0) return Infinity;
  if (movingAt !== undefined || !isMigration(step) || migration === undefined) return movingAt ?? askedAt;
  const before = steps.filter(
    (other) => isMigration(other) && other.from === step.from && other.id !== step.id,
  );
  const states = before.map(({ id }) => stepState(run, id));
  if (states.some(({ phase, movingAt: moves }) => phase === 'running' && moves !== undefined))
    return Infinity;
  return Math.max(askedAt, ...states.flatMap(({ endedAt }) => endedAt ?? []));
}

function timeoutPolicyOf(
  step: Step,
  { onTimeout }: RunSettings,
): 'abort' | 'force-complete' | 'wait' | 'give-up' {
  if (step.kind === 'live') return onTimeout ?? step.timeoutPolicy;
  return isMigration(step) ? 'wait' : 'give-up';
}

const giveUp = (step: Step, text: string): Decision => ({
  kind: 'give-up',
  step,
  text,
  read: isMigration(step)
    ? `nova-compute logs on ${step.from} and ${step.to}`
    : 'the nova-compute log on its host',
});

/** How a run ends in which nothing is on its way and nothing may be requested. */
export function theEnd({ steps }: Plan, run: RunState): Extract<Decision, { kind: 'end' }> {
  const phases = steps.map(({ id }) => stepState(run, id).phase);
  const count = (phase: StepState['phase']): number => phases.filter((other) => other === phase).length;
  const done = `${count('done')} of ${steps.length} ${steps.length === 1 ? 'step' : 'steps'} done`;
  if (count('done') === steps.length) return { kind: 'end', outcome: 'done', text: done };
  if (count('failed') > 0)
    return { kind: 'end', outcome: 'failed', text: `${done}, ${count('failed')} failed` };
  return {
    kind: 'end',
    outcome: 'stopped',
    text: `${done}: ${run.stopping?.text ?? 'nothing may be requested'}`,
  };
}
