import { z } from 'zod';
import type { Profile, Switches } from './profile.ts';

const insistence = z.enum(['required', 'warned', 'off']);

export const microversionSchema = z.string().regex(/^[1-9][0-9]*\.[0-9]+$/, 'a microversion such as 2.68');

export const majorSchema = z.int().min(17).max(99);

/** The switches that are one word or yes and no: everything but the microversions. */
export const plainSwitchesSchema = z.strictObject({
  cellChoice: z.enum(['nova', 'same']),
  numaLiveMigration: z.enum(['allowed', 'workaround']),
  sameNumaCells: insistence,
  identicalHardware: insistence,
  emptyForPinned: insistence,
  emptyForHugePages: insistence,
  emptyForNuma: insistence,
  batchException: z.boolean(),
  pinnedChecksFreeSmallPages: z.boolean(),
  liveClaimHasLimits: z.boolean(),
  lateGroupCheck: z.boolean(),
  maxServerPerHostRule: z.boolean(),
  pciAliasLive: z.enum(['refused', 'live-migratable-only']),
  sriovPortLive: z.enum(['refused', 'detach']),
  vdpaPortLive: z.enum(['refused', 'detach']),
  vgpuLive: z.enum(['refused', 'allowed']),
  vtpmLive: z.enum(['refused', 'host-secret-only']),
  pmemLive: z.enum(['refused', 'allowed']),
  sharesRefused: z.boolean(),
  acceleratorEvacuate: z.enum(['refused', 'allowed']),
  isoConfigDriveLive: z.enum(['refused', 'copied', 'libvirt']),
  disabledDestination: z.enum(['refused', 'forced-only']),
  forcedLive: z.boolean(),
  forceCompleteOnTimeout: z.boolean(),
  abortQueued: z.boolean(),
} satisfies Record<PlainSwitch, z.ZodType>);

export type PlainSwitch = Exclude<keyof Switches, 'microversions'>;

/** The resolved switches of a release, as they stand in a plan. */
export const switchesSchema: z.ZodType<Switches> = plainSwitchesSchema.extend({
  microversions: z.strictObject({
    live: microversionSchema,
    liveForced: z.exactOptional(microversionSchema),
    cold: microversionSchema,
    evacuate: microversionSchema,
    service: microversionSchema,
    read: microversionSchema,
  } satisfies Record<keyof Switches['microversions'], z.ZodType>),
});

/** A profile as it stands in a plan, beside its name. */
export const resolvedProfileSchema: z.ZodType<Omit<Profile, 'name'>> = z.strictObject({
  novaMajors: z.array(majorSchema).min(1),
  switches: switchesSchema,
} satisfies Record<Exclude<keyof Profile, 'name'>, z.ZodType>);
