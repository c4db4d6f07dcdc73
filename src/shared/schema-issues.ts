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
  /** What a check of our own tells besides. */
  readonly params?: Readonly<Record<string, unknown>> | undefined;
}

/** What was parsed, and where it stands. */
export interface Place {
  /** First part of the codes: `plan` gives `plan.malformed`. */
  readonly document: string;
  /** The file or reply. */
  readonly source?: string;
  /** Path of the parsed value within the source. */
  readonly path?: readonly PropertyKey[];
  /** The parsed value itself, to show what stands at an issue. */
  readonly input: unknown;
  /** What the source calls members that a reader renamed. */
  readonly ownNames?: ReadonlyMap<string, string> | undefined;
  /** Where the value is not shown. */
  readonly mayBeSecret?: (path: readonly PropertyKey[]) => boolean;
}

/**
 * What a schema found wrong, in our words; each with its path, value and limit. Codes are `malformed`, `missing`,
 * `out-of-range` and `unknown-member` of the document.
 */
export const schemaDiagnostics = (issues: readonly Issue[], place: Place): Diagnostic[] =>
  issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' && Array.isArray(issue.keys)
      ? issue.keys.map((member: unknown) => unknownMember([...issue.path, String(member)], place))
      : [toDiagnostic(issue, place)],
  );

/** Texts that nothing can print or digest, see `plainJson`. */
export const brokenTextDiagnostics = (
  paths: readonly string[],
  document: string,
  source: string,
): Diagnostic[] =>
  paths.map((path) => ({
    code: `${document}.malformed`,
    severity: 'error',
    summary: 'not Unicode text: half a surrogate pair',
    source,
    path,
  }));

function toDiagnostic(issue: Issue, place: Place): Diagnostic {
  const found = memberAt(place.input, issue.path);
  const value = place.mayBeSecret?.(issue.path) === true ? undefined : showValue(found);
  const { code, summary, limit, hint } = describe(issue, found);
  return {
    code: `${place.document}.${code}`,
    severity: 'error',
    summary,
    ...where(issue.path, place),
    ...(value !== undefined && { value }),
    ...(limit !== undefined && { limit }),
    ...(hint !== undefined && { hint }),
  };
}

const unknownMember = (path: readonly PropertyKey[], place: Place): Diagnostic => ({
  code: `${place.document}.unknown-member`,
  severity: 'error',
  summary: `there is no member ${showName(String(path.at(-1)))} here`,
  ...where(path, place),
  hint: ownMembers,
});

function where(
  [first, ...rest]: readonly PropertyKey[],
  { source, path = [], ownNames }: Place,
): { readonly source?: string; readonly path: string } {
  const named = first === undefined ? [] : [ownNames?.get(String(first)) ?? first, ...rest];
  return { ...(source !== undefined && { source }), path: jsonPath([...path, ...named]) };
}

interface Description {
  readonly code: 'malformed' | 'missing' | 'out-of-range' | 'unknown-member';
  readonly summary: string;
  readonly limit?: string | number;
  readonly hint?: string;
}

const ownMembers = 'members of your own begin with x-';

function describe(issue: Issue, found: unknown): Description {
  const { code, message, expected } = issue;
  if (code === 'custom') return describeOwn(issue);
  if (found === undefined)
    return { code: 'missing', summary: `a member is missing${wanted(expected)}`, ...choices(issue) };
  switch (code) {
    case 'too_big':
      return { code: 'out-of-range', summary: `too ${sizeWords(found).large}`, ...numberOf(issue.maximum) };
    case 'too_small':
      return { code: 'out-of-range', summary: `too ${sizeWords(found).small}`, ...numberOf(issue.minimum) };
    case 'invalid_type':
      return { code: 'malformed', summary: `expected ${String(expected)}, found ${kindOf(found)}` };
    case 'invalid_union':
      if (!message.startsWith('Invalid ')) return { code: 'malformed', summary: showName(message, 200) };
      return { code: 'malformed', summary: 'not a value that may stand here', ...choices(issue) };
    case 'invalid_value':
      return { code: 'malformed', summary: 'not a value that may stand here', ...choices(issue) };
    case undefined:
    default:
      return { code: 'malformed', summary: showName(message, 200) };
  }
}

/** What our own checks found. */
function describeOwn({ message, params }: Issue): Description {
  const summary = showName(message, 200);
  return params?.['code'] === 'unknown-member'
    ? { code: 'unknown-member', summary, hint: ownMembers }
    : { code: 'malformed', summary };
}

function sizeWords(found: unknown): { readonly small: string; readonly large: string } {
  if (Array.isArray(found)) return { small: 'few', large: 'many' };
  return typeof found === 'string' ? { small: 'short', large: 'long' } : { small: 'small', large: 'large' };
}

const wanted = (expected: unknown): string => (typeof expected === 'string' ? `: ${expected}` : '');

const numberOf = (limit: unknown): { limit?: number } =>
  typeof limit === 'number' || typeof limit === 'bigint' ? { limit: Number(limit) } : {};

function choices({ values, options }: Issue): { limit?: string } {
  const all = Array.isArray(values) ? values : options;
  return Array.isArray(all) ? { limit: `one of ${all.map(String).join(', ')}` } : {};
}

/** The value at a path; undefined where the path leads nowhere. */
function memberAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const member of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, member);
  }
  return value;
}

function showValue(value: unknown): string | number | boolean | undefined {
  if (typeof value === 'string') return showName(value, 60);
  return typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'number' && !Number.isInteger(value)) return 'a fraction';
  return Array.isArray(value) ? 'array' : typeof value;
}
