import type { Host } from '../model/host.ts';
import type { ServerId } from '../model/ids.ts';
import type { PciRequest } from '../model/pci.ts';
import type { ResourceAmounts } from '../model/placement.ts';
import type { GuestTopology } from '../nova/guest.ts';
import type { GuestDemand } from '../nova/guest-demand.ts';

/** What a server asks of any host that it arrives on; follows from flavor and image alone. */
export interface Demand {
  /** Placement amounts asked of a host that has a PCPU inventory, or that hosts unpinned servers. */
  readonly amounts: ResourceAmounts;
  /** Amounts asked of a host without PCPU inventory, where pinned vCPUs count as VCPU (reference: legacy fallback). */
  readonly legacyAmounts: ResourceAmounts;
  readonly requiredTraits: readonly string[];
  readonly forbiddenTraits: readonly string[];
  readonly legacyRequiredTraits: readonly string[];
  readonly legacyForbiddenTraits: readonly string[];
  readonly guest:
    | { readonly kind: 'none' }
    | { readonly kind: 'topology'; readonly topology: GuestTopology }
    | { readonly kind: 'unknown'; readonly missing: readonly string[] };
  readonly pci:
    | { readonly kind: 'known'; readonly requests: readonly PciRequest[] }
    /** Taken to have none: neither requests nor ports were read, and the flavor asks for no device. */
    | { readonly kind: 'assumed-none'; readonly missing: readonly string[] }
    | { readonly kind: 'unknown'; readonly missing: readonly string[] };
  /** Topology and PCI requests in the form that the fit works on; absent when one of them is unknown. */
  readonly fit?: GuestDemand;
}

export type Demands = ReadonlyMap<ServerId, Demand>;

/** The amounts that Placement would be asked for if the server came to this host. */
export function amountsOn(demand: Demand, host: Host): ResourceAmounts {
  return usesFallback(demand, host) ? demand.legacyAmounts : demand.amounts;
}

/** The traits that such a request would name. */
export function traitsOn(
  demand: Demand,
  host: Host,
): { readonly required: readonly string[]; readonly forbidden: readonly string[] } {
  return usesFallback(demand, host)
    ? { required: demand.legacyRequiredTraits, forbidden: demand.legacyForbiddenTraits }
    : { required: demand.requiredTraits, forbidden: demand.forbiddenTraits };
}

const usesFallback = (demand: Demand, host: Host): boolean =>
  demand.amounts['PCPU'] !== undefined && !hasInventory(host, 'PCPU');

/** True when any provider of the host has an inventory of the class. */
export function hasInventory(host: Host, resource: string): boolean {
  return host.providers.some((provider) => provider.inventories.has(resource));
}
