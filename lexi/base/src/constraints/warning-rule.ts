import type { HostId, ServerId } from '../model/ids.ts';
import type { Arrival } from './arrival.ts';
import type { RuleContext } from './context.ts';
import type { StateView } from './state-view.ts';

/** Something that Nova accepts and that a reviewer should know, in words; names stand in it as they are. */
export interface Notice {
  readonly text: string;
  readonly servers: readonly ServerId[];
  readonly host?: HostId;
}

/**
 * Advice, stated once like a rule: never refuses, never reaches the solver. `planner check`, `planner explain` and
 * every plan show it in the same words.
 */
export interface WarningRule {
  readonly id: string;
  /** What its notices have in common: stands for them where there are too many to read. */
  readonly summary: string;
  /** About an arrival, before its claim is in `state`. */
  readonly onArrival?: (arrival: Arrival, state: StateView) => readonly Notice[];
  /** About a host that is to be emptied for maintenance. */
  readonly onDrain?: (host: HostId, context: RuleContext) => readonly Notice[];
  /** About a cloud as it stands. */
  readonly onState?: (state: StateView) => readonly Notice[];
}
