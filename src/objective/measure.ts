import type { Assignment, Cloud } from '../model/cloud.ts';
import type { MigrationVolume } from './evaluation.ts';
import type { Demands } from '../constraints/demand.ts';
import type { Goal } from './goal.ts';
import { type LoadTable, loadTable } from './loads.ts';
import { createSelectors, type Selectors } from './selectors.ts';

/** What terms are measured on. */
export interface Facts {
  readonly cloud: Cloud;
  readonly loads: LoadTable;
  readonly selectors: Selectors;
}

/** What the terms of a goal are measured on in one cloud. */
export const factsOf = (goal: Pick<Goal, 'loads'>, cloud: Cloud, demands: Demands): Facts => ({
  cloud,
  loads: loadTable(cloud, demands, goal.loads),
  selectors: createSelectors(cloud),
});

/** An assignment, where servers were before it, and the migrations that led to it. */
export interface Moment {
  readonly at: Assignment;
  readonly start: Assignment;
  readonly migrations: readonly MigrationVolume[];
}

/** A term's value, weight applied; computed from nothing each time. */
export type Measure = (moment: Moment) => number;
