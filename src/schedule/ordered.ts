import type { Arrival } from '../constraints/arrival.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import type { BoundKind } from './timetable/problem.ts';
import type { FoundFit } from '../nova/numa-fit.ts';

/** A step that must have ended well before another is requested, and why. */
export interface Dependency {
  readonly step: string;
  readonly reason: string;
}

/** A migration of the timetable, before it becomes a plan's step. Seconds count from the start. */
export interface OrderedMigration {
  readonly kind: 'migrate';
  /** `m1`, `m2`, … in the order of the requests. */
  readonly id: string;
  readonly arrival: Arrival;
  /** Goes to a bypass host; a later leg takes the server on. */
  readonly stopOver: boolean;
  /** Steps whose request must have left `accepted` (cold: `pre-migrating`) before this one's. */
  readonly requestAfter: readonly string[];
  /** In list order; what follows from another entry is left out. */
  readonly dependsOn: readonly Dependency[];
  /** Longest chain of `dependsOn` down to here, from 1. */
  readonly wave: number;
  /** Cells and devices that Nova will choose; absent when they cannot be predicted. */
  readonly fit?: FoundFit;
  readonly bytes: number;
  readonly seconds: { readonly low: number; readonly expected: number; readonly high: number };
  readonly downtimeMs: number;
  readonly downtimeHighMs: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** Confirms the cold migration of step `of`, which frees its source. */
export interface OrderedConfirm {
  readonly kind: 'confirm';
  /** `c3` confirms `m3`. */
  readonly id: string;
  readonly server: ServerId;
  readonly of: string;
  readonly dependsOn: readonly Dependency[];
  readonly wave: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
}

export type OrderedStep = OrderedMigration | OrderedConfirm;

/** A move that found no turn, and the first rule that refuses it as things stand at the end. */
export interface StuckMove {
  readonly server: ServerId;
  readonly to: HostId;
  readonly rule: string;
  readonly text: string;
}

/** Why no order was found: servers that wait for each other, and what each was refused for at the end. */
export interface Deadlock {
  readonly kind: 'deadlock';
  /** By server id, ascending. Moves that do not wait for any of these are left out. */
  readonly stuck: readonly StuckMove[];
  /** Cycles of servers that wait for each other's room: each frees room for the next, the last for the first. */
  readonly cycles: readonly (readonly ServerId[])[];
  /** `no`: every state that rules allow was looked at. `unknown`: effort ended before, so an order may exist. */
  readonly exists: 'no' | 'unknown';
  /** What would let all of them be ordered, in words; each was tried. Present once it was asked for. */
  readonly releases?: readonly string[];
  /**
   * Present once it was asked for, where no order exists: moves that cannot all be made even if nobody else moved or was in the way, and that could if
   * any one of their servers were not there. Each with the rule that refuses it as things stand.
   */
  readonly core?: readonly StuckMove[];
}

/** How long an order takes, and how short it could be. */
export interface Timing {
  readonly makespanSeconds: number;
  /** Of all steps, confirms too. */
  readonly sumOfEndSeconds: number;
  /** No order of the same migrations is shorter: proven by their links, slots and longest chain alone. */
  readonly boundSeconds: number;
  readonly boundBy: BoundKind;
  /** `optimal`: the makespan is at its bound. */
  readonly outcome: 'optimal' | 'feasible';
}

/** `steps` stand in the order of their requests, with the times at which the search played them. */
export type SequenceOutcome = { readonly kind: 'ordered'; readonly steps: readonly OrderedStep[] } | Deadlock;

/** `steps` stand in the order of their requests, with their final times. */
export type OrderOutcome =
  { readonly kind: 'ordered'; readonly steps: readonly OrderedStep[]; readonly timing: Timing } | Deadlock;

/** Migrations to bypass hosts. */
export const stopOversOf = (steps: readonly OrderedStep[]): number =>
  steps.filter((step) => step.kind === 'migrate' && step.stopOver).length;

/** Whether the calendar lets somebody go at no time: no order helps that. */
export const isShut = ({ stuck }: Deadlock): boolean => stuck.some(({ rule }) => rule === 'calendar');
