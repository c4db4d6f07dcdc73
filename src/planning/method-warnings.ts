import type { RuleContext } from '../constraints/context.ts';
import type { Rule } from '../constraints/rule.ts';
import type { MigrationStep, Step, Warning } from '../plan/plan.ts';
import { isMigration, runSteps } from '../plan/run-steps.ts';
import { judgeArrival } from '../replay/legality.ts';
import { createState } from '../replay/state.ts';
import { groupBy } from '../shared/collections.ts';
import { forcedEndOf, isThrottled } from './timeout-policy.ts';
import type { Run } from './run.ts';

/** What the operator did not allow and Nova's own configuration does, and what forced migrations go past. */
export function methodWarnings({ context, rules }: Run, steps: readonly Step[]): readonly Warning[] {
  const live = steps.filter(isMigration).filter((step) => step.kind === 'live');
  return [...convergence(live, context), ...forcedPast(steps, context, rules)];
}

const endWords = {
  pause: ['plan.nova-pauses', 'pauses servers whose migration does not converge in time, which'],
  'post-copy': ['plan.nova-post-copies', 'switches migrations that do not converge to post-copy, which'],
} as const;

function convergence(live: readonly MigrationStep[], context: RuleContext): readonly Warning[] {
  const ends = (['pause', 'post-copy'] as const).map((end): Warning => {
    const [code, does] = endWords[end];
    const steps = live.filter((step) => forcedEndOf(step, context) === end && !context.allow.has(end));
    return {
      code,
      text: `Nova itself ${does} was not allowed (${end}): abort them before live_migration_completion_timeout`,
      steps: steps.map((step) => step.id),
    };
  });
  const throttled = context.allow.has('auto-converge')
    ? []
    : live.filter((step) => isThrottled(step, context));
  const slows: Warning = {
    code: 'plan.nova-throttles',
    text: 'Nova itself slows servers down whose migration does not converge (live_migration_permit_auto_converge), which was not allowed (auto-converge)',
    steps: throttled.map((step) => step.id),
  };
  return [...ends, slows].filter((warning) => warning.steps.length > 0);
}

/** What the scheduler would have refused, rule by rule, where a migration goes past it. */
function forcedPast(
  steps: readonly Step[],
  context: RuleContext,
  rules: readonly Rule[],
): readonly Warning[] {
  const forced = steps.filter(isMigration).filter((step) => step.forced);
  if (forced.length === 0) return [];
  const passed: { readonly step: string; readonly rule: string }[] = [];
  runSteps(steps, createState(context), context, ({ step, arrival }, state) => {
    if (arrival?.forced !== true) return arrival !== undefined;
    const { server, from, to, method, storage } = arrival;
    const checked = { server, from, to, method, storage };
    for (const { rule } of judgeArrival(checked, state, rules).refusals) passed.push({ step: step.id, rule });
    return true;
  });
  return [
    {
      code: 'plan.forced',
      text: "these go past the scheduler by force: none of its filters looks at the destination, the hosts' own checks do",
      steps: forced.map((step) => step.id),
    },
    ...[...groupBy(passed, ({ rule }) => rule)].map(([rule, cases]): Warning => ({
      code: 'plan.forced-past',
      text: `the scheduler would refuse these (${rule}); what they break is mended by the end of the plan`,
      steps: cases.map(({ step }) => step),
    })),
  ];
}
