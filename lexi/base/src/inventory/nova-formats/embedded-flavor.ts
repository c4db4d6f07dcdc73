import { z } from 'zod';
import type { Flavor } from '../../model/flavor.ts';
import { maybe } from './maybe.ts';

const whole = z.int().min(0);

/** A `Flavor` object of Nova, as `instance_extra` and request specs embed it. */
export const EmbeddedFlavor = z.object({
  name: z.string().min(1),
  vcpus: whole,
  memory_mb: whole,
  root_gb: maybe(whole),
  ephemeral_gb: maybe(whole),
  swap: maybe(whole),
  extra_specs: maybe(z.record(z.string(), z.union([z.string(), z.number()]))),
});

export const toFlavor = (raw: z.infer<typeof EmbeddedFlavor>): Flavor => ({
  name: raw.name,
  vcpus: raw.vcpus,
  memoryMiB: raw.memory_mb,
  rootGiB: raw.root_gb ?? 0,
  ephemeralGiB: raw.ephemeral_gb ?? 0,
  swapMiB: raw.swap ?? 0,
  extraSpecs: Object.fromEntries(
    Object.entries(raw.extra_specs ?? {}).map(([name, value]) => [name, String(value)]),
  ),
});
