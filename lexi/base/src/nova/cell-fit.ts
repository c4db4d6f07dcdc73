import { freeMemoryMiB } from './cell-order.ts';
import type { FitOptions } from './fit-options.ts';
import type { DemandCell, GuestDemand } from './guest-demand.ts';
import type { CellState } from './host-state.ts';
import { choosePageSize, noPageSizes, pagesDoNotFit } from './page-size.ts';
import { canPack } from './thread-packing.ts';

/** The checks of one guest cell against one host cell, in Nova's order. */
export type CellCheck =
  | 'page-size'
  | 'dedicated-cpus'
  | 'shared-cpus'
  | 'free-dedicated-cpus'
  | 'free-memory'
  | 'threads'
  | 'cpu-ratio'
  | 'memory-ratio';

/**
 * The first check that keeps a guest cell off a host cell; undefined when it fits.
 *
 * A guest never over-commits a cell against itself: its floating vCPUs and its memory must fit what the cell has,
 * whatever the ratios. Source: `virt/hardware.py:_numa_fit_instance_cell`.
 */
export function failedCheck(
  cell: CellState,
  demand: GuestDemand,
  guestCell: number,
  options: FitOptions,
): CellCheck | undefined {
  const guest = demand.cells[guestCell];
  if (guest === undefined) return undefined;
  const pages = choosePageSize(cell, guest, demand.pinned && options.pinnedChecksFreeSmallPages);
  if (pages === pagesDoNotFit) return 'page-size';
  const pinned = demand.pinned ? guest.dedicatedVcpus + reservedCpus(demand, guestCell) : 0;
  if (pinned > cell.layout.dedicatedCpuCount) return 'dedicated-cpus';
  if (demand.floating && guest.sharedVcpus > cell.layout.sharedCpuCount) return 'shared-cpus';
  if (demand.pinned) {
    if (pinned > cell.freeDedicatedCpus) return 'free-dedicated-cpus';
    if (memoryMustBeFree(pages, options) && guest.memoryMiB > freeMemoryMiB(cell)) return 'free-memory';
    if (!canPack(cell, guest.dedicatedVcpus, reservedCpus(demand, guestCell), demand.threadPolicy))
      return 'threads';
  }
  return demand.floating && options.limits !== undefined ? overRatio(cell, guest, options.limits) : undefined;
}

/** CPUs pinned for emulator threads beside this guest cell: 1 for cell 0 of a pinned guest that isolates them. */
export function reservedCpus(demand: GuestDemand, guestCell: number): number {
  return demand.pinned && demand.isolatedEmulator && guestCell === 0 ? 1 : 0;
}

/** Since 30.0.0 a pinned guest's memory is checked against free pages, and only without page sizes against the cell. */
function memoryMustBeFree(pages: number, options: FitOptions): boolean {
  return !options.pinnedChecksFreeSmallPages || pages === noPageSizes;
}

function overRatio(
  cell: CellState,
  guest: DemandCell,
  limits: { readonly cpuRatio: number; readonly ramRatio: number },
): CellCheck | undefined {
  const { sharedCpuCount, memoryMiB } = cell.layout;
  if (cell.sharedCpusUsed + guest.sharedVcpus > sharedCpuCount * limits.cpuRatio) return 'cpu-ratio';
  return cell.memoryUsedMiB + guest.memoryMiB > memoryMiB * limits.ramRatio ? 'memory-ratio' : undefined;
}
