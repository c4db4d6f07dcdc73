export type PciDevType = 'type-PCI' | 'type-PF' | 'type-VF' | 'vdpa';
/** How near a device must be to the guest's NUMA cells (`hw:pci_numa_affinity_policy`). */
export type PciNumaPolicy = 'required' | 'legacy' | 'preferred' | 'socket';

/** A device that Nova may hand to a server, as `pci_devices` lists it. */
export interface PciDevice {
  /** `domain:bus:slot.function`, unique on its host. */
  readonly address: string;
  readonly vendorId: string;
  readonly productId: string;
  readonly devType: PciDevType;
  /** Absent when the device has no NUMA node. */
  readonly numaNode?: number;
  /** Address of the PF of a VF. */
  readonly parentAddress?: string;
  readonly status:
    'available' | 'claimed' | 'allocated' | 'unclaimable' | 'unavailable' | 'removed' | 'deleted';
  /** Server that holds it; raw UUID, since it may be none that the inventory lists. */
  readonly server?: string;
  readonly requestId?: string;
  /** Pool tags: `physical_network`, `remote_managed`, … */
  readonly tags: Readonly<Record<string, string>>;
}

/** Free devices of one kind on one NUMA node, as `compute_nodes.pci_stats` counts them. */
export interface PciPool {
  readonly vendorId: string;
  readonly productId: string;
  readonly devType: PciDevType;
  readonly numaNode?: number;
  /** Free devices. */
  readonly count: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** What a server asks of PCI: a flavor alias or a Neutron port. */
export interface PciRequest {
  readonly requestId?: string;
  readonly count: number;
  /** Alternatives; a pool serves the request when all keys of one of them match. */
  readonly specs: readonly Readonly<Record<string, string>>[];
  readonly numaPolicy?: PciNumaPolicy;
  readonly source:
    { readonly kind: 'alias'; readonly alias: string } | { readonly kind: 'port'; readonly port: string };
}
