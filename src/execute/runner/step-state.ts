import { omit } from '../../shared/omit.ts';
import type { Before, CallKind, FailureWords, JournalEntry, Seen } from '../journal/entry.ts';

/** A call that was announced and whose answer is not known. */
export interface OpenCall {
  readonly call: CallKind;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A live migration that was asked to end before its time. */
export interface Ending {
  readonly call: 'abort' | 'force-complete';
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `open`: nobody knows whether the request has arrived; `refused`: the migration was not one that can be ended. */
  readonly answer: 'open' | 'accepted' | 'refused';
  /** The newest action of the server before. */
  readonly after?: string;
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
  /** Of a confirm: its migration is taken back, since the guest does not work. */
  readonly reverting?: true;
  /** It was asked to end early. */
  readonly ending?: Ending;
  /** How often it was asked to end early by a request that has not arrived. */
  readonly unheard?: number;
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

/** A step of which no journal tells anything. */
export const untouched: StepState = { phase: 'waiting', attempts: 0, before: {}, claimed: false };

/** A line that tells of one step. */
export type StepEntry = Extract<JournalEntry, { readonly step: string; readonly kind: StepKind }>;
type StepKind =
  | 'calling'
  | 'answered'
  | 'reconciled'
  | 'progress'
  | 'step-done'
  | 'step-failed'
  | 'step-retry'
  | 'seen-again';

/** A step after one more line about it. */
export function nextStep(step: StepState, entry: StepEntry): StepState {
  const at = Date.parse(entry.at);
  const closed = omit(step, 'open');
  switch (entry.kind) {
    case 'calling':
      return called(step, entry, at);
    case 'answered':
      return answered(step, entry);
    case 'reconciled':
      if (endsEarly(entry.call)) return endingKnown(step, entry.arrived);
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
  if (endsEarly(call)) {
    const after = before.action === undefined ? {} : { after: before.action };
    return { ...step, ending: { call, at, answer: 'open', ...after } };
  }
  const { tries } = step;
  return {
    phase: 'running',
    attempts: attempt,
    before,
    claimed: false,
    open: { call, at },
    askedAt: at,
    ...(tries !== undefined && { tries }),
    ...(call === 'revert' && { reverting: true as const }),
  };
}

/** A lost answer leaves the call open. */
function answered(step: StepState, { call, answer, requestId }: Of<'answered'>): StepState {
  if (answer === 'lost') return step;
  if (endsEarly(call))
    return step.ending === undefined ? step : { ...step, ending: { ...step.ending, answer } };
  const closed = omit(step, 'open');
  if (answer === 'refused') return { ...closed, phase: 'waiting' };
  return { ...closed, ...(requestId !== undefined && { requestId }) };
}

const endsEarly = (call: CallKind): call is Ending['call'] => call === 'abort' || call === 'force-complete';

/** What has not arrived is as if it was never asked, and counted. */
function endingKnown(step: StepState, arrived: boolean): StepState {
  if (step.ending === undefined) return step;
  if (arrived) return { ...step, ending: { ...step.ending, answer: 'accepted' } };
  return { ...omit(step, 'ending'), unheard: (step.unheard ?? 0) + 1 };
}

/** Nova has not begun to move anything. */
const queued = new Set(['accepted', 'queued', 'pre-migrating']);

/** A migration that could not be ended may be one that can, once it has come further. */
const progressed = (
  step: Omit<StepState, 'open'>,
  { status, migration, claimed }: Of<'progress'>,
  at: number,
): StepState => ({
  ...(step.ending?.answer === 'refused' ? omit(step, 'ending') : step),
  phase: 'running',
  askedAt: step.askedAt ?? at,
  ...(!queued.has(status) && { movingAt: step.movingAt ?? at }),
  status,
  claimed: claimed || step.claimed,
  ...(migration !== undefined && { migration }),
});
