import type { HostId, ServerId } from '../../model/ids.ts';
import { isInFlight } from '../../model/migration.ts';
import type { NumaCell, PlacedGuestCell, PlacedTopology } from '../../model/numa.ts';
import { groupBy } from '../../shared/collections.ts';
import type { Gap } from '../document/cloud-records.ts';
import type { DomainFacts, Facts, HostFacts, ServerFacts } from '../facts.ts';
import { present } from '../present.ts';
import { flavorSources, locationSources, topologySources } from '../precedence.ts';

interface Settled {
  readonly facts: Facts[];
  readonly gaps: Gap[];
}

/**
 * Turns what libvirt defines on each host into facts of servers and of cells. A server that is moving has a guest on
 * both ends: it is one server, where the other sources say it is, and each end counts what its own guest holds.
 */
export function settleDomains(all: readonly Facts[]): Settled {
  const gaps: Gap[] = [];
  const byHost = new Map(all.flatMap(({ domains }) => [...(domains ?? [])]));
  if (byHost.size === 0) return { facts: all.map(withoutCells), gaps };
  const others = elsewhere(all);
  const byServer = groupBy([...byHost.values()].flat(), ({ server }) => server);
  const untold = hostsWithUntoldGuests(byHost, others, gaps);
  return {
    gaps,
    facts: all.map((each): Facts => {
      if (each.source === 'host-facts:domains') return { ...each, servers: toServers(byServer, others) };
      if (each.source !== 'host-facts:capabilities') return each;
      const hosts = new Map(
        [...(each.hosts ?? [])].map(([id, facts]): [HostId, HostFacts] => {
          const guests = untold.has(id) ? undefined : byHost.get(id);
          return [id, withUse(facts, guests, others)];
        }),
      );
      return { ...each, hosts };
    }),
  };
}

/** Without its guests nobody knows what a host's cells hold. */
function withoutCells(facts: Facts): Facts {
  if (facts.source !== 'host-facts:capabilities') return facts;
  const hosts = new Map(
    [...(facts.hosts ?? [])].map(([id, host]) => [id, withUse(host, undefined, noOthers)]),
  );
  return { ...facts, hosts };
}

/** What the other sources say of servers, each from the first that says it. */
interface Others {
  readonly location: ReadonlyMap<ServerId, HostId | undefined>;
  readonly topology: ReadonlyMap<ServerId, NonNullable<ServerFacts['topology']>>;
  /** Servers that take whole cores (`isolate`); absent where nobody tells the flavor. */
  readonly isolates: ReadonlyMap<ServerId, boolean>;
  /** Hosts at the ends of moves in flight. */
  readonly moving: readonly { readonly server: ServerId; readonly host: HostId }[];
}

const noOthers: Others = { location: new Map(), topology: new Map(), isolates: new Map(), moving: [] };

function elsewhere(all: readonly Facts[]): Others {
  const location = new Map<ServerId, HostId | undefined>();
  const topology = new Map<ServerId, NonNullable<ServerFacts['topology']>>();
  const isolates = new Map<ServerId, boolean>();
  const told = (sources: readonly string[]) =>
    sources
      .flatMap((source) => all.filter((each) => each.source === source))
      .flatMap((each) => [...(each.servers ?? [])]);
  for (const [id, facts] of told(locationSources)) {
    if (facts.location !== undefined && !location.has(id)) location.set(id, facts.location.on);
  }
  for (const [id, facts] of told(topologySources)) {
    if (facts.topology !== undefined && !topology.has(id)) topology.set(id, facts.topology);
  }
  for (const [id, { flavor, imageProperties }] of told(flavorSources)) {
    if (flavor === undefined && imageProperties === undefined) continue;
    const policy = flavor?.extraSpecs['hw:cpu_thread_policy'] ?? imageProperties?.['hw_cpu_thread_policy'];
    isolates.set(id, isolates.get(id) === true || policy === 'isolate');
  }
  const moving = all
    .flatMap(({ migrations }) => migrations ?? [])
    .filter(isInFlight)
    .flatMap(({ destination, server, source }) =>
      [source, destination].flatMap((host) => (host === undefined ? [] : [{ server, host }])),
    );
  return { location, topology, isolates, moving };
}

