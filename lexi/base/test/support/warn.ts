import type { Arrival } from '../../src/constraints/arrival.ts';
import type { RuleContext } from '../../src/constraints/context.ts';
import type { WarningRule } from '../../src/constraints/warning-rule.ts';
import { createState } from '../../src/replay/state.ts';
import { anArrival } from './builders.ts';

/** What a warning rule says of an arrival, as texts. */
export const warn = (
  rule: WarningRule,
  context: RuleContext,
  server: string,
  to: string,
  over: Partial<Arrival> = {},
): readonly string[] =>
  (rule.onArrival?.(anArrival(context, server, to, over), createState(context)) ?? []).map(
    ({ text }) => text,
  );

/** What it says of the cloud as it stands. */
export const warnNow = (rule: WarningRule, context: RuleContext): readonly string[] =>
  (rule.onState?.(createState(context)) ?? []).map(({ text }) => text);
