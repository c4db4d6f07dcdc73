import { nextStepFor } from '../report/next-steps.ts';
import type { Paint } from '../report/paint.ts';
import { type Diagnostic, formatDiagnostic } from '../shared/diagnostic.ts';

/** A diagnostic for standard error, always with a next step. */
export function tell(diagnostic: Diagnostic, paint: Paint): string {
  const hint = diagnostic.hint ?? nextStepFor(diagnostic.code);
  const [first = '', ...more] = formatDiagnostic({
    ...diagnostic,
    ...(hint !== undefined && { hint }),
  }).split('\n');
  return [paintHead(first, paint), ...more].join('\n');
}

/** Sets severity and code apart from the words. */
export const paintHead = (line: string, paint: Paint): string =>
  line
    .replace(/^error \S+:/, (head) => paint.bad(head))
    .replace(/^warning \S+:/, (head) => paint.warning(head));
