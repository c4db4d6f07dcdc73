import type { Method } from '../constraints/arrival.ts';
import { settingOf } from '../constraints/settings.ts';
import type { Cloud } from '../model/cloud.ts';
import type { Host } from '../model/host.ts';
import type { HostId } from '../model/ids.ts';
import type { NetworkLink } from '../model/network.ts';

/** Bandwidth of a host of whose NICs nothing is known, Mbit/s each way. */
const assumedNicMbps = 10_000;

/** A link in one direction, or in both where they share it. */
export interface RouteLink {
  /** Tells it from every other link and direction of the cloud. */
  readonly key: string;
  /** What all migrations that cross it may take together. */
  readonly capacityMbps: number;
  /** For people: `outbound link of h1`, `link rack-a, inbound`, `switch spine`. */
  readonly label: string;
}

/** What a migration crosses on its way. */
export interface Route {
  /** What it takes of each of them. */
  readonly mbps: number;
  readonly links: readonly RouteLink[];
}

/**
 * The way of a migration and what it may take of it:
 *
 *     mbps = min(capacity of every link, live_migration_bandwidth of the source unless 0, the operator's cap)
 *
 * A migration takes all of its path: two that share a link are never sooner done than one after the other, and dirty
 * longer. Nova's cap is one of live migrations only; cold ones are copied as fast as the way lets them. Payload is less
 * than what is taken here by what the transfer model leaves for headers and TLS.
 */
export function routeOf(from: HostId, to: HostId, cloud: Cloud, method: Method): Route {
  const source = cloud.hosts.get(from);
  const links = linksBetween(from, to, cloud);
  const caps = [
    method === 'live' ? settingOf(source, cloud, 'migrationBandwidthMbps') : 0,
    cloud.networkLimits?.migrationMbps ?? 0,
  ];
  const mbps = Math.min(...links.map((link) => link.capacityMbps), ...caps.filter((cap) => cap > 0));
  return { mbps, links };
}

/**
 * Every link that a migration crosses, one entry a direction: the NIC of the source outwards, the uplinks that it
 * leaves by, switches that block, the uplinks that it comes in by, the NIC of the destination inwards.
 *
 *     capacity = bandwidth × share of the network that migrations may take (all of it, where nobody said)
 *
 * The same for every method: TLS and post-copy use the live migration's own connections, and of a network that only
 * cold migrations are copied over (ssh to the destination's `my_ip`) no inventory tells.
 */
export const linksBetween = (from: HostId, to: HostId, cloud: Cloud): readonly RouteLink[] => [
  {
    key: `nic ${from} out`,
    capacityMbps: shareOf(nicMbps(cloud.hosts.get(from)), cloud),
    label: `outbound link of ${from}`,
  },
  ...sharedLinks(from, to, cloud),
  {
    key: `nic ${to} in`,
    capacityMbps: shareOf(nicMbps(cloud.hosts.get(to)), cloud),
    label: `inbound link of ${to}`,
  },
];

/** What of a link migrations may take, in whole Mbit/s. */
const shareOf = (mbps: number, { networkLimits }: Cloud): number =>
  Math.max(1, Math.floor((mbps * (networkLimits?.networkSharePercent ?? 100)) / 100));

/**
 * Mbit/s that a host can send, and at the same time receive, for migrations: its fastest migration NIC, since one
 * migration runs between two addresses and Nova uses one address a host (`live_migration_inbound_addr`).
 */
function nicMbps(host: Host | undefined): number {
  const known = (host?.nics ?? []).map((nic) => nic.bandwidthMbps).filter((mbps) => mbps > 0);
  return known.length === 0 ? assumedNicMbps : Math.max(...known);
}

/** Links between the NICs of two hosts, in the order of the inventory. */
function sharedLinks(from: HostId, to: HostId, cloud: Cloud): readonly RouteLink[] {
  if (cloud.links.length === 0) return [];
  const places = placesOf(cloud);
  const here = places.get(from) ?? nowhere;
  const there = places.get(to) ?? nowhere;
  return [...new Set([...here.keys(), ...there.keys()])]
    .sort((a, b) => a - b)
    .flatMap((at): readonly RouteLink[] => {
      const link = cloud.links[at];
      if (link === undefined || !isCrossed(link, here.get(at), there.get(at))) return [];
      return [{ ...namesOf(link, here.has(at)), capacityMbps: shareOf(link.bandwidthMbps, cloud) }];
    });
}

/** By the members that the two ends are, or are in; undefined for an end that is not behind the link. */
const isCrossed = ({ kind }: NetworkLink, from: string | undefined, to: string | undefined): boolean =>
  from !== to && (kind === 'switch' || from === undefined || to === undefined);

function namesOf(
  { name, kind, fullDuplex }: NetworkLink,
  outwards: boolean,
): Pick<RouteLink, 'key' | 'label'> {
  if (kind === 'switch') return { key: `link ${name}`, label: `switch ${name}` };
  if (!fullDuplex) return { key: `link ${name}`, label: `link ${name}` };
  const direction = outwards ? 'out' : 'in';
  return { key: `link ${name} ${direction}`, label: `link ${name}, ${direction}bound` };
}

/** The links that a host is behind, by their position in the inventory, each with the member that it is or is in. */
type Behind = ReadonlyMap<number, string>;

const nowhere: Behind = new Map();
const knownPlaces = new WeakMap<Cloud, ReadonlyMap<HostId, Behind>>();

/** Looked up for every route: found in one pass and kept as long as the cloud is. */
function placesOf(cloud: Cloud): ReadonlyMap<HostId, Behind> {
  const known = knownPlaces.get(cloud);
  if (known !== undefined) return known;
  const linksOf = new Map<string, number[]>();
  for (const [at, { members }] of cloud.links.entries())
    for (const member of members) {
      const links = linksOf.get(member);
      if (links === undefined) linksOf.set(member, [at]);
      else links.push(at);
    }
  const places = new Map<HostId, Behind>();
  for (const { id, rack } of cloud.hosts.values()) {
    const ofRack = rack === undefined ? [] : (linksOf.get(rack) ?? []).map((at) => [at, rack] as const);
    places.set(id, new Map([...ofRack, ...(linksOf.get(id) ?? []).map((at) => [at, id] as const)]));
  }
  knownPlaces.set(cloud, places);
  return places;
}
