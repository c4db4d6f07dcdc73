import type { RuleContext } from '../constraints/context.ts';
import type { Primitive } from '../constraints/primitive.ts';
import type { Diagnostic } from '../shared/diagnostic.ts';
import type { Rule } from '../constraints/rule.ts';
import type { Calendar } from '../replay/calendar/calendar.ts';
import type { Selection } from '../constraints/rules/selection.ts';
import type { Objective } from '../objective/evaluate.ts';
import type { PlacementProblem } from '../solve/placement-problem.ts';
import type { PlanningRequest } from './planning-request.ts';

/** What one planning works on: the request, compiled once. */
export interface Run {
  readonly request: PlanningRequest;
  readonly context: RuleContext;
  /** Nova's rules, and what the operator asked for. */
  readonly rules: readonly Rule[];
  /** What in the operator's own rules names nothing of the cloud. */
  readonly ruleProblems: readonly Diagnostic[];
  readonly selection: Selection;
  readonly problem: PlacementProblem;
  /** What the rules say of the servers on hosts to be drained alone; much less work than all of the problem. */
  readonly ofLeaving: readonly Primitive[];
  readonly objective: Objective;
  /** When migrations may run; absent where any time is as good. */
  readonly calendar?: Calendar;
}
