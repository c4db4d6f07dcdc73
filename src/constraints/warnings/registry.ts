import type { WarningRule } from '../warning-rule.ts';
import { emptyDestination } from './empty-destination.ts';
import { lateGroupCheck } from './late-group-check.ts';
import { numaCellsChange } from './numa-cells-change.ts';
import { otherHardware } from './other-hardware.ts';
import { publishedProcedure } from './published-procedure.ts';

/** Every warning rule, in report order. Adding one = one file + one line. */
export const warningRules: readonly WarningRule[] = [
  emptyDestination,
  numaCellsChange,
  otherHardware,
  lateGroupCheck,
  publishedProcedure,
];
