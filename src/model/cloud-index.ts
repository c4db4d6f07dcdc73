import type { Cloud } from './cloud.ts';
import type { HostId, ProviderId } from './ids.ts';
import type { Allocation } from './placement.ts';
import type { Server } from './server.ts';

/** What is looked up again and again in a cloud, found in one pass and kept as long as the cloud is. */
export interface CloudIndex {
  /** Servers by the host that they are on, in the order of the cloud. */
  readonly residents: ReadonlyMap<HostId, readonly Server[]>;
  readonly hostOfProvider: ReadonlyMap<ProviderId, HostId>;
  /** What servers hold away from their own host's providers, by provider. */
  readonly away: ReadonlyMap<ProviderId, readonly Allocation[]>;
  /** What consumers hold that are no server, by provider. */
  readonly others: ReadonlyMap<ProviderId, readonly Allocation[]>;
}

export function cloudIndex(cloud: Cloud): CloudIndex {
  const known = indices.get(cloud);
  if (known !== undefined) return known;
  const index = makeIndex(cloud);
  indices.set(cloud, index);
  return index;
}

const indices = new WeakMap<Cloud, CloudIndex>();

function makeIndex(cloud: Cloud): CloudIndex {
  const hostOfProvider = new Map<ProviderId, HostId>();
  const residents = new Map<HostId, Server[]>();
  for (const { id, providers } of cloud.hosts.values())
    for (const provider of providers) hostOfProvider.set(provider.id, id);
  const away = new Map<ProviderId, Allocation[]>();
  for (const server of cloud.servers.values()) {
    const { host, allocations } = server;
    if (host !== undefined) addTo(residents, host, server);
    if (allocations === undefined) continue;
    const root = host === undefined ? undefined : cloud.hosts.get(host)?.providers[0]?.id;
    for (const allocation of allocations)
      if (
        allocation.provider !== root &&
        (host === undefined || hostOfProvider.get(allocation.provider) !== host)
      )
        addTo(away, allocation.provider, allocation);
  }
  const others = new Map<ProviderId, Allocation[]>();
  for (const { allocations } of cloud.otherConsumers)
    for (const allocation of allocations) addTo(others, allocation.provider, allocation);
  return { residents, hostOfProvider, away, others };
}

function addTo<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
