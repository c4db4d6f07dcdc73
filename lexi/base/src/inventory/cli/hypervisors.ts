import { z } from 'zod';
import { readHypervisors } from '../api/nova-hypervisors.ts';
import { type HostId, hostId } from '../../model/ids.ts';
import type { Facts, HostFacts } from '../facts.ts';
import { type Item, parseItems } from '../replies.ts';
import { inApiWords, withMembers } from './columns.ts';

/** Names of nodes and services of compute hosts, as other commands print them side by side. */
export type HostOfNode = ReadonlyMap<string, string>;

/**
 * `openstack hypervisor list --long` and `hypervisor show`. A row names the node alone, and `show` of a host that is
 * down fails at 2.87; which host a node is then follows from servers and migrations, which name both.
 */
export function readHypervisorList(rows: readonly Item[], shown: readonly Item[], hostOf: HostOfNode): Facts {
  const details = shown.map((item) =>
    withMembers(item, ({ service_host: host, service_id: id, disabled_reason }) => ({
      service: { host, id, disabled_reason },
    })),
  );
  const known = new Set(details.map(nodeOf));
  const listed = rows
    .map((row) =>
      inApiWords(row, {
        ID: 'id',
        'Hypervisor Hostname': 'hypervisor_hostname',
        'Hypervisor Type': 'hypervisor_type',
        'Host IP': 'host_ip',
        State: 'state',
      }),
    )
    .filter((row) => !known.has(nodeOf(row)));
  const placed = listed.filter((row) => hostOf.has(nodeOf(row)));
  const facts = readHypervisors([
    ...details,
    ...placed.map((row) => withMembers(row, () => ({ service: { host: hostOf.get(nodeOf(row)) } }))),
  ]);
  const lost = listed.filter((row) => !hostOf.has(nodeOf(row))).map(nodeOf);
  const gaps = lost.map((node) => ({
    code: 'cli.unknown-host',
    summary: `nothing says which host node ${node} is: its row is left out`,
    hint: 'record `openstack hypervisor show` of it, and `openstack server show` of a server on it',
  }));
  return { ...facts, source: 'cli:hypervisors', gaps: [...(facts.gaps ?? []), ...gaps] };
}

const WithNode = z.object({ hypervisor_hostname: z.string() });

const nodeOf = ({ value }: Item): string => WithNode.safeParse(value).data?.hypervisor_hostname ?? '';

const ServerNode = z.object({
  'OS-EXT-SRV-ATTR:host': z.string().min(1),
  'OS-EXT-SRV-ATTR:hypervisor_hostname': z.string().min(1),
});
const MigrationNode = z.object({
  'Source Compute': z.string().nullish(),
  'Source Node': z.string().nullish(),
  'Dest Compute': z.string().nullish(),
  'Dest Node': z.string().nullish(),
});

/** Which host a node is, from whatever names both; a service of the node's own name stands for it else. */
export function hostsOfNodes(
  servers: readonly Item[],
  migrations: readonly Item[],
  services: Iterable<string>,
  rows: readonly Item[],
): HostOfNode {
  const found = new Map<string, string>();
  const add = (node: string | null | undefined, host: string | null | undefined): void => {
    if (typeof node === 'string' && node !== '' && typeof host === 'string' && host !== '')
      found.set(node, host);
  };
  for (const { value } of servers) {
    const raw = ServerNode.safeParse(value).data;
    add(raw?.['OS-EXT-SRV-ATTR:hypervisor_hostname'], raw?.['OS-EXT-SRV-ATTR:host']);
  }
  for (const { value } of migrations) {
    const raw = MigrationNode.safeParse(value).data;
    add(raw?.['Source Node'], raw?.['Source Compute']);
    add(raw?.['Dest Node'], raw?.['Dest Compute']);
  }
  const hosts = new Set(services);
  for (const row of rows) {
    const node = nodeOf(inApiWords(row, { 'Hypervisor Hostname': 'hypervisor_hostname' }));
    const [label = ''] = node.split('.');
    if (!found.has(node))
      add(
        node,
        [node, label].find((name) => hosts.has(name)),
      );
  }
  return found;
}

const Zone = z.object({
  'Zone Name': z.string(),
  'Host Name': z.string().min(1),
  'Service Name': z.literal('nova-compute'),
});

/** `openstack availability zone list --long`: rows of compute services name their host. */
export function readZoneList(rows: readonly Item[]): Facts {
  const compute = rows.filter(({ value }) => Zone.safeParse(value).success);
  const hosts = new Map<HostId, HostFacts>(
    parseItems(Zone, compute).map((raw) => [
      hostId(raw['Host Name']),
      { availabilityZone: raw['Zone Name'] },
    ]),
  );
  return { source: 'cli:zones', hosts };
}
