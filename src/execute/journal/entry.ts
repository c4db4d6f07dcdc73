/** Words of the call that carries a step out, and of calls on the way. */
export type CallKind =
  | 'live'
  | 'cold'
  | 'evacuate'
  | 'confirm'
  | 'revert'
  | 'stop'
  | 'start'
  | 'disable'
  | 'enable'
  | 'abort'
  | 'force-complete';

/** Who carries a plan out. */
export interface RunnerProcess {
  readonly pid: number;
  readonly host: string;
  readonly startedAt: string;
}

/** What a resume needs to tell its own doing from that of others: the newest of the server before a call. */
export interface Before {
  readonly migration?: number;
  readonly action?: string;
  readonly host?: string;
  readonly status?: string;
}

/** A server of which steps have failed, and how often. */
export interface FailedServer {
  readonly server: string;
  readonly times: number;
}

/** The end of a migration or confirmation of a plan before the newest. */
export interface EarlierEnd {
  readonly server: string;
  /** RFC 3339. */
  readonly at: string;
  /** The host that it has left; absent when it has left none. */
  readonly left?: string;
}

/** A server at the moment at which its step failed. */
export interface Seen {
  /** Absent when it is on none. */
  readonly host?: string;
  readonly status: string;
}

/** What a failure means in plain words; `code` is for programs. */
export interface FailureWords {
  readonly code: string;
  readonly means: string;
  readonly next: string;
}

/** What a run says at its end. */
export type RunOutcome = 'done' | 'stopped' | 'failed';

/** What happened, without its number and time. */
export type JournalEvent =
  | {
      readonly kind: 'run-started';
      readonly formatVersion: 1;
      readonly plan: string;
      readonly cloud: string;
      readonly simulated: boolean;
      readonly process: RunnerProcess;
    }
  | { readonly kind: 'run-resumed'; readonly process: RunnerProcess }
  /** The service of a host before the run changed it. */
  | {
      readonly kind: 'service-found';
      readonly host: string;
      readonly status: 'enabled' | 'disabled';
      readonly reason?: string;
    }
  /** Written before the call that it announces. */
  | {
      readonly kind: 'calling';
      readonly step: string;
      readonly call: CallKind;
      readonly attempt: number;
      readonly before: Before;
    }
  /** Written after the answer. */
  | {
      readonly kind: 'answered';
      readonly step: string;
      readonly call: CallKind;
      readonly attempt: number;
      readonly answer: 'accepted' | 'refused' | 'lost';
      readonly text?: string;
      readonly requestId?: string;
    }
  /** What the cloud told of a call whose answer was not known. */
  | { readonly kind: 'reconciled'; readonly step: string; readonly call: CallKind; readonly arrived: boolean }
  | {
      readonly kind: 'progress';
      readonly step: string;
      readonly status: string;
      readonly migration?: number;
      /** The destination has been claimed: steps that wait for this request may be requested. */
      readonly claimed: boolean;
    }
  | {
      readonly kind: 'step-done';
      readonly step: string;
      readonly note?: string;
      readonly cells?: readonly number[];
    }
  | {
      readonly kind: 'step-failed';
      readonly step: string;
      readonly text: string;
      /** The log and host to read. */
      readonly read?: string;
      /** Absent where Nova's words are not known. */
      readonly meaning?: FailureWords;
      readonly seen?: Seen;
    }
  /** A step was given up while its server was on its way: how it is at the end of the run. */
  | { readonly kind: 'seen-again'; readonly step: string; readonly seen: Seen }
  /** A cold migration was taken back: its confirm is not done, and the migration `of` has failed. */
  | {
      readonly kind: 'reverted';
      readonly step: string;
      readonly of: string;
      readonly text: string;
      readonly meaning?: FailureWords;
      readonly seen?: Seen;
    }
  /** A refusal that may be gone soon: the step is asked for again, not before that time. */
  | { readonly kind: 'step-retry'; readonly step: string; readonly text: string; readonly notBefore: string }
  /** Nova chose other NUMA cells than predicted: the rest of the plan is to be replayed. */
  | { readonly kind: 'cells-differ'; readonly step: string; readonly text: string }
  /** The rest was replayed; what is wrong with it, in words. */
  | { readonly kind: 'rechecked'; readonly problems: readonly string[] }
  /** The rest was planned again: from here on steps are those of that plan. */
  | {
      readonly kind: 'replanned';
      readonly plan: string;
      /** Its file, beside the journal. */
      readonly file: string;
      readonly text: string;
      /** How often steps of these servers have failed so far. */
      readonly failed: readonly FailedServer[];
      /** Lately ended: others may have to keep apart from these, or be refused for a moment. */
      readonly ended?: readonly EarlierEnd[];
    }
  /** A service is as it was found again, since the plan did not come to its end. */
  | { readonly kind: 'service-restored'; readonly host: string; readonly status: 'enabled' | 'disabled' }
  /** Nothing is on its way, and the calendar lets nothing be requested before that. */
  | { readonly kind: 'waiting'; readonly until: string; readonly text: string }
  | { readonly kind: 'note'; readonly text: string; readonly step?: string }
  /** No more requests from here on. */
  | { readonly kind: 'stopping'; readonly text: string; readonly abort: boolean }
  | {
      readonly kind: 'run-ended';
      readonly outcome: RunOutcome;
      readonly text: string;
      readonly requests: number;
    };

/** One line of a journal. */
export type JournalEntry = JournalEvent & {
  /** From 1, without gaps. */
  readonly seq: number;
  /** RFC 3339. */
  readonly at: string;
};
