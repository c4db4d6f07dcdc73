import { amountsOn } from '../../constraints/demand.ts';
import { createContext } from '../../constraints/create-context.ts';
import type { Disruption } from '../../constraints/context.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { Host } from '../../model/host.ts';
import type { HostId } from '../../model/ids.ts';
import type { Server } from '../../model/server.ts';
import { createState } from '../../replay/state.ts';
import { compareText } from '../../shared/collections.ts';
import { firstDifference } from '../first-difference.ts';
import type { Deadlock, OrderOutcome } from '../ordered.ts';
import type { OrderRequest } from '../run.ts';
import { withRoomFor } from './more-room.ts';

/** Changes that are tried, and found ones that are told. */
const mostTried = 24;
const mostOfAKind = 8;
const mostTold = 3;

type Orders = (request: OrderRequest) => OrderOutcome;

interface Change {
  readonly words: string;
  readonly request: () => OrderRequest;
}

/**
 * What would let moves that deadlock be ordered, in words; each was tried by ordering them all in a cloud that is changed like
 * this. In order: a disruption that is not allowed yet, locks, hosts that nobody may pass through, and room on one host.
 */
export function releasesOf(request: OrderRequest, deadlock: Deadlock, order: Orders): readonly string[] {
  const found: string[] = [];
  for (const { words, request: changed } of changesFor(request, deadlock).slice(0, mostTried)) {
    if (found.length === mostTold) break;
    if (order(changed()).kind === 'ordered') found.push(words);
  }
  return found;
}

function changesFor(request: OrderRequest, { core, stuck }: Deadlock): readonly Change[] {
  const { context, closed, start } = request;
  const { cloud, allow } = context;
  const servers = (core ?? stuck).flatMap(({ server }) => cloud.servers.get(server) ?? []);
  const hosts = new Set<HostId>((core ?? stuck).map(({ to }) => to));
  const cold = 'allow cold migrations (--allow cold)';
  const locked = [...new Set([...hosts, ...cloud.hosts.keys()])]
    .flatMap((host) => start.claimsOn(host).flatMap(({ server }) => cloud.servers.get(server) ?? []))
    .filter((server) => server.locked === true)
    .slice(0, mostOfAKind);
  return [
    ...(allow.has('cold')
      ? []
      : [{ words: cold, request: () => changedTo(request, cloud, [...allow, 'cold']) }]),
    ...locked.map((server) => ({
      words: `unlock ${server.name}, so that it can step aside`,
      request: () => changedTo(request, withServer(cloud, { ...server, locked: false })),
    })),
    ...[...closed]
      .toSorted(compareText)
      .slice(0, mostOfAKind)
      .map((host) => ({
        words: `let servers pass through ${host}`,
        request: () => opened(request, host),
      })),
    ...roomFor(request, servers),
  ];
}

/** Room for one of the servers more on one host: little servers first, and hosts that none of them goes to. */
function roomFor(request: OrderRequest, servers: readonly Server[]): readonly Change[] {
  const { context, closed } = request;
  const { cloud, demands } = context;
  const bySize = servers.toSorted((a, b) =>
    firstDifference(a.flavor.memoryMiB - b.flavor.memoryMiB, compareText(a.id, b.id)),
  );
  return bySize.flatMap((server) =>
    [...cloud.hosts.values()].flatMap((host): readonly Change[] => {
      const demand = demands.get(server.id);
      if (demand === undefined || closed.has(host.id)) return [];
      return [
        {
          words: `free room on ${host.id} for ${wordsFor(amountsOn(demand, host))}`,
          request: () => changedTo(request, withHost(cloud, withRoomFor(demand, host))),
        },
      ];
    }),
  );
}

const wordsFor = (amounts: Readonly<Record<string, number>>): string =>
  Object.entries(amounts)
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([resource, amount]) => `${amount} ${resource}`)
    .join(', ');

const withServer = (cloud: Cloud, server: Server): Cloud => ({
  ...cloud,
  servers: new Map(cloud.servers).set(server.id, server),
});

const withHost = (cloud: Cloud, host: Host): Cloud => ({
  ...cloud,
  hosts: new Map(cloud.hosts).set(host.id, host),
});

/** The same question of another cloud, in which the same hosts are disabled already. */
function changedTo(
  request: OrderRequest,
  cloud: Cloud,
  allow: Iterable<Disruption> = request.context.allow,
): OrderRequest {
  const { profile, cpuTable, unknown, evacuated } = request.context;
  const context = createContext(cloud, profile, cpuTable, {
    allow: [...allow],
    unknown,
    ...(evacuated !== undefined && { evacuate: [...evacuated] }),
  });
  const start = createState(context);
  for (const host of cloud.hosts.keys()) {
    const status = request.start.serviceStatus(host);
    if (status !== start.serviceStatus(host)) start.apply({ kind: 'service', host, status });
  }
  return { ...request, context, start };
}

function opened(request: OrderRequest, host: HostId): OrderRequest {
  const changed = changedTo(request, request.context.cloud);
  changed.start.apply({ kind: 'service', host, status: 'enabled' });
  return { ...changed, closed: new Set([...request.closed].filter((other) => other !== host)) };
}
