import type { Interval } from '../../replay/calendar/intervals.ts';

/** Something that tasks share at the same time: slots of a host, Mbit/s of a link in one direction. */
export interface Resource {
  readonly name: string;
  readonly capacity: number;
}

/** What a task takes of a resource from its start to its end, or only for its first `seconds`. */
export interface Use {
  readonly resource: string;
  readonly amount: number;
  readonly seconds?: number;
}

/** Something that tasks take from their start on for good, and give back at their end for good: memory of a host. */
export interface Room {
  readonly name: string;
  /** What is left of it at the start. */
  readonly left: number;
}

export interface RoomAmount {
  readonly room: string;
  readonly amount: number;
}

/** A task starts at the earliest `lagSeconds` after another one has ended, or has started. */
export interface Precedence {
  readonly task: string;
  readonly kind: 'end' | 'start';
  readonly lagSeconds: number;
}

export interface Task {
  readonly id: string;
  /** How long it runs without a break; a whole number from 1. */
  readonly seconds: number;
  readonly uses: readonly Use[];
  readonly after: readonly Precedence[];
  /** When it must not run; ascending and disjoint. */
  readonly closed?: readonly Interval[];
  /** Taken at its start for good, and freed at its end for good. */
  readonly takes?: readonly RoomAmount[];
  readonly frees?: readonly RoomAmount[];
  /** Preferred order: of tasks that are as good for the timetable the lower goes first. Default 0. */
  readonly rank?: number;
}

/** Tasks of which each starts at the earliest `gapSeconds` after the one before has ended. */
export interface Apart {
  readonly tasks: readonly string[];
  readonly gapSeconds: number;
}

/** Tasks that are to be run on shared resources, each exactly once. Names that are not listed are a bug. */
export interface TimetableProblem {
  readonly tasks: readonly Task[];
  readonly resources: readonly Resource[];
  readonly rooms?: readonly Room[];
  readonly apart?: readonly Apart[];
}

export interface TimetableOptions {
  /** Starts of tasks that may be tried after the first timetables; the same effort gives the same answer. */
  readonly effort: number;
  readonly seed: number;
  /** Starts of all tasks: the answer is no worse. Left aside where one is missing or breaks what the problem asks. */
  readonly known?: ReadonlyMap<string, number>;
}

/** What proves that no timetable is shorter. */
export type BoundKind = 'none' | 'longest-chain' | 'volume' | 'one-at-a-time' | 'search';

export interface MakespanBound {
  readonly seconds: number;
  readonly by: BoundKind;
  /** The resource that is the bottleneck, or the last task of the chain. */
  readonly of?: string;
}

/**
 * When each task starts. The makespan is as short as was found, and among those of that makespan the sum of all ends.
 * `optimal`: both are proven. Where only the makespan is, it equals the bound.
 */
export interface Timetable {
  readonly kind: 'timetable';
  readonly starts: ReadonlyMap<string, number>;
  readonly makespanSeconds: number;
  readonly sumOfEndSeconds: number;
  readonly bound: MakespanBound;
  readonly outcome: 'optimal' | 'feasible';
}

/** `infeasible`: proven. `unknown`: none was found within the effort. */
export type TimetableOutcome = Timetable | { readonly kind: 'infeasible' } | { readonly kind: 'unknown' };
