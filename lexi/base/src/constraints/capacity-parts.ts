import type { Cloud } from '../model/cloud.ts';
import type { HostId, ProviderId, ServerId } from '../model/ids.ts';
import { capacityUnits } from '../nova/placement-capacity.ts';
import type { RuleContext } from './context.ts';
import { type Demands, hasInventory } from './demand.ts';
import { isShared } from './providers.ts';

/** Limits and amounts of a resource class on hosts that are asked alike. */
export interface CapacityPart {
  /** `legacy`: hosts without a PCPU inventory, where pinned vCPUs count as VCPU. */
  readonly kind: 'modern' | 'legacy';
  readonly limits: ReadonlyMap<HostId, number>;
  readonly demand: ReadonlyMap<ServerId, number>;
  readonly held: ReadonlyMap<ServerId, number>;
}

/** What a class compiles to: one part for each kind of host that the cloud has. Hosts without providers are left out. */
export function capacityParts({ cloud, demands }: RuleContext, resource: string): readonly CapacityPart[] {
  const limits = hostLimits(cloud, resource);
  const held = heldAmounts(cloud, resource);
  return (['modern', 'legacy'] as const)
    .map((kind) => ({
      kind,
      limits: new Map([...limits].filter(([id]) => isLegacy(cloud, id) === (kind === 'legacy'))),
      demand: demandOf(demands, resource, kind === 'legacy' ? 'legacyAmounts' : 'amounts'),
      held,
    }))
    .filter((part) => part.limits.size > 0);
}

function isLegacy(cloud: Cloud, id: HostId): boolean {
  const host = cloud.hosts.get(id);
  return host !== undefined && !hasInventory(host, 'PCPU');
}

/**
 * Capacity of a host for a class, after what is charged there to nobody who runs there. A class that the host shares
 * with others has no limit of its own.
 */
function hostLimits(cloud: Cloud, resource: string): ReadonlyMap<HostId, number> {
  const foreign = foreignUse(cloud, resource);
  const limits = new Map<HostId, number>();
  for (const host of cloud.hosts.values()) {
    if (host.providers.length === 0 || isShared(host, resource, cloud)) continue;
    let limit = 0;
    for (const provider of host.providers) {
      const inventory = provider.inventories.get(resource);
      if (inventory !== undefined)
        limit += Math.max(0, capacityUnits(inventory) - (foreign.get(provider.id) ?? 0));
    }
    limits.set(host.id, limit);
  }
  return limits;
}

/** Held by consumers that are no server, and by servers away from their host. */
function foreignUse(cloud: Cloud, resource: string): ReadonlyMap<ProviderId, number> {
  const foreign = new Map<ProviderId, number>();
  const charge = (provider: ProviderId, amount: number): void => {
    foreign.set(provider, (foreign.get(provider) ?? 0) + amount);
  };
  const hostOf = new Map(
    [...cloud.hosts.values()].flatMap((h) => h.providers.map((p) => [p.id, h.id] as const)),
  );
  for (const consumer of cloud.otherConsumers)
    for (const { provider, resources } of consumer.allocations) charge(provider, resources[resource] ?? 0);
  for (const server of cloud.servers.values())
    for (const { provider, resources } of server.allocations ?? [])
      if (hostOf.get(provider) !== server.host) charge(provider, resources[resource] ?? 0);
  return foreign;
}

/** What each server holds of a class on its own host today; those of which Placement was not read are left out. */
function heldAmounts(cloud: Cloud, resource: string): ReadonlyMap<ServerId, number> {
  const held = new Map<ServerId, number>();
  for (const server of cloud.servers.values()) {
    const host = server.host === undefined ? undefined : cloud.hosts.get(server.host);
    if (host === undefined || server.allocations === undefined) continue;
    const here = new Set(host.providers.map((p) => p.id));
    let amount = 0;
    for (const { provider, resources } of server.allocations)
      if (here.has(provider)) amount += resources[resource] ?? 0;
    held.set(server.id, amount);
  }
  return held;
}

function demandOf(
  demands: Demands,
  resource: string,
  which: 'amounts' | 'legacyAmounts',
): ReadonlyMap<ServerId, number> {
  return new Map(
    [...demands].flatMap(([id, demand]) => {
      // A server that is not pinned asks the same of every host.
      const amounts = demand.amounts['PCPU'] === undefined ? demand.amounts : demand[which];
      const amount = amounts[resource] ?? 0;
      return amount === 0 ? [] : [[id, amount] as const];
    }),
  );
}
