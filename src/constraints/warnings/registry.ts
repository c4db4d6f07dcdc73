import type { WarningRule } from '../warning-rule.ts';

/** Every warning rule, in report order. Adding one = one file + one line. */
export const warningRules: readonly WarningRule[] = [];
