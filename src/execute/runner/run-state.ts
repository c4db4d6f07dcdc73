import type { Before, CallKind, FailureWords, JournalEntry, RunOutcome, Seen } from '../journal/entry.ts';
import type { Step } from '../../plan/plan.ts';
import { omit } from '../../shared/omit.ts';

/** A call that was announced and whose answer is not known. */
export interface OpenCall {
  readonly call: CallKind;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** How far a step is. */
export interface StepState {
  readonly phase: 'waiting' | 'running' | 'done' | 'failed';
  /** How often its request was announced. */
  readonly attempts: number;
  /** What was there before its newest request. */
  readonly before: Before;
  readonly open?: OpenCall;
  /** When its newest request was announced, in milliseconds since 1970. */
  readonly askedAt?: number;
  /** When Nova began to move it, in milliseconds since 1970: a queue takes as long as it takes. */
  readonly movingAt?: number;
  readonly requestId?: string;
  readonly migration?: number;
  readonly status?: string;
  /** The destination has been claimed. */
  readonly claimed: boolean;
  /** When it was asked to end early, in milliseconds since 1970, and how. */
  readonly ending?: { readonly call: 'abort' | 'force-complete'; readonly at: number };
  readonly notBefore?: number;
  /** How often it was asked for in vain, and is asked for again. */
  readonly tries?: number;
  readonly endedAt?: number;
  /** Why it failed, or what is to be known of it. */
  readonly text?: string;
  readonly read?: string;
  readonly meaning?: FailureWords;
  /** Its server when it failed. */
  readonly seen?: Seen;
}

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
  /** Steps that failed since the run was begun or resumed. */
  readonly failures: number;
}

const untouched: StepState = { phase: 'waiting', attempts: 0, before: {}, claimed: false };

/** Nothing has happened yet. */
export const initialRun: RunState = { steps: new Map(), found: new Map(), failures: 0 };

/** What is known of a step. */
export const stepState = (run: RunState, step: string): StepState => run.steps.get(step) ?? untouched;

/** The state that a journal tells. */
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
      return omit(run, 'otherCells');
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
 * What failed may be tried again, since somebody has looked at it; what was asked to end early is not any more. Hosts
 * that were disabled are looked at again: the run may have been killed while it left them as it found them.
 */
function resumed(run: RunState, planned: readonly Step[]): RunState {
  const again = new Set(planned.flatMap((step) => (isOpenDisable(step, run, planned) ? [step.id] : [])));
  const steps = new Map(
    [...run.steps].map(([id, step]): [string, StepState] => {
      const rest = omit(step, 'ending', 'notBefore', 'tries');
      const anew = step.phase === 'failed' || again.has(id);
      return [id, anew ? { ...rest, phase: 'waiting', claimed: false } : rest];
    }),
  );
  const { found, otherCells } = run;
  return { steps, found, failures: 0, ...(otherCells !== undefined && { otherCells }) };
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

type StepEntry = Extract<JournalEntry, { readonly step: string; readonly kind: StepKind }>;
type StepKind =
  | 'calling'
  | 'answered'
  | 'reconciled'
  | 'progress'
  | 'step-done'
  | 'step-failed'
  | 'step-retry'
  | 'seen-again';

function nextStep(step: StepState, entry: StepEntry): StepState {
  const at = Date.parse(entry.at);
  const closed = omit(step, 'open');
  switch (entry.kind) {
    case 'calling':
      return called(step, entry, at);
    case 'answered':
      return answered(step, entry);
    case 'reconciled':
      return entry.arrived ? closed : { ...closed, phase: 'waiting', tries: (step.tries ?? 0) + 1 };
    case 'progress':
      return progressed(closed, entry, at);
    case 'step-done':
      return {
        ...closed,
        phase: 'done',
        claimed: true,
        endedAt: at,
        ...(entry.note !== undefined && { text: entry.note }),
      };
    case 'step-failed':
      return {
        ...closed,
        phase: 'failed',
        endedAt: at,
        text: entry.text,
        ...(entry.read !== undefined && { read: entry.read }),
        ...(entry.meaning !== undefined && { meaning: entry.meaning }),
        ...(entry.seen !== undefined && { seen: entry.seen }),
      };
    case 'seen-again':
      return { ...step, seen: entry.seen };
    case 'step-retry': {
      const notBefore = Date.parse(entry.notBefore);
      const tries = (step.tries ?? 0) + 1;
      return { ...closed, phase: 'waiting', claimed: false, notBefore, tries, text: entry.text };
    }
  }
}

type Of<Kind extends StepKind> = Extract<StepEntry, { readonly kind: Kind }>;

function called(step: StepState, { call, attempt, before }: Of<'calling'>, at: number): StepState {
  if (call === 'abort' || call === 'force-complete') return { ...step, ending: { call, at } };
  const { tries } = step;
  return {
    phase: 'running',
    attempts: attempt,
    before,
    claimed: false,
    open: { call, at },
    askedAt: at,
    ...(tries !== undefined && { tries }),
  };
}

/** A lost answer leaves the call open. */
function answered(step: StepState, { call, answer, requestId }: Of<'answered'>): StepState {
  if (call === 'abort' || call === 'force-complete' || answer === 'lost') return step;
  const closed = omit(step, 'open');
  if (answer === 'refused') return { ...closed, phase: 'waiting' };
  return { ...closed, ...(requestId !== undefined && { requestId }) };
}

/** Nova has not begun to move anything. */
const queued = new Set(['accepted', 'queued', 'pre-migrating']);

const progressed = (
  step: Omit<StepState, 'open'>,
  { status, migration, claimed }: Of<'progress'>,
  at: number,
): StepState => ({
  ...step,
  phase: 'running',
  askedAt: step.askedAt ?? at,
  ...(!queued.has(status) && { movingAt: step.movingAt ?? at }),
  status,
  claimed: claimed || step.claimed,
  ...(migration !== undefined && { migration }),
});
