import { z } from 'zod';
import { type HostId, hostId } from '../../model/ids.ts';
import type { Facts, HostFacts } from '../facts.ts';
import { maybe } from '../nova-formats/maybe.ts';
import { type Item, parseItems } from '../replies.ts';

/** Bridges or devices by physical network; those of SR-IOV agents are lists, and OVN writes `physnet:bridge,…`. */
const Mappings = maybe(z.union([z.record(z.string(), z.unknown()), z.string()]));

/** `GET /v2.0/agents`. */
const Agent = z.object({
  host: z.string().min(1),
  configurations: z
    .object({
      bridge_mappings: Mappings,
      'bridge-mappings': Mappings,
      device_mappings: Mappings,
      interface_mappings: Mappings,
    })
    .partial()
    .default({}),
});

/** Which physical networks the agents of each host reach: told by those agents that map bridges or devices at all. */
export function readAgents(items: readonly Item[]): Facts {
  const reached = new Map<HostId, Set<string>>();
  for (const { configurations, host } of parseItems(Agent, items)) {
    for (const mappings of Object.values(configurations)) {
      if (mappings === undefined) continue;
      const names = reached.get(hostId(host)) ?? new Set<string>();
      reached.set(hostId(host), names);
      for (const name of namesIn(mappings)) names.add(name);
    }
  }
  const hosts = new Map<HostId, HostFacts>();
  for (const [host, physicalNetworks] of reached) hosts.set(host, { physicalNetworks });
  return { source: 'api:neutron-agents', hosts };
}

const namesIn = (mappings: string | Readonly<Record<string, unknown>>): readonly string[] =>
  typeof mappings === 'string'
    ? mappings.split(',').flatMap((pair) => /^\s*([^:\s]+):/.exec(pair)?.[1] ?? [])
    : Object.keys(mappings);
