import { z } from 'zod';
import type { Rows } from '../table-rows.ts';
import { groupBy } from '../../shared/collections.ts';
import type { Facts } from '../facts.ts';
import { parseItems } from '../replies.ts';
import { EmbeddedFlavor, toFlavor } from '../nova-formats/embedded-flavor.ts';
import { maybe } from '../nova-formats/maybe.ts';

const FlavorRow = EmbeddedFlavor.omit({ extra_specs: true }).extend({
  id: z.int(),
  flavorid: z.string().min(1),
});
const SpecRow = z.object({ flavor_id: z.int(), key: z.string(), value: maybe(z.string()) });

/** The tables `flavors` and `flavor_extra_specs`: today's flavors. */
export function readFlavors(flavors: Rows, extraSpecs: Rows): Facts {
  const specsOf = groupBy(parseItems(SpecRow, extraSpecs), (row) => row.flavor_id);
  return {
    source: 'db:flavors',
    flavors: new Map(
      parseItems(FlavorRow, flavors).map((row) => {
        const specs = (specsOf.get(row.id) ?? []).map(({ key, value }) => [key, value ?? ''] as const);
        return [row.flavorid, toFlavor({ ...row, extra_specs: Object.fromEntries(specs) })];
      }),
    ),
  };
}
