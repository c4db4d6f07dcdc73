import { z } from 'zod';
import type { RulesDocument } from '../constraints/operator/document.ts';
import { rulesSchema } from '../constraints/operator/rules-schema.ts';
import { type Diagnostic, InputError } from '../shared/diagnostic.ts';
import { parseJsonText } from '../shared/parse-json.ts';
import { plainJson } from '../shared/plain-json.ts';
import { brokenTextDiagnostics, schemaDiagnostics } from '../shared/schema-issues.ts';

/** The only format version that this program reads. */
const formatVersion = 1;

/**
 * Reads the text of a rules file. Members that begin with `x-` are for others and are not kept.
 *
 * @throws InputError with every problem: no JSON, no rules, an unknown format version, members that are missing,
 * malformed or unknown, or two rules of one name.
 */
export function parseRules(text: string, source: string): RulesDocument {
  const { value, brokenTexts } = plainJson(parseJsonText(text, 'rules', source));
  checkHeader(value, source);
  const broken = brokenTextDiagnostics(brokenTexts, 'rules', source);
  const parsed = rulesSchema.safeParse(value);
  const problems = parsed.success
    ? sameNames(parsed.data, source)
    : schemaDiagnostics(parsed.error.issues, { document: 'rules', source, input: value });
  if (!parsed.success || broken.length + problems.length > 0) throw new InputError([...broken, ...problems]);
  return parsed.data;
}

/** The JSON Schema of the rules document, made from the schema that reads it. */
export function rulesJsonSchema(): Readonly<Record<string, unknown>> {
  const schema = z.toJSONSchema(rulesSchema, {
    io: 'input',
    reused: 'ref',
    override({ zodSchema, jsonSchema }) {
      if (zodSchema._zod.def.type === 'object') jsonSchema.patternProperties = { '^x-': {} };
    },
  });
  return {
    title: 'planner rules',
    description: `A rules document, formatVersion ${formatVersion}`,
    ...schema,
  };
}

const header = z.looseObject({ kind: z.literal('rules'), formatVersion: z.unknown().optional() });

function checkHeader(value: unknown, source: string): void {
  const parsed = header.safeParse(value);
  const problem = { severity: 'error', source } as const;
  if (!parsed.success) {
    const summary = 'these are no rules: the file does not say `"kind": "rules"`';
    const hint = 'docs/rules.md has an example';
    throw new InputError([{ ...problem, code: 'rules.not-rules', summary, path: '$.kind', hint }]);
  }
  const version = parsed.data.formatVersion;
  if (version === formatVersion) return;
  throw new InputError([
    {
      ...problem,
      code: 'rules.version',
      summary: `this planner reads format version ${formatVersion} of rules only`,
      path: '$.formatVersion',
      ...((typeof version === 'number' || typeof version === 'string') && { value: version }),
      limit: formatVersion,
    },
  ]);
}

/** A rule's name is its id in reports and plans. */
function sameNames({ rules }: RulesDocument, source: string): readonly Diagnostic[] {
  const first = new Map<string, number>();
  return rules.flatMap(({ name }, index): readonly Diagnostic[] => {
    const earlier = first.get(name);
    if (earlier === undefined) {
      first.set(name, index);
      return [];
    }
    return [
      {
        code: 'rules.name',
        severity: 'error',
        summary: `two rules have this name; the other is $.rules[${earlier}]`,
        source,
        path: `$.rules[${index}].name`,
        value: name,
        hint: 'give each rule a name of its own',
      },
    ];
  });
}
