import { type CellCheck, failedCheck, reservedCpus } from './cell-fit.ts';
import { freeMemoryMiB } from './cell-order.ts';
import type { FitOptions } from './fit-options.ts';
import type { PageSizeRequest } from './guest.ts';
import type { DemandCell, GuestDemand } from './guest-demand.ts';
import type { CellState, HostState } from './host-state.ts';
import { missedNetwork } from './network-affinity.ts';
import { chooseCells } from './numa-fit.ts';
import { freePages } from './page-size.ts';
import { type MissedPciRequest, takePciDevices } from './pci-pools.ts';

/** Why a guest does not fit a host: `measured` is what it wants, `limit` what the host has for it. */
export type Misfit = {
  readonly measured: number;
  readonly limit: number;
  readonly unit: 'cells' | 'pages' | 'cpus' | 'MiB' | 'devices' | 'networks';
  /** Undefined where the cause is not one of a pair of cells. */
  readonly where: { readonly guestCell: number; readonly hostCellId: number } | undefined;
} & (
  | { readonly kind: 'too-few-cells' }
  /** Every guest cell fits some host cell, but not all of them at once. */
  | { readonly kind: 'assignment' }
  | {
      readonly kind: 'page-size';
      /** Whether free pages were counted, or all: without a size asked for, most releases look at totals. */
      readonly of: 'total' | 'free';
      /** Undefined when the guest asks for none. */
      readonly pageSize: PageSizeRequest | undefined;
      /** The size that was counted; undefined when the cell has none to offer. */
      readonly pageSizeKiB: number | undefined;
      /** The memory is no multiple of that size, so that no number of pages would do. */
      readonly unevenMemory: boolean;
    }
  /** `of`: all CPUs or memory of the cell, what is free of it, or what a ratio makes of it. */
  | { readonly kind: 'pcpus'; readonly of: 'total' | 'free' }
  | { readonly kind: 'vcpus'; readonly of: 'total' | 'ratio' }
  | { readonly kind: 'memory'; readonly of: 'total' | 'free' | 'ratio' }
  /** Enough CPUs are free, but they do not lie on the cores as the thread policy asks. */
  | { readonly kind: 'threads' }
  | { readonly kind: 'pci'; readonly request: number; readonly step: MissedPciRequest['step'] }
  /** `network`: a physical network, or `tunneled`. */
  | { readonly kind: 'network'; readonly network: string }
);

/**
 * The most useful cause for which a guest does not fit; undefined when it fits.
 *
 * Of a guest cell that fits no host cell, the pair that gets farthest in Nova's checks is told, of several the one that lacks least. It costs much more
 * than the fit itself: ask only for what a person reads.
 */
export function explainMisfit(
  state: HostState,
  demand: GuestDemand,
  options: FitOptions,
): Misfit | undefined {
  const guestCells = demand.cells.length;
  const hostCells = state.cells.length;
  if (guestCells > hostCells) return { kind: 'too-few-cells', ...counts(guestCells, hostCells, 'cells') };
  for (const [guestCell, guest] of demand.cells.entries()) {
    const nearest = nearestMiss(state, demand, guestCell, options);
    if (nearest === undefined) continue;
    const where = { guestCell, hostCellId: nearest.cell.layout.id };
    return { ...missOfPair(nearest, demand, guest, reservedCpus(demand, guestCell), options), where };
  }
  const bare = { ...demand, pciRequests: [], networks: undefined };
  const chosen = guestCells === 0 ? undefined : chooseCells(state, bare, options);
  if (chosen === undefined && guestCells > 0) {
    return { kind: 'assignment', ...counts(guestCells, mostAssigned(state, demand, options), 'cells') };
  }
  if (guestCells > 0 && chooseCells(state, demand, options) !== undefined) return undefined;
  return missOfRest(state, demand, options, chosen);
}

function counts(measured: number, limit: number, unit: Misfit['unit']) {
  return { measured, limit, unit, where: undefined };
}

interface Miss {
  readonly cell: CellState;
  readonly check: CellCheck;
}

const checkOrder: readonly CellCheck[] = [
  'page-size',
  'dedicated-cpus',
  'shared-cpus',
  'free-dedicated-cpus',
  'free-memory',
  'threads',
  'cpu-ratio',
  'memory-ratio',
];

/** The pair that fails last in the order of checks and lacks least; undefined when the guest cell fits some host cell. */
function nearestMiss(
  state: HostState,
  demand: GuestDemand,
  guestCell: number,
  options: FitOptions,
): Miss | undefined {
  let nearest: Miss | undefined;
  for (const cell of state.cells) {
    const check = failedCheck(cell, demand, guestCell, options);
    if (check === undefined) return undefined;
    const miss = { cell, check };
    if (nearest === undefined || isNearer(miss, nearest, demand, guestCell, options)) nearest = miss;
  }
  return nearest;
}

/** Whether it fails in a later check, or in the same with less missing. */
function isNearer(
  miss: Miss,
  than: Miss,
  demand: GuestDemand,
  guestCell: number,
  options: FitOptions,
): boolean {
  if (miss.check !== than.check) return checkOrder.indexOf(miss.check) > checkOrder.indexOf(than.check);
  const guest = demand.cells[guestCell];
  if (guest === undefined) return false;
  const lack = (each: Miss): number => {
    const { measured, limit } = missOfPair(each, demand, guest, reservedCpus(demand, guestCell), options);
    return measured - limit;
  };
  return lack(miss) < lack(than);
}

