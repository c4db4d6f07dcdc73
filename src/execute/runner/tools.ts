import type { Plan } from '../../plan/plan.ts';
import type { Driver } from '../driver.ts';
import type { FailedServer, JournalEvent } from '../journal/entry.ts';
import type { Journal } from '../journal/journal-file.ts';
import type { RunState } from './run-state.ts';
import type { RunSettings } from './settings.ts';

/** The time of a run: the clock's, or a simulated cloud's. */
export interface RunClock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(seconds: number): Promise<void>;
}

/** What somebody wants of a run that is going on. */
export type Wish = 'go-on' | 'stop' | 'abort';

/** Whether a guest works, before and after it is moved. */
export type Check = (
  server: { readonly id: string; readonly name: string; readonly addresses: readonly string[] },
  when: 'before' | 'after',
) => Promise<{ readonly ok: true } | { readonly ok: false; readonly text: string }>;

/** What is to be planned again, and why. Nothing is on its way, and services are as they were found. */
export interface ReplanAsked {
  /** The plan that does not go on. */
  readonly plan: Plan;
  readonly run: RunState;
  readonly because: string;
  readonly failed: readonly FailedServer[];
}

/** A plan for what is left, written to a file; or why there is none. */
export type ReplanAnswer =
  | { readonly kind: 'planned'; readonly plan: Plan; readonly file: string }
  | { readonly kind: 'no'; readonly text: string };

/** What a run works with. */
export interface RunTools {
  readonly plan: Plan;
  readonly driver: Driver;
  readonly journal: Journal;
  readonly clock: RunClock;
  readonly settings: RunSettings;
  readonly wish: () => Wish | Promise<Wish>;
  readonly check?: Check;
  /** Replays the rest of the plan on the cloud as it is now, while nothing is on its way; what is wrong, in words. */
  readonly recheck?: (plan: Plan, run: RunState) => Promise<readonly string[]>;
  /** Reads the cloud again and plans the same on it; never rejects for what is wrong with the cloud or the plan. */
  readonly replan?: (asked: ReplanAsked) => Promise<ReplanAnswer>;
  /** Told of every line of the journal. */
  readonly onEvent?: (event: JournalEvent, run: RunState) => void;
}

/** A run in motion: the state, and how to change it. */
export interface Running extends RunTools {
  readonly state: () => RunState;
  /** Writes a line, then counts it. */
  readonly tell: (event: JournalEvent) => Promise<void>;
  /** Goes on with another plan. */
  readonly adopt: (plan: Plan) => void;
}
