import type { Diagnostic } from '../shared/diagnostic.ts';

/** As many problems as anybody reads at once. */
const most = 100;

/** The first problems, and how many more there are. */
export function capDiagnostics(problems: readonly Diagnostic[], atLeast = false): readonly Diagnostic[] {
  if (problems.length <= most) return problems;
  const more = problems.length - most;
  return [
    ...problems.slice(0, most),
    {
      code: 'inventory.more-problems',
      severity: 'error',
      summary: `… and ${atLeast ? 'at least ' : ''}${more} more problems of this file`,
      limit: most,
      hint: 'mend the first ones: the rest are often of the same kind',
    },
  ];
}