function missOfPair(
  { cell, check }: Miss,
  demand: GuestDemand,
  guest: DemandCell,
  reserved: number,
  options: FitOptions,
): Misfit {
  const { layout } = cell;
  const pcpus = guest.dedicatedVcpus + reserved;
  switch (check) {
    case 'page-size':
      return missedPages(cell, guest, demand.pinned && options.pinnedChecksFreeSmallPages);
    case 'dedicated-cpus':
      return { kind: 'pcpus', of: 'total', ...counts(pcpus, layout.dedicatedCpuCount, 'cpus') };
    case 'shared-cpus':
      return { kind: 'vcpus', of: 'total', ...counts(guest.sharedVcpus, layout.sharedCpuCount, 'cpus') };
    case 'free-dedicated-cpus':
      return { kind: 'pcpus', of: 'free', ...counts(pcpus, cell.freeDedicatedCpus, 'cpus') };
    case 'free-memory':
      return { kind: 'memory', of: 'free', ...counts(guest.memoryMiB, freeMemoryMiB(cell), 'MiB') };
    case 'threads':
      return { kind: 'threads', ...counts(pcpus, cell.freeDedicatedCpus, 'cpus') };
    case 'cpu-ratio': {
      const limit = layout.sharedCpuCount * (options.limits?.cpuRatio ?? 1);
      return {
        kind: 'vcpus',
        of: 'ratio',
        ...counts(cell.sharedCpusUsed + guest.sharedVcpus, limit, 'cpus'),
      };
    }
    case 'memory-ratio': {
      const limit = layout.memoryMiB * (options.limits?.ramRatio ?? 1);
      return { kind: 'memory', of: 'ratio', ...counts(cell.memoryUsedMiB + guest.memoryMiB, limit, 'MiB') };
    }
  }
}

function missedPages(cell: CellState, guest: DemandCell, needsFreePages: boolean): Misfit {
  const { pageSizesKiB, memoryMiB, pagesTotal } = cell.layout;
  if (guest.pageSize === undefined && pageSizesKiB.length === 0) {
    return { kind: 'memory', of: 'total', ...counts(guest.memoryMiB, memoryMiB, 'MiB') };
  }
  const index = countedSize(cell, guest);
  const pageSizeKiB = pageSizesKiB[index];
  const { pageSize } = guest;
  if (pageSizeKiB === undefined) {
    const wanted = typeof pageSize === 'number' && pageSize > 0 ? Math.ceil(guest.memoryKiB / pageSize) : 1;
    const none = { pageSize, pageSizeKiB, unevenMemory: false, of: 'total' } as const;
    return { kind: 'page-size', ...none, ...counts(wanted, 0, 'pages') };
  }
  const of = pageSize !== undefined || needsFreePages ? 'free' : 'total';
  const limit = of === 'free' ? freePages(cell, index) : (pagesTotal[index] ?? 0);
  const unevenMemory = guest.memoryKiB % pageSizeKiB !== 0;
  return {
    kind: 'page-size',
    of,
    pageSize,
    pageSizeKiB,
    unevenMemory,
    ...counts(Math.ceil(guest.memoryKiB / pageSizeKiB), limit, 'pages'),
  };
}

/** The size to speak of: the one asked for, or of those that a wish allows the one with most free memory. */
function countedSize(cell: CellState, guest: DemandCell): number {
  const sizes = cell.layout.pageSizesKiB;
  if (typeof guest.pageSize === 'number') return sizes.indexOf(guest.pageSize);
  if (guest.pageSize === undefined || guest.pageSize === 'small') return sizes.length > 0 ? 0 : -1;
  let best = -1;
  let bestKiB = -Infinity;
  for (let index = guest.pageSize === 'any' ? 0 : 1; index < sizes.length; index++) {
    const freeKiB = freePages(cell, index) * (sizes[index] ?? 0);
    if (freeKiB > bestKiB) [best, bestKiB] = [index, freeKiB];
  }
  return best;
}

/** How many guest cells at most fit at the same time: a bipartite matching, one augmenting path a guest cell. */
function mostAssigned(state: HostState, demand: GuestDemand, options: FitOptions): number {
  const guestOf = new Map<number, number>();
  const place = (guestCell: number, tried: Set<number>): boolean =>
    state.cells.some((cell, index) => {
      if (tried.has(index) || failedCheck(cell, demand, guestCell, options) !== undefined) return false;
      tried.add(index);
      const holder = guestOf.get(index);
      if (holder !== undefined && !place(holder, tried)) return false;
      guestOf.set(index, guestCell);
      return true;
    });
  return demand.cells.filter((_, guestCell) => place(guestCell, new Set())).length;
}

function missOfRest(
  state: HostState,
  demand: GuestDemand,
  options: FitOptions,
  chosen: readonly number[] | undefined,
): Misfit | undefined {
  const { pciRequests, networks } = demand;
  const pci = takePciDevices(state.layout, state.pciFree.slice(), pciRequests, chosen);
  if (pci !== undefined) {
    return { kind: 'pci', request: pci.request, step: pci.step, ...counts(pci.wanted, pci.found, 'devices') };
  }
  if (chosen === undefined || networks === undefined || options.limits === undefined) return undefined;
  const network = missedNetwork(state, chosen, networks);
  return network === undefined ? undefined : { kind: 'network', network, ...counts(1, 0, 'networks') };
}
