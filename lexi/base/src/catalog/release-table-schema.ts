import { z } from 'zod';
import { majorSchema, microversionSchema, plainSwitchesSchema } from '../model/profile-schema.ts';
import type { ReleaseTable } from './release-table.ts';

const words = z.string().min(1);

const serviceVersion = z.int().min(1).max(999);

const first = 17;

/** Ascending, and from the first major on, so that every release has a value. */
const sinceOf = <Value extends z.ZodType>(value: Value) =>
  z
    .array(z.strictObject({ major: majorSchema, value }))
    .min(1)
    .refine((list) => list[0]?.major === first, `the first entry holds from Nova ${first} on`)
    .refine(
      (list) => list.every(({ major }, index) => index === 0 || major > (list[index - 1]?.major ?? major)),
      'entries ascend by major',
    );

const switchValue = z.union([z.string(), z.boolean()]);

const history = z
  .strictObject({ strictestFirst: z.array(switchValue).min(2), since: sinceOf(switchValue), source: words })
  .refine(({ strictestFirst: order }) => new Set(order).size === order.length, {
    path: ['strictestFirst'],
    error: 'a value stands there twice',
  })
  .refine(({ strictestFirst: order, since }) => since.every((entry) => order.includes(entry.value)), {
    path: ['strictestFirst'],
    error: 'a value of the switch is missing',
  });

/** Every switch, with no value that it cannot have. */
const histories = z.record(plainSwitchesSchema.keyof(), history).superRefine((switches, context) => {
  for (const [name, { strictestFirst }] of Object.entries(switches)) {
    const known = plainSwitchesSchema.partial();
    for (const [index, value] of strictestFirst.entries())
      if (!known.safeParse({ [name]: value }).success)
        context.addIssue({
          code: 'custom',
          path: [name, 'strictestFirst', index],
          message: `not a value of this switch`,
        });
  }
});

const microversions = z.strictObject({ since: sinceOf(microversionSchema), source: words });

/** `models/profiles/releases.json`. */
export const releaseTableSchema: z.ZodType<ReleaseTable> = z.strictObject({
  note: z.string(),
  releases: z
    .array(
      z.strictObject({
        major: majorSchema,
        name: words,
        maxMicroversion: microversionSchema,
        serviceVersions: z
          .tuple([serviceVersion, serviceVersion])
          .refine(([from, to]) => from <= to, 'the first is not above the last'),
      }),
    )
    .min(1)
    .refine(
      (list) => list.every(({ major }, index) => major === first + index),
      `majors ascend from ${first} without a gap`,
    ),
  switches: histories,
  microversions: z.strictObject({
    live: microversions,
    liveForced: microversions,
    cold: microversions,
    evacuate: microversions,
    service: microversions,
    read: microversions,
  } satisfies Record<keyof ReleaseTable['microversions'], z.ZodType>),
});
