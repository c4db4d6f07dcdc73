import type { Step } from '../../plan/plan.ts';
import { omit } from '../../shared/omit.ts';
import type { EarlierEnd, FailedServer, JournalEntry, RunOutcome } from '../journal/entry.ts';
import { nextStep, type StepState, untouched } from './step-state.ts';

/** A service as the run found it. */
export interface FoundService {
  readonly status: 'enabled' | 'disabled';
  readonly reason?: string;
}

/** Everything that a journal tells; made of nothing else, so that a resume knows what the run knew. */
export interface RunState {
  readonly steps: ReadonlyMap<string, StepState>;
  readonly found: ReadonlyMap<string, FoundService>;
  readonly stopping?: { readonly text: string; readonly abort: boolean };
  /** Nova chose other NUMA cells than predicted, in words; the rest has not been replayed since. */
  readonly otherCells?: string;
  readonly ended?: { readonly outcome: RunOutcome; readonly text: string };
  /** Nothing is on its way, and the calendar lets nothing be requested before that (RFC 3339). */
  readonly waiting?: { readonly until: string; readonly text: string };
  /** Steps that failed since the run was begun, resumed or planned again. */
  readonly failures: number;
  /** The rest of the plan does not hold on the cloud as it is, in words. */
  readonly unfit?: string;
  /** How often the rest was planned again since the run was begun or resumed. */
  readonly replans: number;
  /** Servers of which steps have failed before the newest plan was made. */
  readonly failedBefore: readonly FailedServer[];
  /** What ended lately by steps of plans before the newest; times in milliseconds since 1970. */
  readonly earlier: readonly (Pick<EarlierEnd, 'server' | 'left'> & { readonly at: number })[];
}

/** Nothing has happened yet. */
export const initialRun: RunState = {
  steps: new Map(),
  found: new Map(),
  failures: 0,
  replans: 0,
  failedBefore: [],
  earlier: [],
};

/** What is known of a step. */
export const stepState = (run: RunState, step: string): StepState => run.steps.get(step) ?? untouched;

/**
 * The state that a journal tells.
 *
 * @param steps those of the newest plan of the run
 */
export const runStateOf = (entries: readonly JournalEntry[], steps: readonly Step[]): RunState =>
  entries.reduce((run, entry) => nextRun(run, entry, steps), initialRun);

/** The state after one more line. */
export function nextRun(run: RunState, entry: JournalEntry, steps: readonly Step[]): RunState {
  switch (entry.kind) {
    case 'run-started':
    case 'note':
      return run;
    case 'run-resumed':
      return resumed(run, steps);
    case 'service-found':
      return { ...run, found: foundFirst(run.found, entry) };
    case 'service-restored':
      return restored(run, entry.host, steps);
    case 'cells-differ':
      return { ...run, otherCells: entry.text };
    case 'rechecked':
      return rechecked(run, entry.problems);
    case 'replanned': {
      const { found, replans } = run;
      const earlier = (entry.ended ?? []).map((end) => ({ ...end, at: Date.parse(end.at) }));
      return { ...initialRun, found, replans: replans + 1, failedBefore: entry.failed, earlier };
    }
    case 'waiting':
      return { ...run, waiting: { until: entry.until, text: entry.text } };
    case 'stopping':
      return {
        ...omit(run, 'waiting'),
        stopping: { text: entry.text, abort: entry.abort || run.stopping?.abort === true },
      };
    case 'run-ended':
      return { ...omit(run, 'waiting'), ended: { outcome: entry.outcome, text: entry.text } };
    case 'step-failed': {
      const steps = put(run, entry.step, nextStep(stepState(run, entry.step), entry));
      return { ...run, steps, failures: run.failures + 1 };
    }
    case 'reverted':
      return reverted(run, entry);
    case 'calling':
    case 'answered':
    case 'reconciled':
    case 'progress':
    case 'step-done':
    case 'step-retry':
    case 'seen-again':
      return {
        ...omit(run, 'waiting'),
        steps: put(run, entry.step, nextStep(stepState(run, entry.step), entry)),
      };
  }
}

/** The migration has failed, and its confirm is none any more. */
function reverted(run: RunState, entry: Extract<JournalEntry, { readonly kind: 'reverted' }>): RunState {
  const { text, meaning, seen } = entry;
  const confirm = omit(stepState(run, entry.step), 'open', 'reverting', 'endedAt');
  const migration: StepState = {
    ...stepState(run, entry.of),
    ...{ phase: 'failed', endedAt: Date.parse(entry.at), text },
    ...(meaning !== undefined && { meaning }),
    ...(seen !== undefined && { seen }),
  };
  const steps = put({ ...run, steps: put(run, entry.of, migration) }, entry.step, {
    ...confirm,
    phase: 'waiting',
  });
  return { ...run, steps, failures: run.failures + 1 };
}

function rechecked(run: RunState, problems: readonly string[]): RunState {
  const rest = omit(run, 'otherCells');
  if (problems.length === 0) return rest;
  const because = run.otherCells === undefined ? '' : `${run.otherCells}; `;
  return { ...rest, unfit: `${because}the rest does not hold any more: ${problems.join('; ')}` };
}

/** The first time counts: later ones see what the run itself has done. */
function foundFirst(
  found: RunState['found'],
  { host, status, reason }: FoundService & { readonly host: string },
): RunState['found'] {
  if (found.has(host)) return found;
  return new Map(found).set(host, { status, ...(reason !== undefined && { reason }) });
}

const put = (run: RunState, id: string, step: StepState): RunState['steps'] =>
  new Map(run.steps).set(id, step);

/**
 * What failed may be tried again, since somebody has looked at it. What was asked to end early and goes on was asked
 * still. Hosts that were disabled are looked at again: the run may have been killed while it left them as it found them.
 */
function resumed(run: RunState, planned: readonly Step[]): RunState {
  const again = new Set(planned.flatMap((step) => (isOpenDisable(step, run, planned) ? [step.id] : [])));
  const steps = new Map(
    [...run.steps].map(([id, step]): [string, StepState] => {
      const rest = omit(step, 'unheard', 'notBefore', 'tries');
      const anew = step.phase === 'failed' || again.has(id);
      return [id, anew ? { ...omit(rest, 'ending'), phase: 'waiting', claimed: false } : rest];
    }),
  );
  const { found, unfit, otherCells = unfit, failedBefore, earlier } = run;
  return {
    ...initialRun,
    ...{ steps, found, failedBefore, earlier },
    ...(otherCells !== undefined && { otherCells }),
  };
}

/** A host that this run has disabled and not enabled since. */
const isOpenDisable = (step: Step, run: RunState, planned: readonly Step[]): boolean =>
  step.kind === 'disable-service' &&
  stepState(run, step.id).phase === 'done' &&
  !planned.some(
    (other) =>
      other.kind === 'enable-service' &&
      other.host === step.host &&
      stepState(run, other.id).phase !== 'waiting',
  );

/** A host that is as it was found again: its service steps are to be taken again by a resume. */
function restored(run: RunState, host: string, steps: readonly Step[]): RunState {
  const again = steps.flatMap((step) => ('host' in step && step.host === host ? [step.id] : []));
  return { ...run, steps: new Map([...run.steps].filter(([id]) => !again.includes(id))) };
}
