import type {
  Capacity,
  CellFit,
  DomainCount,
  PairMask,
  Primitive,
  SpareRoom,
  Together,
} from '../../constraints/primitive.ts';
import type { HostId, ServerId } from '../../model/ids.ts';
import { compareText } from '../../shared/collections.ts';
import type { PlacementProblem } from '../placement-problem.ts';

/** Hosts and servers by number, and the primitives by kind. */
export interface Indexed {
  readonly problem: PlacementProblem;
  readonly hosts: readonly HostId[];
  readonly arrivable: number;
  readonly servers: readonly ServerId[];
  readonly start: Int32Array;
  readonly hostIndex: ReadonlyMap<HostId, number>;
  readonly serverIndex: ReadonlyMap<ServerId, number>;
  readonly capacities: readonly Capacity[];
  readonly cellFits: readonly CellFit[];
  readonly domainCounts: readonly DomainCount[];
  readonly togethers: readonly Together[];
  readonly masks: readonly PairMask[];
  readonly spareRooms: readonly SpareRoom[];
  readonly fixed: Uint8Array;
  readonly covered: Uint8Array;
}

/** Numbers hosts and servers: servers by id, hosts in the order of the cloud. */
export function indexProblem(problem: PlacementProblem): Indexed {
  const known = [...problem.cloud.hosts.keys()];
  const hostIndex = new Map(known.map((host, index) => [host, index]));
  const servers = [...problem.start.keys()].sort(compareText);
  const serverIndex = new Map(servers.map((server, index) => [server, index]));
  const hosts = [...known];
  const start = Int32Array.from(servers, (server) => {
    const host = problem.start.get(server);
    if (host === undefined) return -1;
    const index = hostIndex.get(host) ?? hosts.push(host) - 1;
    hostIndex.set(host, index);
    return index;
  });
  const { primitives } = problem;
  const serversOf = (list: readonly ServerId[]): (number | undefined)[] =>
    list.map((server) => serverIndex.get(server));
  const fixed = flags(
    servers.length,
    primitives.flatMap((primitive) => (primitive.kind === 'fixed' ? serversOf(primitive.servers) : [])),
  );
  return {
    problem,
    hosts,
    arrivable: known.length,
    servers,
    start,
    hostIndex,
    serverIndex,
    capacities: ofKind(primitives, 'capacity'),
    cellFits: ofKind(primitives, 'cellFit'),
    domainCounts: ofKind(primitives, 'domainCount'),
    togethers: ofKind(primitives, 'together'),
    masks: ofKind(primitives, 'pairMask'),
    spareRooms: ofKind(primitives, 'spareRoom'),
    fixed,
    covered: flags(
      servers.length,
      ofKind(primitives, 'twin').flatMap((primitive) => serversOf(primitive.covered)),
    ),
  };
}

function ofKind<Kind extends Primitive['kind']>(primitives: readonly Primitive[], kind: Kind) {
  return primitives.filter((p): p is Extract<Primitive, { readonly kind: Kind }> => p.kind === kind);
}

/** An array with 1 at these indices. */
export function flags(length: number, indices: readonly (number | undefined)[]): Uint8Array {
  const set = new Uint8Array(length);
  for (const index of indices) if (index !== undefined) set[index] = 1;
  return set;
}
