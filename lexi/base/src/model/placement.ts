import type { ProviderId } from './ids.ts';

/** Placement's inventory of one resource class on one provider, in units of the class. */
export interface ResourceInventory {
  readonly total: number;
  readonly reserved: number;
  readonly allocationRatio: number;
  readonly minUnit: number;
  readonly maxUnit: number;
  readonly stepSize: number;
}

/** Amounts by resource class, e.g. `{ VCPU: 4, MEMORY_MB: 8192 }`. */
export type ResourceAmounts = Readonly<Record<string, number>>;

/** One node of a host's provider tree. The root carries the node's name. */
export interface ResourceProvider {
  readonly id: ProviderId;
  readonly name: string;
  /** Absent for the root. */
  readonly parent?: ProviderId;
  readonly generation?: number;
  readonly inventories: ReadonlyMap<string, ResourceInventory>;
  readonly traits: ReadonlySet<string>;
  /** UUIDs of Placement aggregates. */
  readonly aggregates: readonly string[];
}

/** What one consumer holds on one provider. */
export interface Allocation {
  readonly provider: ProviderId;
  readonly resources: ResourceAmounts;
}

/**
 * A consumer that is no server of the inventory: another service's, an orphan, or a migration that holds
 * the source of a move (`migration` names it).
 */
export interface OtherConsumer {
  readonly id: string;
  readonly allocations: readonly Allocation[];
  /** UUID of the migration record, when the consumer is one. */
  readonly migration?: string;
}
