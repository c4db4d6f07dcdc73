import { z } from 'zod';
import { type Diagnostic, InputError } from '../shared/diagnostic.ts';
import { brokenTextDiagnostics, schemaDiagnostics } from '../shared/schema-issues.ts';
import { parseJsonText } from '../shared/parse-json.ts';
import { plainJson } from '../shared/plain-json.ts';
import { planId } from './plan-id.ts';
import type * as plan from './plan.ts';
import { planReferenceProblems } from './plan-references.ts';
import { formatVersion, planSchema } from './plan-schema.ts';

/**
 * Reads the text of a plan document. Members that begin with `x-` are for others: they are not read, not kept, and do
 * not count in the id.
 *
 * @throws InputError with every problem: no JSON, no plan, an unknown format version, members that are missing,
 * malformed or unknown, references to no earlier step, or an id that does not belong to the content.
 */
export function parsePlan(textOfPlan: string, source = 'the plan'): plan.Plan {
  const { value, brokenTexts } = plainJson(parseJsonText(textOfPlan, 'plan', source));
  checkHeader(value, source);

  const broken = brokenTextDiagnostics(brokenTexts, 'plan', source);
  const parsed = planSchema.safeParse(value);
  const problems = parsed.success
    ? []
    : schemaDiagnostics(parsed.error.issues, { document: 'plan', source, input: value });
  if (!parsed.success || broken.length > 0) throw new InputError([...broken, ...problems]);

  const plan: plan.Plan = parsed.data;
  const inconsistent = [...planReferenceProblems(plan, source), ...idProblems(plan, source)];
  if (inconsistent.length > 0) throw new InputError(inconsistent);
  return plan;
}

const header = z.looseObject({ kind: z.literal('plan'), formatVersion: z.unknown().optional() });

function checkHeader(value: unknown, source: string): void {
  const parsed = header.safeParse(value);
  if (!parsed.success) {
    const hint = 'a plan is what `planner rebalance` and `planner drain` write';
    const summary = 'this is no plan: it does not say `"kind": "plan"`';
    throw new InputError([
      { code: 'plan.not-a-plan', severity: 'error', summary, source, path: '$.kind', hint },
    ]);
  }
  const version = parsed.data.formatVersion;
  if (version === formatVersion) return;
  throw new InputError([
    {
      code: 'plan.version',
      severity: 'error',
      summary: `this planner reads format version ${formatVersion} of plans only`,
      source,
      path: '$.formatVersion',
      ...((typeof version === 'number' || typeof version === 'string') && { value: version }),
      limit: formatVersion,
      hint: 'read it with the planner that wrote it, or plan again',
    },
  ]);
}

function idProblems(plan: plan.Plan, source: string): Diagnostic[] {
  const expected = planId(plan);
  if (plan.id === expected) return [];
  return [
    {
      code: 'plan.altered',
      severity: 'error',
      summary: `the plan was changed after it was made: its content has the id ${expected}`,
      source,
      path: '$.id',
      value: plan.id,
      limit: expected,
      hint: 'plan again with other options instead of editing a plan',
    },
  ];
}
