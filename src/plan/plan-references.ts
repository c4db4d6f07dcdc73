import { invariant } from '../shared/invariant.ts';
import type { Diagnostic } from '../shared/diagnostic.ts';
import type { ConfirmStep, Plan, Step } from './plan.ts';

/**
 * What a plan's steps say of each other and cannot: ids that are not unique, references to no step or to a later
 * one (so that the order of the list is always one that works and no cycle can be written), times that run backwards.
 */
export function planReferenceProblems(plan: Plan, source: string): Diagnostic[] {
  const positions = new Map<string, number>();
  const problems: Diagnostic[] = [];
  const report = (path: string, value: string | number, summary: string, hint?: string): void => {
    problems.push({
      code: 'plan.reference',
      severity: 'error',
      summary,
      source,
      path,
      value,
      ...(hint !== undefined && { hint }),
    });
  };

  for (const [index, step] of plan.steps.entries()) {
    const at = `$.steps[${index}]`;
    const first = positions.get(step.id);
    if (first === undefined) positions.set(step.id, index);
    else report(`${at}.id`, step.id, `two steps have this id; the other is $.steps[${first}]`);
  }

  for (const [index, step] of plan.steps.entries()) {
    const at = `$.steps[${index}]`;
    const check = (path: string, reference: string): void => {
      const position = positions.get(reference);
      if (position === undefined) report(path, reference, 'no step has this id');
      else if (position >= index)
        report(
          path,
          reference,
          'a step can only wait for one before it',
          'put the steps in the order of their requests',
        );
    };
    for (const [i, reference] of step.requestAfter.entries()) check(`${at}.requestAfter[${i}]`, reference);
    for (const [i, { step: reference }] of step.dependsOn.entries())
      check(`${at}.dependsOn[${i}].step`, reference);
    if (step.startSeconds > step.endSeconds)
      report(`${at}.endSeconds`, step.endSeconds, 'ends before it starts');
    if (step.kind === 'confirm') checkConfirm(step, plan, positions, at, report);
    else checkStep(step, at, report);
  }

  const confirmed = new Set<string>();
  for (const [index, step] of plan.steps.entries()) {
    if (step.kind !== 'confirm') continue;
    if (confirmed.has(step.of))
      report(`$.steps[${index}].of`, step.of, 'another step confirms this migration already');
    confirmed.add(step.of);
  }

  for (const list of ['waves', 'links'] as const)
    for (const [index, { steps }] of plan.timetable[list].entries())
      for (const [i, reference] of steps.entries())
        if (!positions.has(reference))
          report(`$.timetable.${list}[${index}].steps[${i}]`, reference, 'no step has this id');

  for (const [index, warning] of plan.warnings.entries()) {
    for (const [i, reference] of warning.steps.entries()) {
      if (!positions.has(reference))
        report(`$.warnings[${index}].steps[${i}]`, reference, 'no step has this id');
    }
  }
  return problems;
}

type Report = (path: string, value: string | number, summary: string, hint?: string) => void;

function checkConfirm(
  step: ConfirmStep,
  plan: Plan,
  positions: ReadonlyMap<string, number>,
  at: string,
  report: Report,
): void {
  const position = positions.get(step.of);
  const confirmed = position === undefined ? undefined : plan.steps[position];
  if (confirmed === undefined || position === undefined) {
    report(`${at}.of`, step.of, 'no step has this id');
    return;
  }
  invariant(confirmed.id === step.of, 'positions are those of ids');
  if (confirmed.kind !== 'cold' || confirmed.server !== step.server) {
    report(`${at}.of`, step.of, 'only a cold migration of the same server can be confirmed');
  } else if (plan.steps.indexOf(step) <= position) {
    report(`${at}.of`, step.of, 'a step can only confirm one before it');
  }
}

function checkStep(step: Exclude<Step, ConfirmStep>, at: string, report: Report): void {
  if (step.kind !== 'live' && step.kind !== 'cold' && step.kind !== 'evacuate') return;
  if (step.from === step.to) report(`${at}.to`, step.to, 'source and destination are one host');
  const { seconds } = step.predicted;
  if (seconds.low > seconds.expected)
    report(`${at}.predicted.seconds.low`, seconds.low, 'more than expected');
  if (seconds.expected > seconds.high)
    report(`${at}.predicted.seconds.high`, seconds.high, 'less than expected');
}
