import type { HostLayout } from './host-layout.ts';
import { poolLayout } from './host-layout.ts';
import type { CellState, HostState } from './host-state.ts';
import type { PciPoolFacts } from './host-facts.ts';
import type { GuestDemand } from './guest-demand.ts';
import type { FoundFit } from './numa-fit.ts';
import type { CoreThreads } from './thread-packing.ts';

/** What one guest cell holds on one host cell. */
interface ClaimCell {
  readonly hostCellId: number;
  readonly threads: CoreThreads;
  readonly floatingVcpus: number;
  readonly memoryMiB: number;
  /** Undefined on a host without page sizes. */
  readonly pageSizeKiB: number | undefined;
  readonly pages: number;
}

/** What a server holds on a host, as plain data: adding it to a state and taking it away are exact inverses. */
export interface Claim {
  readonly cells: readonly ClaimCell[];
  /** [position of the pool in the host's facts, devices]. */
  readonly pci: readonly (readonly [pool: number, devices: number])[];
}

/** A server's recorded topology on its host: the input of `claimFromPins`. */
export interface PlacedCellFacts {
  readonly hostCellId: number;
  readonly sharedVcpus: readonly number[];
  /** [guest vCPU, host CPU]. */
  readonly pinning: readonly (readonly [vcpu: number, cpu: number])[];
  /** Host CPUs reserved for emulator threads. */
  readonly reservedCpus: readonly number[];
  readonly memoryMiB: number;
  /** Absent when none was requested: the smallest size of the host cell counts then. */
  readonly pageSizeKiB?: number;
  /** Thread policy isolate: the whole core of each pinned and reserved CPU is taken. */
  readonly isolatesThreads: boolean;
}

/** Puts a guest on a host as `fit` says and returns what it holds there. */
export function claimGuest(state: HostState, demand: GuestDemand, fit: FoundFit): Claim {
  const claim = claimFromFit(state.layout, demand, fit);
  addClaim(state, claim);
  return claim;
}

/** What a guest will hold where `fit` puts it. */
export function claimFromFit(layout: HostLayout, demand: GuestDemand, fit: FoundFit): Claim {
  const cells = fit.cells.map((cell, index) => {
    const guest = demand.cells[index];
    const memoryMiB = guest?.memoryMiB ?? 0;
    const { hostCellId, threads, pageSizeKiB } = cell;
    const floatingVcpus = guest?.sharedVcpus ?? 0;
    return {
      hostCellId,
      threads,
      floatingVcpus,
      memoryMiB,
      ...pagesOf(layout, hostCellId, pageSizeKiB, memoryMiB),
    };
  });
  return { cells, pci: fit.pci };
}

/**
 * What a server holds by its recorded topology. Cells and CPUs that the host does not have are ignored, as Nova's
 * resource tracker ignores them. Source: `virt/hardware.py:numa_usage_from_instance_numa`.
 */
export function claimFromPins(
  layout: HostLayout,
  placed: readonly PlacedCellFacts[],
  pci: Claim['pci'] = [],
): Claim {
  const cells = placed.map((cell) => ({
    hostCellId: cell.hostCellId,
    threads: threadsOfPins(layout, cell),
    floatingVcpus: cell.sharedVcpus.length,
    memoryMiB: cell.memoryMiB,
    ...pagesOf(layout, cell.hostCellId, cell.pageSizeKiB, cell.memoryMiB),
  }));
  return { cells, pci };
}

/** The position of the pool that a device belongs to; undefined when the host's facts have no such pool. */
export function poolOfDevice(layout: HostLayout, device: Omit<PciPoolFacts, 'count'>): number | undefined {
  const { numaNode, attributes } = poolLayout(device);
  const index = layout.pools.findIndex(
    (pool) =>
      pool.numaNode === numaNode &&
      pool.attributes.size === attributes.size &&
      [...attributes].every(([name, value]) => pool.attributes.get(name) === value),
  );
  return index < 0 ? undefined : index;
}

/** Adds what the claim holds to the usage of the host. */
export function addClaim(state: HostState, claim: Claim): void {
  applyClaim(state, claim, 1);
}

/** Takes what the claim holds from the usage of the host: the exact inverse of `addClaim`. */
export function releaseClaim(state: HostState, claim: Claim): void {
  applyClaim(state, claim, -1);
}

function applyClaim(state: HostState, claim: Claim, sign: 1 | -1): void {
  for (const held of claim.cells) {
    const cell = state.cells.find((candidate) => candidate.layout.id === held.hostCellId);
    if (cell === undefined) continue;
    cell.memoryUsedMiB += sign * held.memoryMiB;
    cell.sharedCpusUsed += sign * held.floatingVcpus;
    const size = held.pageSizeKiB === undefined ? -1 : cell.layout.pageSizesKiB.indexOf(held.pageSizeKiB);
    if (size >= 0) cell.pagesUsed[size] = (cell.pagesUsed[size] ?? 0) + sign * held.pages;
    for (const [core, threads] of held.threads) takeThreads(cell, core, sign * threads);
  }
  for (const [pool, devices] of claim.pci) state.pciFree[pool] = (state.pciFree[pool] ?? 0) - sign * devices;
}

function takeThreads(cell: CellState, core: number, threads: number): void {
  const before = cell.freeThreads[core];
  if (before === undefined) return;
  const after = before - threads;
  cell.freeThreads[core] = after;
  cell.freeDedicatedCpus += Math.max(0, after) - Math.max(0, before);
}

/** Pages are whole: memory that is no multiple of their size counts without its rest, the same both ways. */
function pagesOf(layout: HostLayout, hostCellId: number, pageSizeKiB: number | undefined, memoryMiB: number) {
  const cell = layout.cells.find((candidate) => candidate.id === hostCellId);
  const size = pageSizeKiB ?? cell?.pageSizesKiB[0];
  return { pageSizeKiB: size, pages: size === undefined ? 0 : Math.floor((memoryMiB * 1024) / size) };
}

function threadsOfPins(layout: HostLayout, placed: PlacedCellFacts): CoreThreads {
  const cell = layout.cells.find((candidate) => candidate.id === placed.hostCellId);
  const threads = new Map<number, number>();
  if (cell === undefined) return [];
  for (const cpu of new Set([...placed.pinning.map(([, pinned]) => pinned), ...placed.reservedCpus])) {
    const core = cell.coreOfCpu.get(cpu);
    if (core === undefined) continue;
    threads.set(core, placed.isolatesThreads ? (cell.coreThreads[core] ?? 0) : (threads.get(core) ?? 0) + 1);
  }
  return [...threads];
}
