import { z } from 'zod';
import { type HostId, serverId, type ServerId } from '../../model/ids.ts';
import { chooseMicroversion } from '../../openstack/microversion.ts';
import { OpenStackError } from '../../openstack/openstack-error.ts';
import type { Session } from '../../openstack/session.ts';

/** From here on Placement can be asked about the tree of one provider. */
const inTree = '1.31';

const ProvidersReply = z.object({ resource_providers: z.array(z.object({ uuid: z.string() })) });
const CandidatesReply = z.object({ allocation_requests: z.array(z.unknown()) });
const GroupReply = z.object({ server_group: z.object({ members: z.array(z.string()) }) });

/** From here on Nova finds hypervisors by a part of their name, and their ids are those of their providers. */
const providerIds = '2.53';

const HypervisorsReply = z.object({
  hypervisors: z.array(z.object({ id: z.string(), service: z.object({ host: z.string() }) })),
});

/**
 * Asks Placement what the scheduler would ask it. Undefined where Placement is older than 1.31, or neither a provider
 * has the name of the host nor one hypervisor of the host holds it in its own.
 */
export async function hasRoom(
  session: Session,
  host: HostId,
  amounts: Readonly<Record<string, number>>,
): Promise<boolean | undefined> {
  const resources = Object.entries(amounts).map(([name, amount]) => `${name}:${amount}`);
  if (resources.length === 0 || !(await session.has('placement'))) return undefined;
  const microversion = chooseMicroversion(await session.microversions('placement'), inTree, inTree);
  if (microversion === undefined) return undefined;
  const get = async (path: string, query: Readonly<Record<string, string | number>>): Promise<unknown> =>
    (await session.request({ service: 'placement', method: 'GET', path, query, microversion })).body;
  const named = ProvidersReply.parse(await get('/resource_providers', { name: host })).resource_providers[0];
  const provider = named?.uuid ?? (await hypervisorOf(host, session));
  if (provider === undefined) return undefined;
  const query = { resources: resources.join(','), in_tree: provider, limit: 1 };
  return CandidatesReply.parse(await get('/allocation_candidates', query)).allocation_requests.length > 0;
}

/** The only hypervisor of a host whose name holds the host's, as a full name does; its id is its provider's. */
async function hypervisorOf(host: HostId, session: Session): Promise<string | undefined> {
  const microversion = chooseMicroversion(await session.microversions('compute'), providerIds, providerIds);
  if (microversion === undefined) return undefined;
  const query = { hypervisor_hostname_pattern: host };
  const call = { service: 'compute', method: 'GET', path: '/os-hypervisors/detail', query } as const;
  try {
    const { body } = await session.request({ ...call, microversion });
    const found = HypervisorsReply.parse(body).hypervisors.filter(({ service }) => service.host === host);
    return found.length === 1 ? found[0]?.id : undefined;
  } catch (error) {
    if (error instanceof OpenStackError && error.kind === 'not-found') return undefined;
    throw error;
  }
}

/** Undefined where the group is gone, or not ours to see. */
export async function groupMembers(
  session: Session,
  group: string,
): Promise<readonly ServerId[] | undefined> {
  try {
    const path = `/os-server-groups/${encodeURIComponent(group)}`;
    const { body } = await session.request({ service: 'compute', method: 'GET', path });
    return GroupReply.parse(body).server_group.members.map(serverId);
  } catch (error) {
    if (error instanceof OpenStackError && error.kind === 'not-found') return undefined;
    throw error;
  }
}
