import { amountsOn, type Demands } from '../constraints/demand.ts';
import type { Cloud } from '../model/cloud.ts';
import type { Host } from '../model/host.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import { capacityUnits } from '../nova/placement-capacity.ts';
import type { UsageLoads } from './goal.ts';
import { isMeasured, measuredUnits, partsOf } from './measured.ts';

/**
 * Capacity, foreign usage and servers' amounts by host and resource class, in Placement's units. A server counts
 * with what it holds where it is today, or would ask for there when Placement was not read, and with what it would ask
 * for elsewhere. What it holds on other hosts than its own is foreign there. By usage (`UsageLoads`), what was measured
 * of it takes the place of these amounts.
 */
export interface LoadTable {
  /** Hosts that can receive servers today (enabled, up) and have a capacity of the class. */
  readonly receivers: (resource: string) => readonly HostId[];
  /** All hosts that have a capacity of the class. */
  readonly holders: (resource: string) => readonly HostId[];
  readonly capacity: (host: HostId, resource: string) => number;
  /** Used by consumers that are no server of the cloud. */
  readonly foreign: (host: HostId, resource: string) => number;
  readonly amount: (server: ServerId, host: HostId, resource: string) => number;
  /** What a server that is allocated so many units counts with. */
  readonly counted: (server: ServerId, resource: string, units: number) => number;
  /** Servers' amounts are whole multiples of one part in so many of a unit. */
  readonly parts: (resource: string) => number;
}

export function loadTable(cloud: Cloud, demands: Demands, by?: UsageLoads): LoadTable {
  const providerHost = new Map(
    [...cloud.hosts.values()].flatMap((host) => host.providers.map((p) => [p.id, host.id] as const)),
  );
  const foreign = new Map<string, number>();
  for (const consumer of cloud.otherConsumers)
    for (const { provider, resources } of consumer.allocations)
      for (const [resource, amount] of Object.entries(resources))
        add(foreign, key(providerHost.get(provider), resource), amount);
  const held = new Map<string, number>();
  for (const server of cloud.servers.values())
    for (const { provider, resources } of server.allocations ?? [])
      for (const [resource, amount] of Object.entries(resources)) {
        const host = providerHost.get(provider);
        if (host === server.host) add(held, `${server.id}\n${resource}`, amount);
        else add(foreign, key(host, resource), amount);
      }
  const capacity = new Map<string, number>();
  const holders = new Map<string, Host[]>();
  for (const host of cloud.hosts.values())
    for (const resource of new Set(host.providers.flatMap(({ inventories }) => [...inventories.keys()]))) {
      const own = capacityOf(host, resource, by !== undefined && isMeasured(resource));
      capacity.set(key(host.id, resource), own);
      if (own <= 0) continue;
      const known = holders.get(resource);
      if (known === undefined) holders.set(resource, [host]);
      else known.push(host);
    }
  const counted: LoadTable['counted'] = (id, resource, units) => {
    const server = by === undefined ? undefined : cloud.servers.get(id);
    return server === undefined || by === undefined ? units : measuredUnits(server, resource, units, by);
  };
  return {
    counted,
    parts: (resource) => partsOf(resource, by),
    receivers: (resource) => (holders.get(resource) ?? []).filter(receives).map(({ id }) => id),
    holders: (resource) => (holders.get(resource) ?? []).map(({ id }) => id),
    capacity: (host, resource) => capacity.get(key(host, resource)) ?? 0,
    foreign: (host, resource) => foreign.get(key(host, resource)) ?? 0,
    amount(id, hostId, resource) {
      const server = cloud.servers.get(id);
      const host = cloud.hosts.get(hostId);
      const demand = demands.get(id);
      if (server === undefined || host === undefined || demand === undefined) return 0;
      if (server.host === hostId && server.allocations !== undefined)
        return counted(id, resource, held.get(`${id}\n${resource}`) ?? 0);
      return counted(id, resource, amountsOn(demand, host)[resource] ?? 0);
    },
  };
}

const receives = ({ service }: Host): boolean =>
  service.status === 'enabled' && service.state === 'up' && !service.forcedDown;

/**
 * Σ over the host's providers of floor((total − reserved) × ratio), as Placement counts candidates; without the ratio
 * what servers can really use.
 */
function capacityOf(host: Host, resource: string, physical: boolean): number {
  let capacity = 0;
  for (const provider of host.providers) {
    const inventory = provider.inventories.get(resource);
    if (inventory !== undefined)
      capacity += capacityUnits(physical ? { ...inventory, allocationRatio: 1 } : inventory);
  }
  return capacity;
}

const key = (host: HostId | undefined, resource: string): string => `${host ?? ''}\n${resource}`;

function add(map: Map<string, number>, at: string, amount: number): void {
  map.set(at, (map.get(at) ?? 0) + amount);
}