/** Hosts that hold something for a server without a guest there: one that is being built, or a move that begins. */
function hostsWithUntoldGuests(
  byHost: ReadonlyMap<HostId, readonly DomainFacts[]>,
  { location, moving, topology }: Others,
  gaps: Gap[],
): ReadonlySet<HostId> {
  const untold = new Set<HostId>();
  const here = [...location].flatMap(([server, host]) => (host === undefined ? [] : [{ server, host }]));
  for (const { host, server } of [...here, ...moving]) {
    const guests = byHost.get(host);
    if (guests === undefined || guests.some((each) => each.server === server)) continue;
    if (topology.get(server)?.kind === 'none' || untold.has(host)) continue;
    untold.add(host);
    gaps.push({
      code: 'host.untold-guest',
      summary: `host ${host} has server ${server} without a guest of libvirt: what its NUMA cells hold is not known from libvirt`,
    });
  }
  return untold;
}

function toServers(
  byServer: ReadonlyMap<ServerId, readonly DomainFacts[]>,
  { location }: Others,
): ReadonlyMap<ServerId, ServerFacts> {
  const servers = new Map<ServerId, ServerFacts>();
  for (const [id, domains] of byServer) {
    const running = domains.filter(({ state }) => state === 'running' || state === 'unknown');
    const [only, ...more] = running.length === 1 ? running : domains;
    const own = more.length === 0 ? only : undefined;
    const host = location.has(id) ? location.get(id) : own?.host;
    const at = domains.find((each) => each.host === host);
    servers.set(
      id,
      present({
        ...(at ?? own ?? domains[0])?.facts,
        location: own === undefined ? undefined : { on: own.host },
        topology: at === undefined ? undefined : toTopology(at.topology),
        heldByHost: new Map(
          domains
            .filter((each) => each.host !== host)
            .map((each) => [
              each.host,
              present({
                topology: each.topology,
                pciDevices: each.pciDevices.length === 0 ? undefined : each.pciDevices,
              }),
            ]),
        ),
      }),
    );
  }
  return servers;
}

const toTopology = (topology: PlacedTopology | undefined): NonNullable<ServerFacts['topology']> =>
  topology === undefined ? { kind: 'none' } : { kind: 'placed', topology };

/** A host's cells with what its guests hold; without cells where the guests are not known. */
function withUse(
  { cells, ...facts }: HostFacts,
  guests: readonly DomainFacts[] | undefined,
  { isolates }: Others,
): HostFacts {
  if (cells === undefined || guests === undefined) return facts;
  const used = cells.map((cell) =>
    guests.reduce((at, { server, topology }) => {
      const parts = topology?.cells.filter(({ hostCellId }) => hostCellId === cell.id) ?? [];
      // not known: the siblings count as taken
      return parts.reduce((before, part) => charge(before, part, isolates.get(server) ?? true), at);
    }, cell),
  );
  return { ...facts, cells: used };
}

/** As Nova's resource tracker counts (virt/hardware.py numa_usage_from_instance_numa). */
function charge(cell: NumaCell, part: PlacedGuestCell, isolated: boolean): NumaCell {
  const own = [...(part.pinning ?? []).map(([, cpu]) => cpu), ...(part.reservedCpus ?? [])];
  const cpus =
    isolated && wholeCores(cell, own)
      ? cell.siblings.filter((core) => core.some((cpu) => own.includes(cpu))).flat()
      : own;
  const smallest = Math.min(...cell.pages.map(({ sizeKiB }) => sizeKiB));
  const size = part.pageSizeKiB ?? smallest;
  return {
    ...cell,
    memoryUsedMiB: cell.memoryUsedMiB + part.memoryMiB,
    sharedCpusUsed: cell.sharedCpusUsed + part.sharedVcpus.length,
    pinnedCpus: [...new Set([...cell.pinnedCpus, ...cpus])]
      .filter((cpu) => cell.dedicatedCpus.includes(cpu))
      .sort((a, b) => a - b),
    pages: cell.pages.map((pool) =>
      pool.sizeKiB === size
        ? { ...pool, used: pool.used + Math.trunc((part.memoryMiB * 1024) / size) }
        : pool,
    ),
  };
}

/** A guest on two threads of a core is not isolated. */
const wholeCores = (cell: NumaCell, cpus: readonly number[]): boolean =>
  cell.siblings.every((core) => core.filter((cpu) => cpus.includes(cpu)).length < 2);
