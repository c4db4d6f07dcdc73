/**
 * What a server asks of a host, as Nova derives it from flavor and image: plain data, shared by all files of this
 * folder.
 */

/** What of a flavor decides its topology and its Placement request. Extra specs as the API shows them. */
export interface FlavorFacts {
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly extraSpecs: Readonly<Record<string, string>>;
}

export type CpuPolicy = 'shared' | 'dedicated' | 'mixed';
export type ThreadPolicy = 'prefer' | 'require' | 'isolate';
export type EmulatorPolicy = 'isolate' | 'share';
export type PciNumaPolicy = 'required' | 'legacy' | 'preferred' | 'socket';

/** A page size in KiB, or a wish: `small` the smallest, `large` any but the smallest, `any` the largest that fits. */
export type PageSizeRequest = 'small' | 'large' | 'any' | number;

/** One NUMA cell that the guest wants; cell ids run from 0. */
export interface GuestCell {
  readonly id: number;
  /** Guest vCPU ids that float over the shared CPUs of the host cell. */
  readonly sharedVcpus: readonly number[];
  /** Guest vCPU ids that are pinned. */
  readonly dedicatedVcpus: readonly number[];
  readonly memoryMiB: number;
  /** Undefined when none was requested; 0 says the same (a flavor can write it). */
  readonly pageSize: PageSizeRequest | undefined;
  /** The same in all cells. */
  readonly cpuPolicy: CpuPolicy | undefined;
  /** The same in all cells. */
  readonly threadPolicy: ThreadPolicy | undefined;
}

/** The NUMA topology that the guest wants (Nova `InstanceNUMATopology` before it is placed). */
export interface GuestTopology {
  /** `isolate`: one more host CPU is pinned on the host cell of guest cell 0. */
  readonly emulatorPolicy: EmulatorPolicy | undefined;
  readonly cells: readonly GuestCell[];
}

/** Devices that the guest asks for: a flavor alias or a Neutron port. */
export interface PciRequestFacts {
  readonly count: number;
  /** Default: `legacy`. Matters only for a guest with a NUMA topology. */
  readonly numaPolicy?: PciNumaPolicy;
  /** Alternatives; a pool serves the request when all keys of one of them match. */
  readonly specs: readonly Readonly<Record<string, string>>[];
}
