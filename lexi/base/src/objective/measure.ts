import type { Assignment, Cloud } from '../model/cloud.ts';
import type { MigrationVolume } from './evaluation.ts';
import type { LoadTable } from './loads.ts';
import type { Selectors } from './selectors.ts';

/** What terms are measured on. */
export interface Facts {
  readonly cloud: Cloud;
  readonly loads: LoadTable;
  readonly selectors: Selectors;
}

/** An assignment, where servers were before it, and the migrations that led to it. */
export interface Moment {
  readonly at: Assignment;
  readonly start: Assignment;
  readonly migrations: readonly MigrationVolume[];
}

/** A term's value, weight applied; computed from nothing each time. */
export type Measure = (moment: Moment) => number;
