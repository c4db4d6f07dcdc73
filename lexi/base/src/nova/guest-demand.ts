import type {
  GuestTopology,
  PageSizeRequest,
  PciNumaPolicy,
  PciRequestFacts,
  ThreadPolicy,
} from './guest.ts';
import type { NumaNetworks } from '../model/numa.ts';
import { isTrueText } from './python-text.ts';

/** What one guest cell takes. */
export interface DemandCell {
  readonly sharedVcpus: number;
  readonly dedicatedVcpus: number;
  readonly memoryMiB: number;
  readonly memoryKiB: number;
  /** Undefined when none was requested. */
  readonly pageSize: PageSizeRequest | undefined;
}

/** Devices that a guest takes, ready for comparison with pools. */
export interface DemandPciRequest {
  readonly count: number;
  readonly numaPolicy: PciNumaPolicy;
  /** Alternatives of [attribute, value in lower case]. */
  readonly specs: readonly (readonly (readonly [string, string])[])[];
  /** Kinds that are handed out only to those who ask for them. */
  readonly wantsPf: boolean;
  readonly wantsVdpa: boolean;
  readonly wantsRemoteManaged: boolean;
}

/** A guest in the form that the fit works on: counts only, made once and used for any number of hosts. */
export interface GuestDemand {
  /** Empty when the guest has no NUMA topology. */
  readonly cells: readonly DemandCell[];
  /** CPU policy dedicated or mixed. */
  readonly pinned: boolean;
  /** CPU policy shared, mixed or none. */
  readonly floating: boolean;
  /** Undefined behaves as `prefer`. */
  readonly threadPolicy: ThreadPolicy | undefined;
  /** One more CPU is pinned beside guest cell 0. */
  readonly isolatedEmulator: boolean;
  readonly pciRequests: readonly DemandPciRequest[];
  /** Networks whose affinity to NUMA cells counts; only for a guest with a topology. */
  readonly networks: NumaNetworks | undefined;
}

/**
 * The demand of a guest. `topology` is undefined for a guest without one: then only PCI devices are looked at, and
 * their NUMA policy has no weight.
 */
export function guestDemand(
  topology: GuestTopology | undefined,
  pciRequests: readonly PciRequestFacts[] = [],
  networks?: NumaNetworks,
): GuestDemand {
  const policy = topology?.cells[0]?.cpuPolicy;
  return {
    cells: (topology?.cells ?? []).map((cell) => ({
      sharedVcpus: cell.sharedVcpus.length,
      dedicatedVcpus: cell.dedicatedVcpus.length,
      memoryMiB: cell.memoryMiB,
      memoryKiB: cell.memoryMiB * 1024,
      pageSize: cell.pageSize === 0 ? undefined : cell.pageSize,
    })),
    pinned: policy === 'dedicated' || policy === 'mixed',
    floating: policy !== 'dedicated',
    threadPolicy: topology?.cells[0]?.threadPolicy,
    isolatedEmulator: topology?.emulatorPolicy === 'isolate',
    pciRequests: pciRequests.map(pciDemand),
    networks,
  };
}

/** A PCI request, ready for comparison. Values are compared without regard to case; `dev_type` itself is not. */
export function pciDemand(request: PciRequestFacts): DemandPciRequest {
  const asks = (name: string, value: string) =>
    request.specs.some((spec) => Object.entries(spec).some(([key, text]) => key === name && text === value));
  return {
    count: request.count,
    numaPolicy: request.numaPolicy ?? 'legacy',
    specs: request.specs.map((spec) =>
      Object.entries(spec).map(([name, value]) => [name, value.toLowerCase()] as const),
    ),
    wantsPf: asks('dev_type', 'type-PF'),
    wantsVdpa: asks('dev_type', 'vdpa'),
    wantsRemoteManaged: request.specs.some((spec) =>
      Object.entries(spec).some(([key, text]) => key === 'remote_managed' && isTrueText(text)),
    ),
  };
}
