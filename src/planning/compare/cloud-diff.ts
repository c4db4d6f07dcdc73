import type { HostId, ServerId } from '../../model/ids.ts';
import type { Finding } from '../../plan/finding.ts';

/** What differs between two pictures of a cloud. */
export interface CloudDiff {
  readonly kind: 'inventories';
  readonly equal: boolean;
  readonly captured: { readonly before: string; readonly after: string };
  readonly hosts: Changes<HostId> & {
    /** The service: enabled, up, and why not. */
    readonly states: readonly StateChange<HostId>[];
  };
  readonly servers: Changes<ServerId> & {
    readonly moved: readonly (Named<ServerId> & {
      readonly from?: HostId | undefined;
      readonly to?: HostId | undefined;
    })[];
    readonly resized: readonly StateChange<ServerId>[];
    readonly states: readonly StateChange<ServerId>[];
  };
  readonly groups: Changes<string>;
  readonly aggregates: Changes<string>;
  readonly flavors: Changes<string>;
  /** Settings of Nova, storage pools, links, other consumers, migrations: what of these differs. */
  readonly others: readonly string[];
  /** Hosts and servers of which usage was measured anew. */
  readonly measuredAnew: number;
  /** Of hosts that take servers, by resource class; only where capacity or free amount differ. */
  readonly capacity: readonly CapacityChange[];
  readonly violations: {
    readonly added: readonly ViolationText[];
    readonly gone: readonly ViolationText[];
    /** Those that both have, raised or lowered. */
    readonly changed: readonly (ViolationText & { readonly before: number })[];
  };
  /** Whether a plan holds on the second one; absent where none was named. */
  readonly plan?: { readonly id: string; readonly holds: boolean; readonly findings: readonly Finding[] };
}

interface Named<Id extends string> {
  readonly id: Id;
  readonly name: string;
}

interface Changes<Id extends string> {
  readonly added: readonly Named<Id>[];
  readonly gone: readonly Named<Id>[];
  /** In something else than what has a list of its own: which members. */
  readonly changed: readonly (Named<Id> & { readonly members: readonly string[] })[];
}

interface StateChange<Id extends string> extends Named<Id> {
  readonly before: string;
  readonly after: string;
}

interface CapacityChange {
  readonly resource: string;
  readonly capacity: { readonly before: number; readonly after: number };
  readonly free: { readonly before: number; readonly after: number };
}

interface ViolationText {
  readonly rule: string;
  readonly text: string;
  readonly measured: number;
  readonly limit: number;
}
