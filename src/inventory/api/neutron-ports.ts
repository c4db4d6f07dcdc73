import { z } from 'zod';
import { type ServerId, serverId } from '../../model/ids.ts';
import type { Port } from '../../model/server.ts';
import { groupBy } from '../../shared/collections.ts';
import type { Gap } from '../document/cloud-records.ts';
import type { Facts, ServerFacts } from '../facts.ts';
import { maybe } from '../nova-formats/maybe.ts';
import { present } from '../present.ts';
import { type Item, parseItems } from '../replies.ts';

/** `GET /v2.0/ports`, as an administrator. */
const RawPort = z.object({
  id: z.string().min(1),
  device_id: maybe(z.string()),
  device_owner: maybe(z.string()),
  network_id: z.string(),
  'binding:vnic_type': maybe(z.string().min(1)),
  resource_request: maybe(z.unknown()),
});

/** `GET /v2.0/networks`; networks of several segments name them one by one. */
const Segment = z.object({
  'provider:physical_network': maybe(z.string()),
  'provider:network_type': maybe(z.string()),
});
const RawNetwork = Segment.extend({ id: z.string().min(1), segments: z.array(Segment).optional() });

type Network = z.output<typeof RawNetwork>;

const tunnels: ReadonlySet<string> = new Set(['geneve', 'gre', 'vxlan']);

/** The ports of servers. One whose network nobody tells would be read as one that needs none: its server's stay unknown. */
export function readPorts(items: readonly Item[], networks: readonly Item[]): Facts {
  const byId = new Map(parseItems(RawNetwork, networks).map((network) => [network.id, network]));
  const ofServers = parseItems(RawPort, items).filter(
    (port) => port.device_owner?.startsWith('compute:') === true && port.device_id !== undefined,
  );
  const servers = new Map<ServerId, ServerFacts>();
  const untold: string[] = [];
  for (const [id, ports] of groupBy(ofServers, (port) => port.device_id ?? '')) {
    const told = ports.flatMap((port) => {
      const network = byId.get(port.network_id);
      return network === undefined ? [] : [toPort(port, network)];
    });
    if (told.length === ports.length) servers.set(serverId(id), { ports: told });
    else untold.push(id);
  }
  return { source: 'api:neutron-ports', servers, gaps: gapsOf(untold.length) };
}

const gapsOf = (servers: number): Gap[] =>
  servers === 0
    ? []
    : [
        {
          code: 'neutron.networks',
          summary: `the networks of ports of ${servers} servers are missing: what ports they have is not known`,
          hint: 'record GET /v2.0/networks of Neutron beside the ports, both as an administrator',
        },
      ];

function toPort(port: z.output<typeof RawPort>, network: Network): Port {
  const segments = [network, ...(network.segments ?? [])];
  const types = segments.flatMap((segment) => segment['provider:network_type'] ?? []);
  return present({
    id: port.id,
    vnicType: port['binding:vnic_type'] ?? 'normal',
    physicalNetwork: segments.flatMap((segment) => segment['provider:physical_network'] ?? [])[0],
    tunneled: types.length === 0 ? undefined : types.some((type) => tunnels.has(type)),
    hasResourceRequest: port.resource_request !== undefined,
  });
}
