import type { Diagnostic } from './diagnostic.ts';
import { jsonPath } from './json-path.ts';
import { showName } from './text.ts';

/** What a schema says of one place that is not as it should be. */
export interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly expected?: unknown;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  /** What may stand there. */
  readonly values?: unknown;
  /** What a discriminator may be. */
  readonly options?: unknown;
  /** Members that have no place there. */
  readonly keys?: unknown;
}

/** A schema's issues as diagnostics of a document, each at its place with the value that stands there. */
export function schemaDiagnostics(
  issues: readonly Issue[],
  input: unknown,
  source: string,
  document: 'plan' | 'rules',
): Diagnostic[] {
  return issues.flatMap((issue) => {
    const found = memberAt(input, issue.path);
    if (issue.code === 'unrecognized_keys' && Array.isArray(issue.keys)) {
      return issue.keys.map((member: unknown) =>
        unknownMember([...issue.path, String(member)], source, document),
      );
    }
    const value = showValue(found);
    return [
      {
        code: `${document}.malformed` as const,
        severity: 'error' as const,
        summary: describe(issue, found),
        source,
        path: jsonPath(issue.path),
        ...(value !== undefined && { value }),
        ...limitOf(issue),
      },
    ];
  });
}

const unknownMember = (
  path: readonly PropertyKey[],
  source: string,
  document: 'plan' | 'rules',
): Diagnostic => ({
  code: `${document}.unknown-member`,
  severity: 'error',
  summary: `${documentNames[document]} no member ${showName(String(path.at(-1)))} here`,
  source,
  path: jsonPath(path),
  hint: 'members of your own begin with x-',
});

const documentNames = { plan: 'a plan has', rules: 'rules have' } as const;

function describe({ code, message, expected }: Issue, found: unknown): string {
  if (found === undefined) return 'a member is missing';
  switch (code) {
    case 'invalid_type':
      return `expected ${String(expected)}, found ${kindOf(found)}`;
    case 'too_small':
      return 'too small';
    case 'too_big':
      return 'too large';
    case 'invalid_union':
      return message.startsWith('Invalid ') ? 'not a value that may stand here' : message;
    case 'invalid_value':
      return 'not a value that may stand here';
    case undefined:
    default:
      return message;
  }
}

function limitOf({ code, minimum, maximum, values, options }: Issue): { limit?: string | number } {
  if (code === 'too_small' && typeof minimum === 'number') return { limit: minimum };
  if (code === 'too_big' && typeof maximum === 'number') return { limit: maximum };
  const choices = code === 'invalid_value' ? values : options;
  return Array.isArray(choices) ? { limit: `one of ${choices.map(String).join(', ')}` } : {};
}

/** The value at a path; undefined where the path leads nowhere. */
export function memberAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const member of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, member);
  }
  return value;
}

const showValue = (value: unknown): string | number | boolean | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'number' && !Number.isInteger(value)) return 'a fraction';
  return Array.isArray(value) ? 'array' : typeof value;
}
