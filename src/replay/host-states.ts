import type { RuleContext } from '../constraints/context.ts';
import { occupiedHost, type OccupiedHost } from '../constraints/occupied-host.ts';
import { cloudIndex } from '../model/cloud-index.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import type { Claim } from '../nova/claim.ts';
import type { HostState } from '../nova/host-state.ts';

/** The NUMA and PCI states of a cloud's hosts, made when first asked for. */
export interface HostStates {
  /** Undefined when no source told the host's cells. */
  readonly of: (host: HostId) => HostState | undefined;
  /** What a server that runs on the host at the start holds there; undefined when it is nothing, or not known. */
  readonly heldBy: (server: ServerId, host: HostId) => Claim | undefined;
}

export function createHostStates(context: RuleContext): HostStates {
  const { cloud } = context;
  const { residents } = cloudIndex(cloud);
  const known = new Map<HostId, OccupiedHost | undefined>();
  const find = (id: HostId): OccupiedHost | undefined => {
    if (known.has(id)) return known.get(id);
    const host = cloud.hosts.get(id);
    const made = host === undefined ? undefined : occupiedHost(host, residents.get(id) ?? [], context);
    known.set(id, made);
    return made;
  };
  return { of: (id) => find(id)?.state, heldBy: (server, id) => find(id)?.held.get(server) };
}
