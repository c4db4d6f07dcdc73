import { z } from 'zod';
import type { OtherService } from '../../model/host.ts';
import { type HostId, hostId } from '../../model/ids.ts';
import { groupBy } from '../../shared/collections.ts';
import type { Facts, HostFacts } from '../facts.ts';
import { present } from '../present.ts';
import { type Item, parseItems, toInstant } from '../replies.ts';
import { maybe } from '../nova-formats/maybe.ts';

/** `GET /os-services`; below 2.53 `id` is a number, below 2.11 there is no `forced_down`. */
const Service = z.object({
  binary: z.string(),
  host: z.string().min(1),
  id: z.union([z.string(), z.number()]).optional(),
  zone: z.string().optional(),
  status: z.enum(['enabled', 'disabled']).catch('enabled'),
  state: z.enum(['up', 'down']).optional().catch(undefined),
  disabled_reason: maybe(z.string()),
  forced_down: z.boolean().optional(),
  updated_at: maybe(z.string()),
});

/** What the services API tells of compute hosts, and of the other services that run on them. */
export function readServices(items: readonly Item[]): Facts {
  const services = parseItems(Service, items);
  const hosts = new Map<HostId, HostFacts>();
  for (const [host, all] of groupBy(services, (raw) => raw.host)) {
    const compute = all.find(({ binary }) => binary === 'nova-compute');
    if (compute === undefined) continue;
    const others = all.filter((raw) => raw !== compute);
    hosts.set(hostId(host), {
      ...toFacts(compute),
      otherServices: others.map(({ binary, state }): OtherService => ({ binary, alive: state === 'up' })),
    });
  }
  const seenAt = services.flatMap(({ updated_at: at }) => toInstant(at) ?? []);
  return { source: 'api:nova-services', hosts, seenAt };
}

const toFacts = (raw: z.infer<typeof Service>): HostFacts =>
  present({
    serviceStatus: raw.status,
    serviceState: raw.state,
    forcedDown: raw.forced_down,
    disabledReason: raw.disabled_reason,
    // a number is no UUID: `PUT /os-services/{id}` would not take it
    serviceId: typeof raw.id === 'string' ? raw.id : undefined,
    availabilityZone: raw.zone,
  });
