import { amountsOn, type Demands } from '../constraints/demand.ts';
import type { Cloud } from '../model/cloud.ts';
import { cloudIndex } from '../model/cloud-index.ts';
import { type Host, isReady } from '../model/host.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import type { Server } from '../model/server.ts';
import { capacityUnits } from '../nova/placement-capacity.ts';
import type { UsageLoads } from './goal.ts';
import { createUse, type HostUse } from './host-use.ts';
import { isMeasured, measuredUnits, partsOf } from './measured.ts';

/**
 * Capacity, foreign usage and servers' amounts by host and resource class, in Placement's units. A server counts
 * with what it holds where it is today, or would ask for there when Placement was not read, and with what it would ask
 * for elsewhere. What it holds on other hosts than its own is foreign there. By usage (`UsageLoads`), what was measured
 * of it takes the place of these amounts.
 */
export interface LoadTable extends HostUse {
  readonly cloud: Cloud;
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

/** Made once for a cloud, its demands and what loads count. */
export function loadTable(cloud: Cloud, demands: Demands, by?: UsageLoads): LoadTable {
  const tables = made.get(demands) ?? new Map<string, LoadTable>();
  made.set(demands, tables);
  const name = JSON.stringify(by ?? null);
  const known = tables.get(name);
  if (known?.cloud === cloud) return known;
  const table = makeTable(cloud, demands, by);
  tables.set(name, table);
  return table;
}

const made = new WeakMap<Demands, Map<string, LoadTable>>();

function makeTable(cloud: Cloud, demands: Demands, by: UsageLoads | undefined): LoadTable {
  const { hostOfProvider, away, others } = cloudIndex(cloud);
  const foreign = new Map<string, Map<HostId | undefined, number>>();
  for (const [provider, allocations] of [...others, ...away])
    for (const { resources } of allocations)
      for (const [resource, amount] of Object.entries(resources))
        add(mapOf(foreign, resource), hostOfProvider.get(provider), amount);
  const capacity = new Map<string, Map<HostId, number>>();
  const holders = new Map<string, Host[]>();
  for (const host of cloud.hosts.values())
    for (const resource of new Set(host.providers.flatMap(({ inventories }) => [...inventories.keys()]))) {
      const own = capacityOf(host, resource, by !== undefined && isMeasured(resource));
      mapOf(capacity, resource).set(host.id, own);
      if (own <= 0) continue;
      const known = holders.get(resource);
      if (known === undefined) holders.set(resource, [host]);
      else known.push(host);
    }
  const counted: LoadTable['counted'] = (id, resource, units) => {
    const server = by === undefined ? undefined : cloud.servers.get(id);
    return server === undefined || by === undefined ? units : measuredUnits(server, resource, units, by);
  };
  const amountOf = (server: Server, hostId: HostId, resource: string): number => {
    const { id } = server;
    if (server.host === hostId && server.allocations !== undefined)
      return cloud.hosts.has(hostId) ? counted(id, resource, heldAtHome(server, resource)) : 0;
    const host = cloud.hosts.get(hostId);
    const demand = host === undefined ? undefined : demands.get(id);
    if (host === undefined || demand === undefined) return 0;
    return counted(id, resource, amountsOn(demand, host)[resource] ?? 0);
  };
  const heldAtHome = ({ host, allocations = [] }: Server, resource: string): number => {
    let held = 0;
    for (const { provider, resources } of allocations) {
      const amount = resources[resource];
      if (amount !== undefined && hostOfProvider.get(provider) === host) held += amount;
    }
    return held;
  };
  const receivers = memo((resource) =>
    (holders.get(resource) ?? []).filter(({ service }) => isReady(service)).map(({ id }) => id),
  );
  const table: LoadTable = {
    cloud,
    counted,
    parts: (resource) => partsOf(resource, by),
    receivers,
    holders: memo((resource) => (holders.get(resource) ?? []).map(({ id }) => id)),
    capacity: (host, resource) => capacity.get(resource)?.get(host) ?? 0,
    foreign: (host, resource) => foreign.get(resource)?.get(host) ?? 0,
    amount(id, host, resource) {
      const server = cloud.servers.get(id);
      return server === undefined ? 0 : amountOf(server, host, resource);
    },
    ...createUse(cloud, amountOf),
  };
  return table;
}

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

function mapOf<Outer, Inner, Value>(maps: Map<Outer, Map<Inner, Value>>, key: Outer): Map<Inner, Value> {
  const known = maps.get(key) ?? new Map<Inner, Value>();
  maps.set(key, known);
  return known;
}

function add<Key>(map: Map<Key, number>, at: Key, amount: number): void {
  map.set(at, (map.get(at) ?? 0) + amount);
}

function memo<Value>(find: (name: string) => Value): (name: string) => Value {
  const known = new Map<string, Value>();
  return (name) => {
    const value = known.get(name) ?? find(name);
    known.set(name, value);
    return value;
  };
}
