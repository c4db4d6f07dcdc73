import type { Assignment, Cloud } from '../model/cloud.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import type { MigrationVolume } from '../objective/evaluation.ts';
import type { Goal } from '../objective/goal.ts';
import type { Demands } from '../constraints/demand.ts';
import type { Primitive } from '../constraints/primitive.ts';
import type { SearchPool } from './search/search-pool.ts';

/** An arrival (or set on one host) that the replay or the scheduler refused, and that must not come again. */
export interface NoGood {
  /** These servers together on this host: not all of them at once. */
  readonly host: HostId;
  readonly servers: readonly ServerId[];
  /** True when no legal end state holds them together, so bounds may use it; false when only ordering failed. */
  readonly proven: boolean;
}

/** Everything `solve` needs to know: no rule names, no states. */
export interface PlacementProblem {
  readonly cloud: Cloud;
  readonly demands: Demands;
  readonly primitives: readonly Primitive[];
  readonly goal: Goal;
  /** Where servers are; servers without a host take no part. */
  readonly start: Assignment;
  /** What migrating a server would copy. */
  readonly volumeOf: (server: ServerId) => MigrationVolume;
  /** Hosts that must be empty of servers that can move at the end (drain). */
  readonly mustEmpty: readonly HostId[];
  readonly maxMoves?: number;
  readonly maxGiB?: number;
  readonly noGoods: readonly NoGood[];
  /** Share of every limit that the search leaves out when it looks for spare room (0 by default); no bound rests on it. */
  readonly spareMargin?: number;
}

/**
 * How hard to try. Effort is logical: a round of search is one, and so is a model, or more if it takes much work. Time
 * is tested only between rounds.
 */
export interface SolveBudget {
  readonly effort: number;
  readonly timeLimitSeconds?: number;
  readonly seed: number;
  /** Seconds since some fixed start; comes in as a value so that the core has no clock. */
  readonly now: () => number;
  readonly signal?: AbortSignal;
  /** Where searchers run side by side; in this thread, one after the other, where there is none. */
  readonly pool?: SearchPool;
  /** Told after each improvement and round; for progress only. */
  readonly onProgress?: (progress: {
    readonly objective?: number;
    readonly bound?: number;
    readonly round: number;
  }) => void;
}

export type StoppedBy = 'time' | 'effort' | 'cancel';

/** What is known of one priority; for a goal with one of all plans alike. */
export interface PriorityBound {
  /** Never above the value of a legal plan that is as good as can be in all priorities before, tolerances included. */
  readonly bound?: number;
  /** Never above the value of any legal plan. */
  readonly anyway?: number;
}

/**
 * `objective` is the model's; a plan reports the replayed one. `bound` is never above any legal plan's objective. Both
 * are of the most important priority; `priorities` has the bounds of all where the goal has several.
 */
export type SolveOutcome =
  | {
      readonly kind: 'optimal';
      readonly assignment: Assignment;
      readonly objective: number;
      readonly bound: number;
      readonly priorities?: readonly PriorityBound[];
      readonly method: string;
      readonly rounds: number;
    }
  | {
      readonly kind: 'feasible';
      readonly assignment: Assignment;
      readonly objective: number;
      readonly bound?: number;
      readonly priorities?: readonly PriorityBound[];
      readonly stoppedBy?: StoppedBy;
      readonly method: string;
      readonly rounds: number;
    }
  | { readonly kind: 'infeasible'; readonly method: string }
  | {
      readonly kind: 'unknown';
      readonly bound?: number;
      readonly stoppedBy?: StoppedBy;
      readonly method: string;
    };
