import type { RuleContext } from '../constraints/context.ts';
import type { Rule } from '../constraints/rule.ts';
import type { Finding } from './finding.ts';
import type { Step, Undo } from './plan.ts';
import { undoOfSteps } from './undo.ts';

/** Whether steps are undone as the plan says: that there is a way back at all, and which step closes it. */
export function checkUndo(
  steps: readonly Step[],
  context: RuleContext,
  rules: readonly Rule[],
): readonly Finding[] {
  const undos = undoOfSteps(steps, context, rules);
  return steps.flatMap(({ id, undo }): readonly Finding[] => {
    const said = show(undo);
    const computed = show(undos.get(id));
    if (said === computed) return [];
    const text = `the plan says ${said}, replaying gives ${computed}`;
    return [{ code: 'undo-differs', step: id, text }];
  });
}

function show(undo: Undo | undefined): string {
  if (undo?.kind !== 'possible') return 'no way back';
  return undo.untilStep === undefined ? 'a way back' : `a way back until ${undo.untilStep}`;
}
