import { headroom } from '../constraints/rules/headroom.ts';
import { type Outlook, surviveHostLoss } from '../constraints/rules/survive-host-loss.ts';
import type { Rule } from '../constraints/rule.ts';
import { type Selection, selectionRule } from '../constraints/rules/selection.ts';

/**
 * Every rule of one planning, and of the check of its plan: the operator's selection, Nova's rules, the operator's own,
 * the headroom, the loss of a host.
 */
export const rulesOf = (
  selection: Selection,
  rules: readonly Rule[],
  wishes: Wishes,
  own: readonly Rule[] = [],
  outlook?: Outlook,
): readonly Rule[] => [
  selectionRule(selection),
  ...rules,
  ...own,
  headroom(wishes.headroomPercent),
  ...(wishes.surviveHostLoss === true ? [surviveHostLoss(outlook)] : []),
];

/** Options that are rules of the end of a plan. */
interface Wishes {
  readonly headroomPercent: number;
  readonly surviveHostLoss?: true;
}
