import { z } from 'zod';
import type { Profile, Switches } from '../model/profile.ts';

const microversion = z.string().regex(/^[1-9][0-9]*\.[0-9]+$/, 'a microversion such as 2.68');

/** A release profile as data: `models/profiles/*.json`. */
export const profileSchema: z.ZodType<Profile> = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/, 'a name of small letters, digits, dots and hyphens'),
  novaMajors: z.array(z.int().min(17).max(99)).min(1),
  switches: z.strictObject({
    cellChoice: z.enum(['nova', 'same']),
    numaLiveMigration: z.enum(['allowed', 'refused']),
    pinnedChecksFreeSmallPages: z.boolean(),
    liveClaimHasLimits: z.boolean(),
    lateGroupCheck: z.boolean(),
    maxServerPerHostRule: z.boolean(),
    pciAliasLive: z.enum(['refused', 'live-migratable-only']),
    sriovPortLive: z.enum(['refused', 'detach']),
    vgpuLive: z.enum(['refused', 'allowed']),
    vtpmLive: z.enum(['refused', 'host-secret-only']),
    disabledDestination: z.enum(['refused', 'forced-only']),
    forceCompleteOnTimeout: z.boolean(),
    abortQueued: z.boolean(),
    microversions: z.strictObject({
      live: microversion,
      cold: microversion,
      evacuate: microversion,
      service: microversion,
      read: microversion,
    } satisfies Record<keyof Switches['microversions'], z.ZodType>),
  } satisfies Record<keyof Switches, z.ZodType>),
} satisfies Record<keyof Profile, z.ZodType>);
