import type { Cloud } from '../model/cloud.ts';
import type { Host } from '../model/host.ts';
import type { ProviderId } from '../model/ids.ts';
import type { ResourceInventory, ResourceProvider } from '../model/placement.ts';

/** A provider that can serve a resource class on a host. */
export interface Offer {
  readonly id: ProviderId;
  readonly inventory: ResourceInventory;
}

/**
 * Who can serve a class on a host: the providers of its tree, root first, and those that share with it, such as one
 * for the disks of a storage pool.
 * Source: placement objects/research_context.py anchors_for_sharing_providers (trait and common aggregate).
 */
export function offering(host: Host, resource: string, cloud: Cloud): readonly Offer[] {
  const shared = cloud.otherProviders === undefined ? [] : sharedWith(host, cloud.otherProviders);
  return [...host.providers, ...shared].flatMap(({ id, inventories }) => {
    const inventory = inventories.get(resource);
    return inventory === undefined ? [] : [{ id, inventory }];
  });
}

/** True when providers outside of the host's tree serve the class there. */
export const isShared = (host: Host, resource: string, cloud: Cloud): boolean =>
  sharedWith(host, cloud.otherProviders ?? []).some(({ inventories }) => inventories.has(resource));

function sharedWith(host: Host, others: readonly ResourceProvider[]): readonly ResourceProvider[] {
  const aggregates = new Set(host.providers.flatMap((provider) => provider.aggregates));
  return others.filter(
    ({ traits, aggregates: theirs }) =>
      traits.has('MISC_SHARES_VIA_AGGREGATE') && theirs.some((aggregate) => aggregates.has(aggregate)),
  );
}
