import { z } from 'zod';
import type { Flavor } from '../../model/flavor.ts';
import type { Facts } from '../facts.ts';
import { type Item, parseEach, parseItems, type ReplyById } from '../replies.ts';

const whole = z.int().min(0);
const swap = z.union([z.literal('').transform(() => 0), whole]);

/** The amounts of a flavor as the servers API writes them. */
export const flavorAmounts = z.object({
  vcpus: whole,
  ram: whole,
  disk: whole,
  ephemeral: whole,
  swap,
});

export const toAmounts = (raw: z.infer<typeof flavorAmounts>): Omit<Flavor, 'name' | 'extraSpecs'> => ({
  vcpus: raw.vcpus,
  memoryMiB: raw.ram,
  rootGiB: raw.disk,
  ephemeralGiB: raw.ephemeral,
  swapMiB: raw.swap,
});

const FlavorItem = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  vcpus: whole,
  ram: whole,
  disk: whole,
  'OS-FLV-EXT-DATA:ephemeral': whole.default(0),
  swap: swap.default(0),
  extra_specs: z.record(z.string(), z.string()).optional(),
});

const ExtraSpecs = z.object({ extra_specs: z.record(z.string(), z.string()) });

/**
 * `GET /flavors/detail`: today's flavors. Below 2.61 without extra specs, which then come from
 * `GET /flavors/{id}/os-extra_specs`; a flavor whose extra specs nobody told is left out.
 */
export function readFlavors(items: readonly Item[], specs: readonly ReplyById[]): Facts {
  const specsById = new Map(parseEach(ExtraSpecs, specs, ({ extra_specs: of }, { id }) => [id, of] as const));
  const flavors = new Map<string, Flavor>();
  const unknown: string[] = [];
  for (const raw of parseItems(FlavorItem, items)) {
    const extraSpecs = raw.extra_specs ?? specsById.get(raw.id);
    if (extraSpecs === undefined) {
      unknown.push(raw.name);
      continue;
    }
    const amounts = toAmounts({ ...raw, ephemeral: raw['OS-FLV-EXT-DATA:ephemeral'] });
    flavors.set(raw.id, { name: raw.name, ...amounts, extraSpecs });
  }
  const gaps =
    unknown.length === 0
      ? []
      : [
          {
            code: 'nova.flavor-extra-specs',
            summary: `${unknown.length} flavors came without extra specs and are left out`,
            hint: 'ask for flavors with microversion 2.61 or later, or record os-extra_specs of each',
          },
        ];
  return { source: 'api:nova-flavors', flavors, gaps };
}
