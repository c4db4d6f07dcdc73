import type { z } from 'zod';
import type { PowerState } from '../model/server.ts';
import { type Diagnostic, InputError } from '../shared/diagnostic.ts';
import { toDiagnostics } from './document/diagnostics.ts';

/** One item of a vendor's reply, and where it stood. */
export interface Item {
  readonly source: string;
  readonly path: readonly PropertyKey[];
  readonly value: unknown;
  /** Why there is no value. */
  readonly problems?: readonly Diagnostic[];
  /** How the source itself names members of the value, where a reader renamed them. */
  readonly ownNames?: ReadonlyMap<string, string>;
}

/** A reply about one thing, whose id is the name of its file. */
export interface ReplyById extends Item {
  readonly id: string;
}

/** Every item in the shape that a reader wants; throws one `InputError` that names all that are not. */
export function parseItems<Schema extends z.ZodType>(
  schema: Schema,
  items: Iterable<Item>,
): z.output<Schema>[] {
  return parseEach(schema, items, (data) => data);
}

/** As `parseItems`, for readers that also want to know where an item stood. */
export function parseEach<Schema extends z.ZodType, Of extends Item, Result>(
  schema: Schema,
  items: Iterable<Of>,
  use: (data: z.output<Schema>, item: Of) => Result,
): Result[] {
  const results: Result[] = [];
  const problems: Diagnostic[] = [];
  for (const item of items) {
    const { source, path, value } = item;
    const parsed = item.problems === undefined ? schema.safeParse(value) : undefined;
    if (parsed === undefined) problems.push(...(item.problems ?? []));
    else if (parsed.success) results.push(use(parsed.data, item));
    else problems.push(...toDiagnostics(parsed.error.issues, { source, path, input: value }, item.ownNames));
    if (problems.length > enough) break;
  }
  if (problems.length > 0) throw new InputError(problems);
  return results;
}

/** After this many problems the rest is not looked at. */
const enough = 2000;

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
