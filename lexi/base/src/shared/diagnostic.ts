import { escapeControls, showName } from './text.ts';

/** Anything we tell the operator about their input, their cloud or their plan. */
export interface Diagnostic {
  /** Stable, documented, never reused: scripts match on it. */
  readonly code: `${string}.${string}`;
  readonly severity: 'error' | 'warning';
  /** One line: what is wrong, with the names and both numbers in it. */
  readonly summary: string;
  /** The file, reply or option that it came from. */
  readonly source?: string;
  /** Where in the source, as a JSON path. */
  readonly path?: string;
  /** What stands there. */
  readonly value?: string | number | boolean;
  /** What may stand there: a number in the value's unit, or words such as `one of live, cold`. */
  readonly limit?: string | number;
  /** What the summary counts, one a line. */
  readonly details?: readonly string[];
  /** What to do about it. */
  readonly hint?: string;
}

/** The input or the cloud is wrong: holds every problem found. Thrown only at the edges; the core returns outcomes instead. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[], options?: ErrorOptions) {
    super(diagnostics.map(formatDiagnostic).join('\n'), options);
    this.diagnostics = diagnostics;
  }
}

/** A diagnostic as text for people: one line, then indented lines for details and hint, whatever the input holds. */
export function formatDiagnostic(d: Diagnostic): string {
  const lines = [`${d.severity} ${d.code}: ${d.summary}${where(d)}`];
  for (const detail of d.details ?? []) lines.push(`  ${detail}`);
  if (d.hint !== undefined) lines.push(`  hint: ${d.hint}`);
  return lines.map(escapeControls).join('\n');
}

function where({ source, path, value, limit }: Diagnostic): string {
  const place = [source, path].filter((part) => part !== undefined).join(' ');
  const facts = [
    place === '' ? undefined : `at ${place}`,
    value === undefined ? undefined : `value ${typeof value === 'string' ? showName(value) : String(value)}`,
    limit === undefined ? undefined : `limit ${limit}`,
  ].filter((fact) => fact !== undefined);
  return facts.length === 0 ? '' : ` (${facts.join(', ')})`;
}
