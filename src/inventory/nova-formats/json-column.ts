import { z } from 'zod';
import { maybe } from './maybe.ts';

/** JSON within a text, as Nova keeps it in columns and old microversions; null and an empty text are absent. */
export const jsonColumn = <Schema extends z.ZodType>(schema: Schema) =>
  z.string().nullish().transform(unpacked).pipe(maybe(schema));

/** The same where null says something: that there is none, and not that nobody tells. */
export const jsonColumnOrNull = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .string()
    .nullish()
    .transform((text, context) => (text === null ? null : unpacked(text, context)))
    .pipe(schema.nullish());

function unpacked(text: string | null | undefined, context: z.RefinementCtx): unknown {
  if (text === undefined || text === null || text.trim() === '') return undefined;
  try {
    return unwrap(JSON.parse(text), 0);
  } catch {
    context.addIssue({ code: 'custom', message: 'a text that holds JSON is damaged' });
    return z.NEVER;
  }
}

const deepest = 64;

/** Nova wraps its objects as `{"nova_object.data": …}` with name, version and changes beside it. */
function unwrap(value: unknown, depth = 0): unknown {
  if (depth > deepest) throw new RangeError(`nested more than ${deepest} deep`);
  if (Array.isArray(value)) return value.map((item) => unwrap(item, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  if ('nova_object.data' in value) return unwrap(value['nova_object.data'], depth + 1);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, unwrap(member, depth + 1)]));
}
