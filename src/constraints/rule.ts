import type { HostId, ServerId } from '../model/ids.ts';
import type { Arrival } from './arrival.ts';
import type { RuleContext } from './context.ts';
import type { Primitive } from './primitive.ts';
import type { StateView } from './state-view.ts';

/** A breach with both numbers. `where` names the host, cell, group or device; `names` lists what is meant. */
export interface No {
  readonly kind: 'no';
  readonly measured: number;
  readonly limit: number;
  readonly unit: string;
  readonly where: string;
  /** What exactly: missing features, clashing servers, traits, … in report order. */
  readonly names?: readonly string[];
}

/**
 * A rule that lacks facts. `safe` is what the assumption makes of it when the operator lets the planner assume:
 * an assumption may only lose quality, so most are `no`.
 */
export interface Unknown {
  readonly kind: 'unknown';
  /** The missing facts, as paths of the inventory document. */
  readonly missing: readonly string[];
  readonly safe: 'yes' | 'no';
  /** What is assumed, in words. */
  readonly assumption: string;
}

export type Verdict = { readonly kind: 'yes' } | No | Unknown;
export const yes: Verdict = { kind: 'yes' };

/** What a refusal measured, without the tag. */
export type Breach = Omit<No, 'kind'>;

export const breachOf = ({ measured, limit, unit, where, names }: No): Breach => ({
  measured,
  limit,
  unit,
  where,
  ...(names !== undefined && { names }),
});

/** Whether a verdict lets the arrival pass, assumptions allowed or not. */
export const passes = (verdict: Verdict, { unknown }: Pick<RuleContext, 'unknown'>): boolean =>
  verdict.kind === 'yes' || (verdict.kind === 'unknown' && unknown === 'assume' && verdict.safe === 'yes');

/** A rule that the cloud breaks in some state, with everything that `describe` and comparison need. */
export interface Violation extends Breach {
  readonly rule: string;
  readonly host?: HostId;
  /** Servers that take part, ascending; empty when it is about none in particular. */
  readonly servers: readonly ServerId[];
  /** What stays the same when the breach grows or shrinks: compares a violation before and after. */
  readonly key: string;
}

/** Servers that belong together, with the name of what makes them. */
export interface ServerSet {
  readonly name: string;
  readonly servers: readonly ServerId[];
}

/**
 * A hard rule, stated once. The same object judges an arrival, lists what is broken, becomes the solver's
 * constraints and explains itself.
 */
export interface Rule {
  readonly id: string;
  /** Pair: server and two hosts; host: what is on one host; domain: group, rack, zone; batch: one run. */
  readonly scope: 'pair' | 'host' | 'domain' | 'batch';
  /** `always`: at each request. `end`: only in the state that a plan leaves behind. */
  readonly holds: 'always' | 'end';
  /**
   * Only the scheduler asks: a forced arrival passes on its way, but no plan leaves a server where the rule refuses it.
   * Solvers get its primitives as if nothing could be forced.
   */
  readonly lasting?: true;
  /** Binds the requests of one run to each other, or says who takes part in it: going back later is not bound by it. */
  readonly ofRun?: true;
  /**
   * Judges an arrival before its claim is in `state`. Rules that hold at the end answer yes, or unknown for a
   * destination that they know too little of, whatever the state.
   */
  judge(arrival: Arrival, state: StateView): Verdict;
  /** Every breach in this state. */
  audit(state: StateView): readonly Violation[];
  /** Necessary conditions for solvers: may be weaker than `judge`, never stronger. */
  compile(context: RuleContext): readonly Primitive[];
  /**
   * Sets of servers that never travel at the same time, for rules that look at other hosts than the two of an arrival:
   * there the order of arrivals on one host does not keep a later request legal.
   */
  oneAtATime?(context: RuleContext): readonly ServerSet[];
  /** The answer in words for people; names stand in it as they are and are escaped when shown. */
  describe(answer: Breach): string;
}
