import type { HostId, ServerId } from '../../model/ids.ts';
import type { NotDone, Warning } from '../plan.ts';

/** What differs between two plans. */
export interface PlanDiff {
  readonly kind: 'plans';
  readonly equal: boolean;
  readonly before: string;
  readonly after: string;
  /** What they were made from and asked for: inventory, profile, goal, options; only what differs. */
  readonly basedOn: readonly Differing[];
  readonly moves: {
    readonly added: readonly WholeTrip[];
    readonly dropped: readonly WholeTrip[];
    /** To another host than before. */
    readonly retargeted: readonly Both[];
    /** To the same host in another way: another method, or another stop-over. */
    readonly otherWay: readonly Both[];
    /** The same, in another wave or at another time. */
    readonly otherTime: readonly Both[];
  };
  readonly hostsFreed: { readonly added: readonly HostId[]; readonly dropped: readonly HostId[] };
  /** Figures that differ, by name. */
  readonly figures: readonly {
    readonly name: FigureName;
    readonly unit: string;
    readonly before: number;
    readonly after: number;
  }[];
  /** By priority; absent where the objectives measure different things, another goal or another cloud. */
  readonly objective?: readonly { readonly before: number; readonly after: number }[];
  readonly warnings: { readonly added: readonly Warning[]; readonly gone: readonly Warning[] };
  readonly notDone: { readonly added: readonly NotDone[]; readonly gone: readonly NotDone[] };
  /** All of it in a sentence. */
  readonly meaning: string;
}

export type FigureName =
  | 'servers moved'
  | 'migrations'
  | 'cold migrations'
  | 'stop-overs'
  | 'memory copied'
  | 'disk copied'
  | 'time'
  | 'longest downtime'
  | 'downtime of all'
  | 'violations at the end';

/** A part of what plans are based on, as text. */
export interface Differing {
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

/** What a plan does with one server, from its first host to its last. */
export interface WholeTrip {
  readonly server: ServerId;
  readonly serverName: string;
  readonly from: HostId;
  readonly to: HostId;
  /** Methods and hosts of its migrations in turn. */
  readonly way: readonly { readonly method: string; readonly to: HostId }[];
  readonly wave: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly reason: string;
}

export interface Both {
  readonly before: WholeTrip;
  readonly after: WholeTrip;
}
