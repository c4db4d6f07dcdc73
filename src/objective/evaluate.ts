import type { Demands } from '../constraints/demand.ts';
import type { Assignment, Cloud } from '../model/cloud.ts';
import { at } from '../shared/at.ts';
import { type Evaluation, type MigrationVolume, roundObjective, type TermValue } from './evaluation.ts';
import type { Goal, Term } from './goal.ts';
import {
  measureFreeSlots,
  measureHighestLoad,
  measureHostsUsed,
  measureLoadAbove,
  measureLoadAboveMean,
  measureStranded,
} from './host-terms.ts';
import { type Facts, factsOf, type Measure } from './measure.ts';
import { measureMigration, measureMostMoved, measureRoutes } from './move-terms.ts';
import { prioritiesOf } from './priorities.ts';
import { measureCloseness, measureGroups, measureServersLeft, measureSpread } from './set-terms.ts';

/** What a goal is worth on one cloud; compiled once, asked often. */
export interface Objective {
  readonly goal: Goal;
  /** Value of `before` and `after`; `migrations` are those of the plan, stop-overs included. */
  evaluate(before: Assignment, after: Assignment, migrations: readonly MigrationVolume[]): Evaluation;
}

/** The value of an assignment under a goal: Σ of the terms of each priority (formulas at the terms, `objective/goal.ts`). */
export function createObjective(goal: Goal, cloud: Cloud, demands: Demands): Objective {
  const facts = factsOf(goal, cloud, demands);
  const measures = goal.terms.map((term) => ({ kind: term.kind, measure: measureOf(term, facts) }));
  const priorities = prioritiesOf(goal);
  return {
    goal,
    evaluate(before, after, migrations) {
      const terms: TermValue[] = measures.map(({ kind, measure }) => ({
        kind,
        before: roundObjective(measure({ at: before, start: before, migrations: [] })),
        after: roundObjective(measure({ at: after, start: before, migrations })),
      }));
      const values = priorities.map(({ priority, indices }) => {
        const own = indices.map((index) => at(terms, index));
        return { priority, before: sumOf(own, 'before'), after: sumOf(own, 'after') };
      });
      const { before: first, after: last } = at(values, 0);
      return {
        before: first,
        after: last,
        terms,
        ...(values.length > 1 && { priorities: values }),
      };
    },
  };
}

const sumOf = (terms: readonly TermValue[], member: 'before' | 'after'): number =>
  roundObjective(terms.reduce((sum, term) => sum + term[member], 0));

function measureOf(term: Term, facts: Facts): Measure {
  switch (term.kind) {
    case 'hosts-used':
      return measureHostsUsed(term, facts);
    case 'load-above':
      return measureLoadAbove(term, facts);
    case 'load-above-mean':
      return measureLoadAboveMean(term, facts);
    case 'highest-load':
      return measureHighestLoad(term, facts);
    case 'stranded-capacity':
      return measureStranded(term, facts);
    case 'free-slots':
      return measureFreeSlots(term, facts);
    case 'spread':
      return measureSpread(term, facts);
    case 'group-violations':
      return measureGroups(term, facts);
    case 'closeness':
      return measureCloseness(term, facts);
    case 'route-cost':
      return measureRoutes(term, facts);
    case 'most-moved':
      return measureMostMoved(term, facts);
    case 'servers-left':
      return measureServersLeft(term, facts);
    case 'migration-cost':
      return measureMigration(term, facts);
  }
}
