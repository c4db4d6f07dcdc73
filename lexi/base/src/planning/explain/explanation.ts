import type { Disruption, Way } from '../../constraints/context.ts';
import type { HostId, ServerId } from '../../model/ids.ts';
import type { Assumed, Refusal } from '../../replay/legality.ts';

/** Why one server may go to some hosts and not to others, in the state of an instant. */
export interface Explanation {
  readonly profile: string;
  readonly server: ServerFacts;
  /** Ways that were asked about, best first; empty for a server without a host. */
  readonly ways: readonly WayAnswer[];
  /** Hosts that take it first, then the nearest miss. One entry a host; with a host asked for, one a way. */
  readonly hosts: readonly HostAnswer[];
  /** The same hosts, those with the same answer together. */
  readonly groups: readonly AnswerGroup[];
  /** What a reviewer should know of hosts that take it, or would otherwise. */
  readonly warnings: readonly {
    readonly id: string;
    readonly text: string;
    readonly hosts: readonly HostId[];
  }[];
  /** Disruptions that are not allowed, with the hosts that each would open. */
  readonly allowing: readonly { readonly allow: Disruption; readonly hosts: readonly HostId[] }[];
  /** The host that the question is about; absent when it is about all. */
  readonly to?: HostId;
}

/** What a reader should recognise the server by. */
export interface ServerFacts {
  readonly id: ServerId;
  readonly name: string;
  readonly host?: HostId;
  /** Its host is down: an evacuate is the only way. */
  readonly hostIsDown: boolean;
  readonly status: string;
  readonly flavor: { readonly name: string; readonly vcpus: number; readonly memoryMiB: number };
  readonly group?: string;
}

/** What all hosts answer to one way of travelling. */
export interface WayAnswer extends Way {
  /** Hosts that take the server this way. */
  readonly accepted: number;
  /** What refuses it on every host alike: a matter of the server, its source, or of all hosts. */
  readonly everywhere: readonly Refusal[];
}

/** A NUMA cell that Nova would choose for a guest cell. */
export interface ChosenCell {
  readonly hostCell: number;
  readonly pinnedCpus: number;
  readonly pageSizeKiB?: number;
}

export interface HostAnswer extends Way {
  readonly host: HostId;
  readonly verdict: 'yes' | 'no';
  /** What Nova would choose; empty without a NUMA topology, or where it does not fit. */
  readonly cells: readonly ChosenCell[];
  /** Every rule that refuses, those that refuse everywhere too. */
  readonly refusals: readonly Refusal[];
  readonly assumptions: readonly Assumed[];
  /** Of hosts that nothing but what holds everywhere keeps away. */
  readonly warnings: readonly { readonly id: string; readonly text: string }[];
}

/** Hosts that answer alike: the same rules for the same kind of reason, though numbers may differ. */
export interface AnswerGroup extends Way {
  readonly verdict: 'yes' | 'no';
  /** The nearest first. */
  readonly hosts: readonly HostId[];
  /** What refuses here and not everywhere; empty when these hosts would take it otherwise. */
  readonly reasons: readonly Reason[];
  readonly cells: readonly ChosenCell[];
}

/** One rule's words for the hosts of a group. */
export interface Reason {
  readonly rule: string;
  /** With `…` for the host and ranges for numbers that differ; most hosts first. */
  readonly wordings: readonly { readonly text: string; readonly hosts: number }[];
  readonly measured: Range;
  readonly limit: Range;
  readonly unit: string;
}

export interface Range {
  readonly least: number;
  readonly most: number;
}
