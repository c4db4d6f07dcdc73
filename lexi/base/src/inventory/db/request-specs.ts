import { z } from 'zod';
import { toHints, toRequestedAz } from '../api/nova-servers.ts';
import type { Rows } from '../table-rows.ts';
import { type ServerId, serverId } from '../../model/ids.ts';
import type { Facts, ServerFacts } from '../facts.ts';
import { mapIf, present } from '../present.ts';
import { parseItems } from '../replies.ts';
import { EmbeddedFlavor, toFlavor } from '../nova-formats/embedded-flavor.ts';
import { jsonColumn } from '../nova-formats/json-column.ts';
import { maybe } from '../nova-formats/maybe.ts';

/** The table `request_specs`: the zone that was asked for is here alone before 2.96. */
const RequestSpec = z.object({
  instance_uuid: z.string().min(1),
  spec: jsonColumn(
    z.object({
      availability_zone: z.string().nullish(),
      scheduler_hints: maybe(z.record(z.string(), z.union([z.string(), z.array(z.string())]))),
      flavor: maybe(EmbeddedFlavor),
    }),
  ),
});

/** Rows outlive their servers; which servers there are is for others to say. */
export function readRequestSpecs(rows: Rows): Facts {
  const servers = new Map<ServerId, ServerFacts>();
  for (const { instance_uuid: id, spec } of parseItems(RequestSpec, rows)) {
    if (spec === undefined) continue;
    const { availability_zone: zone, scheduler_hints: hints, flavor } = spec;
    servers.set(
      serverId(id),
      present({
        requestedAz: zone === undefined ? undefined : toRequestedAz(zone),
        schedulerHints: mapIf(hints, toHints),
        flavor: mapIf(flavor, toFlavor),
      }),
    );
  }
  return { source: 'db:request_specs', servers };
}
