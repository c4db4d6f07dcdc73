import type { Assignment } from '../model/cloud.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import type { MigrationVolume } from './evaluation.ts';

/** The end of a plan, from which one server at a time is taken elsewhere in thought. */
export interface Ending {
  readonly start: Assignment;
  readonly end: Assignment;
  /** The migrations of a server in the plan. */
  readonly migrationsOf: (server: ServerId) => readonly MigrationVolume[];
}

/** One server that ends elsewhere than the plan has it, and the migrations that it takes there. */
export interface Change {
  readonly server: ServerId;
  /** Where the plan has it at the end. */
  readonly from: HostId;
  readonly to: HostId;
  readonly migrations: readonly MigrationVolume[];
}

/** By how much a change raises a term, weight applied; less than zero where it lowers it. */
export type Shift = (change: Change) => number;
