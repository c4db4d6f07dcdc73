import type { NumaCell } from '../model/numa.ts';
import type { HostFacts, PciPoolFacts } from './host-facts.ts';

/**
 * What of a NUMA cell never changes. One layout can serve all hosts of one make, since usage is kept apart
 * (`host-state.ts`). Sizes are MiB, KiB and counts as the names say.
 */
export interface CellLayout {
  readonly id: number;
  readonly socket: number | undefined;
  readonly sharedCpuCount: number;
  readonly dedicatedCpuCount: number;
  /** Shared and dedicated CPUs are the same set: the host is configured by the old `vcpu_pin_set`. */
  readonly legacy: boolean;
  /** Longest entry of `siblings`, shared CPUs included; above 1 the cell has SMT. */
  readonly threadsPerCore: number;
  /** Dedicated CPUs of each core that has any, in the order of `siblings`. A position here is a "core index". */
  readonly coreThreads: Int16Array;
  /** Core index of each dedicated CPU, by host CPU id. */
  readonly coreOfCpu: ReadonlyMap<number, number>;
  readonly memoryMiB: number;
  /** Page sizes in KiB, ascending; empty when the host reports none. */
  readonly pageSizesKiB: readonly number[];
  readonly pagesTotal: readonly number[];
  readonly pagesReserved: readonly number[];
  readonly physnets: readonly string[];
  readonly tunneled: boolean;
}

/** What of a PCI pool never changes. */
export interface PciPoolLayout {
  readonly numaNode: number | undefined;
  /** `vendor_id`, `product_id`, `dev_type` and the tags; values in lower case, as Nova compares them. */
  readonly attributes: ReadonlyMap<string, string>;
}

/** What of a host never changes. Cells are in Nova's order, pools in the order of the facts. */
export interface HostLayout {
  readonly cells: readonly CellLayout[];
  readonly pools: readonly PciPoolLayout[];
  /** Positions in `pools` in the order in which Nova tries them: fewer attributes first. */
  readonly poolOrder: readonly number[];
}

/** The layout of a host. Dedicated CPUs that no entry of `siblings` names cannot be packed and do not count as free. */
export function hostLayout(host: HostFacts): HostLayout {
  const pools = host.pciPools.map(poolLayout);
  return {
    cells: host.cells.map(cellLayout),
    pools,
    poolOrder: orderByAttributes(pools),
  };
}

/** The attributes of a pool or a device, lower case, under the names that PCI requests use. */
export function poolLayout(pool: Omit<PciPoolFacts, 'count'>): PciPoolLayout {
  const attributes = new Map([
    ['vendor_id', pool.vendorId],
    ['product_id', pool.productId],
    ['dev_type', pool.devType],
    ...Object.entries(pool.tags),
  ]);
  for (const [name, value] of attributes) attributes.set(name, value.toLowerCase());
  return { numaNode: pool.numaNode, attributes };
}

/** Nova sorts pools by their number of attributes, stably. Source: `pci/stats.py:PciDeviceStats`. */
function orderByAttributes(pools: readonly PciPoolLayout[]): number[] {
  return pools
    .map((pool, index) => ({ size: pool.attributes.size, index }))
    .sort((a, b) => a.size - b.size)
    .map(({ index }) => index);
}

function cellLayout(cell: NumaCell): CellLayout {
  const shared = new Set(cell.sharedCpus);
  const dedicated = new Set(cell.dedicatedCpus);
  const cores = cell.siblings
    .map((core) => core.filter((cpu) => dedicated.has(cpu)))
    .filter((core) => core.length > 0);
  const pages = [...cell.pages].sort((a, b) => a.sizeKiB - b.sizeKiB);
  return {
    id: cell.id,
    socket: cell.socket,
    sharedCpuCount: shared.size,
    dedicatedCpuCount: dedicated.size,
    legacy: shared.size === dedicated.size && cell.sharedCpus.every((cpu) => dedicated.has(cpu)),
    threadsPerCore: cell.siblings.reduce((most, core) => Math.max(most, core.length), 1),
    coreThreads: Int16Array.from(cores, (core) => core.length),
    coreOfCpu: new Map(cores.flatMap((core, index) => core.map((cpu) => [cpu, index]))),
    memoryMiB: cell.memoryMiB,
    pageSizesKiB: pages.map((page) => page.sizeKiB),
    pagesTotal: pages.map((page) => page.total),
    pagesReserved: pages.map((page) => page.reserved),
    physnets: cell.networks.physnets,
    tunneled: cell.networks.tunneled,
  };
}
