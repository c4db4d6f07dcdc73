import type { HostFacts } from './host-facts.ts';
import { type CellLayout, type HostLayout, hostLayout } from './host-layout.ts';

/**
 * Usage of one NUMA cell. Pins are kept as free threads a core, not as CPU ids: Nova's verdicts need no more, and the
 * exact CPU follows from CPython's set order, which nobody can plan with.
 *
 * Anything may be over-committed (a cloud may be broken already): counts then go below zero, and adding and taking
 * away the same claim still restores them exactly.
 */
export interface CellState {
  readonly layout: CellLayout;
  /** Free dedicated threads by core index; negative where more is claimed than there is. */
  readonly freeThreads: Int16Array;
  /** Sum of the positive entries of `freeThreads`. */
  freeDedicatedCpus: number;
  memoryUsedMiB: number;
  /** Floating vCPUs. */
  sharedCpusUsed: number;
  /** Pages in use by position in `layout.pageSizesKiB`. */
  readonly pagesUsed: Float64Array;
}

/** Usage of a host: the one mutable value of this folder, changed by `claim.ts` alone. */
export interface HostState {
  readonly layout: HostLayout;
  /** In the order of `layout.cells`. */
  readonly cells: readonly CellState[];
  /** Free devices by position in `layout.pools`. */
  readonly pciFree: Int32Array;
}

/**
 * The state of a host as its facts tell it. Give the `layout` of an equal host to share it; facts and layout must
 * then agree in all that a layout holds.
 */
export function hostState(host: HostFacts, layout: HostLayout = hostLayout(host)): HostState {
  return {
    layout,
    cells: layout.cells.map((cell, index) => cellState(cell, host.cells[index])),
    pciFree: Int32Array.from(host.pciPools, (pool) => pool.count),
  };
}

/** A copy that can be changed on its own; the layout is shared. */
export function copyHostState(state: HostState): HostState {
  return {
    layout: state.layout,
    cells: state.cells.map((cell) => ({
      ...cell,
      freeThreads: cell.freeThreads.slice(),
      pagesUsed: cell.pagesUsed.slice(),
    })),
    pciFree: state.pciFree.slice(),
  };
}

function cellState(layout: CellLayout, facts: HostFacts['cells'][number] | undefined): CellState {
  const freeThreads = layout.coreThreads.slice();
  for (const cpu of new Set(facts?.pinnedCpus)) {
    const core = layout.coreOfCpu.get(cpu);
    if (core !== undefined) freeThreads[core] = (freeThreads[core] ?? 0) - 1;
  }
  return {
    layout,
    freeThreads,
    freeDedicatedCpus: freeThreads.reduce((sum, free) => sum + Math.max(0, free), 0),
    memoryUsedMiB: facts?.memoryUsedMiB ?? 0,
    sharedCpusUsed: facts?.sharedCpusUsed ?? 0,
    pagesUsed: Float64Array.from(
      layout.pageSizesKiB,
      (size) => facts?.pages.find((page) => page.sizeKiB === size)?.used ?? 0,
    ),
  };
}
