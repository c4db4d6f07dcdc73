import { z } from 'zod';
import type { Profile, Switches } from '../model/profile.ts';

const microversion = z.string().regex(/^[1-9][0-9]*\.[0-9]+$/, 'a microversion such as 2.68');
const insistence = z.enum(['required', 'warned', 'off']);

/** A release profile as data: `models/profiles/*.json`. */
export const profileSchema: z.ZodType<Profile> = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/, 'a name of small letters, digits, dots and hyphens'),
  novaMajors: z.array(z.int().min(17).max(99)).min(1),
  switches: z.strictObject({
    cellChoice: z.enum(['nova', 'same']),
    numaLiveMigration: z.enum(['allowed', 'workaround', 'refused']),
    sameNumaCells: insistence,
    identicalHardware: insistence,
    emptyForPinned: insistence,
    emptyForHugePages: insistence,
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
    microversions: z.strictObject({
      live: microversion,
      liveForced: z.exactOptional(microversion),
      cold: microversion,
      evacuate: microversion,
      service: microversion,
      read: microversion,
    } satisfies Record<keyof Switches['microversions'], z.ZodType>),
  } satisfies Record<keyof Switches, z.ZodType>),
} satisfies Record<keyof Profile, z.ZodType>);
