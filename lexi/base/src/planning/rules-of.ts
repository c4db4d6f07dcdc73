import { headroom } from '../constraints/rules/headroom.ts';
import type { Rule } from '../constraints/rule.ts';
import { type Selection, selectionRule } from '../constraints/rules/selection.ts';

/**
 * Every rule of one planning, and of the check of its plan: the operator's selection, Nova's rules, the operator's own,
 * the headroom.
 */
export const rulesOf = (
  selection: Selection,
  rules: readonly Rule[],
  headroomPercent: number,
  own: readonly Rule[] = [],
): readonly Rule[] => [selectionRule(selection), ...rules, ...own, headroom(headroomPercent)];
