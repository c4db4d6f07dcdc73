import type { HostId } from '../../model/ids.ts';

/**
 * The hosts of a cloud through the steps of a plan, in numbers. A meter is one resource of one NUMA cell, or of a whole
 * host; meters are numbered through, and `used`, `total` and changes name them by that number.
 */
export interface History {
  readonly resources: readonly { readonly name: string; readonly unit: string }[];
  /** In the order of the cloud. */
  readonly hosts: readonly HostMeters[];
  /** Before the plan. */
  readonly used: readonly number[];
  /** What servers may take, overcommit ratios included. */
  readonly total: readonly number[];
  /** In the order of time. */
  readonly events: readonly HistoryEvent[];
  /** Steps that mean nothing on this cloud: their servers or hosts are not where the plan expects them. */
  readonly passedOver: readonly string[];
}

export interface HostMeters {
  readonly host: HostId;
  /** The whole host, without an id; then its NUMA cells in Nova's order, each with an id. */
  readonly cells: readonly {
    readonly id?: number;
    readonly meters: readonly { readonly resource: number; readonly meter: number }[];
  }[];
}

export interface HistoryEvent {
  readonly step: string;
  readonly what: 'requested' | 'ended';
  readonly atSeconds: number;
  /** How much more is in use then. */
  readonly changes: readonly { readonly meter: number; readonly by: number }[];
}
