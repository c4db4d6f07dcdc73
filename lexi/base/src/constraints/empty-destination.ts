import type { Cloud } from '../model/cloud.ts';
import type { Insistence, Switches } from '../model/profile.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import type { Server } from '../model/server.ts';
import type { RuleContext } from './context.ts';
import type { Claim, StateView } from './state-view.ts';

/** Why a server's live migration wants an empty destination, and how much the profile insists. */
export interface Coverage {
  readonly insistence: Insistence;
  readonly because: string;
}

const hugePagesKiB = 2048;

/** The strictest rule for empty destinations that a server falls under; undefined when its topology is not known. */
export function coverageOf(server: Server, { demands, profile }: RuleContext): Coverage | undefined {
  const { switches } = profile;
  const guest = demands.get(server.id)?.guest;
  if (!asksForEmpty(switches, ['required', 'warned']) || guest === undefined || guest.kind === 'none')
    return uncovered;
  if (guest.kind === 'unknown') return undefined;
  const { cells } = guest.topology;
  const placed = server.topology?.kind === 'placed' ? server.topology.topology.cells : [];
  const isPinned = cells.some(({ dedicatedVcpus }) => dedicatedVcpus.length > 0);
  const hasHugePages =
    cells.some(
      ({ pageSize }) => pageSize === 'large' || (typeof pageSize === 'number' && pageSize >= hugePagesKiB),
    ) || placed.some(({ pageSizeKiB = 0 }) => pageSizeKiB >= hugePagesKiB);
  const reasons: readonly Coverage[] = [
    ...(isPinned ? [{ insistence: switches.emptyForPinned, because: 'its CPUs are pinned' }] : []),
    ...(hasHugePages ? [{ insistence: switches.emptyForHugePages, because: 'it has huge pages' }] : []),
    ...(isPinned || hasHugePages
      ? []
      : [{ insistence: switches.emptyForNuma, because: 'it has a NUMA topology' }]),
  ];
  return (
    reasons.find(({ insistence }) => insistence === 'required') ??
    reasons.find(({ insistence }) => insistence === 'warned') ??
    uncovered
  );
}

const uncovered: Coverage = { insistence: 'off', because: '' };

/** Whether any server wants an empty destination so much. */
export const asksForEmpty = (
  { emptyForPinned, emptyForHugePages, emptyForNuma }: Switches,
  insisting: readonly Insistence[],
): boolean =>
  [emptyForPinned, emptyForHugePages, emptyForNuma].some((insistence) => insisting.includes(insistence));

/**
 * Who is on a host that should be empty for a server: everybody who claims it, but for servers that this run brought
 * from the same host, where the profile excepts them; and consumers of Placement that are no server.
 */
export function strangersOn(to: HostId, server: Server, state: StateView): readonly string[] {
  const { cloud, profile } = state.context;
  const claims = state
    .claimsOn(to)
    .filter((claim) => claim.server !== server.id)
    .filter((claim) => !profile.switches.batchException || !cameWith(claim, server, cloud));
  return [
    ...claims.map((claim) => cloud.servers.get(claim.server)?.name ?? claim.server).toSorted(),
    ...(hasOtherConsumers(cloud, to) ? ['a consumer that is no server'] : []),
  ];
}

const cameWith = ({ server: id, host, via }: Claim, server: Server, cloud: Cloud): boolean =>
  via !== undefined && server.host !== host && originOf(id, cloud) === server.host;

/** Where a server was when the run began: stop-overs do not make it another host's. */
export const originOf = (server: ServerId, cloud: Cloud): HostId | undefined =>
  cloud.servers.get(server)?.host;

const occupied = new WeakMap<Cloud, ReadonlySet<HostId>>();

/** Allocations of a migration belong to a server that is counted anyway. */
function hasOtherConsumers(cloud: Cloud, host: HostId): boolean {
  const known = occupied.get(cloud);
  if (known !== undefined) return known.has(host);
  const hostOf = new Map(
    [...cloud.hosts.values()].flatMap(({ id, providers }) => providers.map((p) => [p.id, id] as const)),
  );
  const others = cloud.otherConsumers.filter(({ migration }) => migration === undefined);
  const hosts = others.flatMap(({ allocations }) =>
    allocations.flatMap(({ provider }) => hostOf.get(provider) ?? []),
  );
  occupied.set(cloud, new Set(hosts));
  return hosts.includes(host);
}
