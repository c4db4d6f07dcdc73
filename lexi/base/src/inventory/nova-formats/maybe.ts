import type { z } from 'zod';

/** A member that may be absent or null: Nova writes both, and both say that there is none. */
export const maybe = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value): z.output<Schema> | undefined => value ?? undefined);
