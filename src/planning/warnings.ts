import type { Arrival } from '../constraints/arrival.ts';
import type { StateView } from '../constraints/state-view.ts';
import { warningRules } from '../replay/warnings/registry.ts';
import type { HostId } from '../model/ids.ts';
import type { Step, Warning } from '../plan/plan.ts';
import { foldNotices, type KeyedNotice } from './fold-notices.ts';
import { methodWarnings } from './method-warnings.ts';
import type { Run } from './run.ts';

/** What warning rules say of a plan's steps, by rule; filled while the steps are replayed. */
export interface StepNotices {
  /** Asks every rule about a step, before its claim is in `state`. */
  readonly ask: (step: string, arrival: Arrival, state: StateView) => void;
  readonly of: (rule: string) => readonly KeyedNotice<string>[];
}

export function createStepNotices(): StepNotices {
  const byRule = new Map<string, KeyedNotice<string>[]>();
  return {
    ask(step, arrival, state) {
      for (const rule of warningRules) {
        const notices = rule.onArrival?.(arrival, state) ?? [];
        if (notices.length === 0) continue;
        const known = byRule.get(rule.id) ?? [];
        known.push(...notices.map(({ text }) => ({ text, key: step })));
        byRule.set(rule.id, known);
      }
    },
    of: (rule) => byRule.get(rule) ?? [],
  };
}

/** What a reviewer should know before signing. `closed` are the hosts that are emptied to be out of use. */
export function warningsOf(
  run: Run,
  steps: readonly Step[],
  notices: StepNotices,
  closed: readonly HostId[],
): readonly Warning[] {
  const { context, request, ruleProblems } = run;
  const release = (request.releaseNotes ?? []).map((note): Warning => ({ ...note, steps: [] }));
  const ruled = warningRules.flatMap((rule): readonly Warning[] => {
    const drained = closed.flatMap((host) => rule.onDrain?.(host, context) ?? []);
    const code = `plan.${rule.id}`;
    return [
      ...foldNotices(rule, notices.of(rule.id)).map(({ text, keys }) => ({ code, text, steps: keys })),
      ...foldNotices(
        rule,
        drained.map(({ text }) => ({ text, key: text })),
      ).map(({ text }) => ({ code, text, steps: [] })),
    ];
  });
  const own = ruleProblems.map(({ summary, path, value }) => ({
    code: 'plan.rule-names-nothing',
    text: `rules of your own, ${path ?? ''}: ${summary}${value === undefined ? '' : ` (${value})`}`,
    steps: [],
  }));
  return [...release, ...ruled, ...methodWarnings(run, steps), ...own];
}
