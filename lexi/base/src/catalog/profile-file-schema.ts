import { z } from 'zod';
import { majorSchema, plainSwitchesSchema } from '../model/profile-schema.ts';

const words = z.string().min(1);

/** A profile as it is written: `models/profiles/*.json`. */
export const profileFileSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/, 'a name of small letters, digits, dots and hyphens'),
  description: words,
  vendor: z.exactOptional(words),
  novaMajors: z
    .array(majorSchema)
    .min(1)
    .refine(
      (list) => list.every((major, index) => index === 0 || major > (list[index - 1] ?? major)),
      'majors ascend',
    ),
  /** Where the vendor asks for something else than Nova does. */
  overlay: plainSwitchesSchema.partial(),
  sources: z.array(words).min(1),
});

export type ProfileFile = z.infer<typeof profileFileSchema>;
