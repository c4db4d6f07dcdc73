import type { z } from 'zod';
import type { Diagnostic } from '../../shared/diagnostic.ts';
import { jsonPath } from '../../shared/json-path.ts';
import { memberAt } from '../../shared/schema-issues.ts';
import { showName } from '../../shared/text.ts';

/** Where the value that was parsed stands. */
export interface Place {
  /** The file or reply. */
  readonly source?: string;
  /** Path of the parsed value within the source. */
  readonly path?: readonly PropertyKey[];
  /** The parsed value itself, to show what stands at an issue. */
  readonly input: unknown;
}

/** What zod found wrong, in our words; each with its code, path, value and limit. */
export const toDiagnostics = (
  issues: readonly z.core.$ZodIssue[],
  place: Place,
  ownNames?: ReadonlyMap<string, string>,
): Diagnostic[] => issues.map((issue) => toDiagnostic(issue, place, ownNames));

/** `ownNames`: what the source calls members that a reader renamed. */
function toDiagnostic(
  issue: z.core.$ZodIssue,
  { source, path = [], input }: Place,
  ownNames?: ReadonlyMap<string, string>,
): Diagnostic {
  const found = memberAt(input, issue.path);
  const value = mayBeSecret(issue.path, source) ? undefined : showValue(found);
  const { code, summary, limit, hint } = describe(issue, found);
  return {
    code: `inventory.${code}`,
    severity: 'error',
    summary,
    ...(source !== undefined && { source }),
    path: jsonPath([...path, ...inOwnWords(issue.path, ownNames)]),
    ...(value !== undefined && { value }),
    ...(limit !== undefined && { limit }),
    ...(hint !== undefined && { hint }),
  };
}

const inOwnWords = (
  [first, ...rest]: readonly PropertyKey[],
  names: ReadonlyMap<string, string> | undefined,
): readonly PropertyKey[] => (first === undefined ? [] : [names?.get(String(first)) ?? first, ...rest]);

/** What users attach to servers may be anything, passwords too. */
const mayBeSecret = (path: readonly PropertyKey[], source: string | undefined): boolean =>
  path.includes('metadata') || (source?.includes('instance_metadata') ?? false);

interface Description {
  readonly code: string;
  readonly summary: string;
  readonly limit?: string | number;
  readonly hint?: string;
}

function describe(issue: z.core.$ZodIssue, found: unknown): Description {
  switch (issue.code) {
    case 'too_big':
      return { code: 'out-of-range', summary: 'too large', limit: Number(issue.maximum) };
    case 'too_small':
      return { code: 'out-of-range', summary: 'too small', limit: Number(issue.minimum) };
    case 'invalid_value':
      return { code: 'malformed', summary: 'not a value that may stand here', limit: oneOf(issue.values) };
    case 'invalid_type':
      return found === undefined
        ? { code: 'missing', summary: `a member is missing: ${issue.expected}` }
        : { code: 'malformed', summary: `expected ${issue.expected}, found ${kindOf(found)}` };
    case 'custom':
      return describeOwn(issue);
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_element':
    case 'invalid_union':
    case 'not_multiple_of':
    case 'unrecognized_keys':
      return { code: 'malformed', summary: showName(issue.message, 200) };
  }
}

/** What our own checks found. */
function describeOwn({ message, params }: z.core.$ZodIssueCustom): Description {
  const summary = showName(message, 200);
  return params?.['code'] === 'unknown-member'
    ? { code: 'unknown-member', summary, hint: 'members of your own begin with x-' }
    : { code: 'malformed', summary };
}

const oneOf = (values: readonly unknown[]): string => `one of ${values.map(String).join(', ')}`;

function showValue(value: unknown): string | number | boolean | undefined {
  if (typeof value === 'string') return showName(value, 60);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return undefined;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
