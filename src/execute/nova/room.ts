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

/**
 * Asks Placement what the scheduler would ask it. Undefined where Placement is older than 1.31, or has no provider with
 * the name of the host: its name is that of the hypervisor, which may be another.
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
  const [provider] = ProvidersReply.parse(
    await get('/resource_providers', { name: host }),
  ).resource_providers;
  if (provider === undefined) return undefined;
  const query = { resources: resources.join(','), in_tree: provider.uuid, limit: 1 };
  return CandidatesReply.parse(await get('/allocation_candidates', query)).allocation_requests.length > 0;
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
