import type { z } from 'zod';
import type { PowerState } from '../model/server.ts';
import { type Diagnostic, InputError } from '../shared/diagnostic.ts';
import { toDiagnostics } from './document/diagnostics.ts';

/** One item of a vendor's reply, and where it stood. */
export interface Item {
  readonly source: string;
  readonly path: readonly PropertyKey[];
  readonly value: unknown;
}

/** Every item in the shape that a reader wants; throws one `InputError` that names all that are not. */
export function parseItems<Schema extends z.ZodType>(
  schema: Schema,
  items: readonly Item[],
): z.output<Schema>[] {
  const good: z.output<Schema>[] = [];
  const problems: Diagnostic[] = [];
  for (const { source, path, value } of items) {
    const parsed = schema.safeParse(value);
    if (parsed.success) good.push(parsed.data);
    else problems.push(...toDiagnostics(parsed.error.issues, { source, path, input: value }));
  }
  if (problems.length > 0) throw new InputError(problems);
  return good;
}

// API and DB leave the zone out: UTC
const novaTime = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|\+00:00)?$/;

/** Nova's times of both kinds as RFC 3339 in whole seconds; `undefined` for anything else. */
export function toInstant(raw: string | null | undefined): string | undefined {
  const [, day, time] = novaTime.exec(raw ?? '') ?? [];
  return day === undefined || time === undefined ? undefined : `${day}T${time}Z`;
}

const powerStates: ReadonlyMap<number, PowerState> = new Map([
  [0, 'none'],
  [1, 'running'],
  [3, 'paused'],
  [4, 'shutdown'],
  [6, 'crashed'],
  [7, 'suspended'],
]);

/** Nova's number of a power state as the word for it; a number that is not known counts as `none`. */
export const toPowerState = (raw: number | null | undefined): PowerState =>
  powerStates.get(raw ?? 0) ?? 'none';

/** A whole number of MiB from bytes, rounded up: what must be carried is never understated. */
export const bytesToMiB = (bytes: number): number => Math.ceil(bytes / 2 ** 20);
