import type { DemandCell } from './guest-demand.ts';
import type { CellState } from './host-state.ts';

/** `choosePageSize`: the memory does not fit. */
export const pagesDoNotFit = -2;
/** `choosePageSize`: the memory fits, and the host reports no page sizes. */
export const noPageSizes = -1;

/**
 * The position in `layout.pageSizesKiB` of the pages that the guest cell gets on a host cell, `noPageSizes`, or
 * `pagesDoNotFit`.
 *
 * With a size asked for, free pages count: `small` is the smallest, `large` the biggest that fits but never the
 * smallest, `any` the biggest that fits. Without one, the smallest size must hold the memory; `needsFreePages` says
 * whether in free pages or in all of them. The memory must always be a multiple of the page size.
 * Source: `virt/hardware.py:_numa_cell_supports_pagesize_request`, `objects/numa.py:NUMACell.can_fit_pagesize`.
 */
export function choosePageSize(cell: CellState, guest: DemandCell, needsFreePages: boolean): number {
  const sizes = cell.layout.pageSizesKiB;
  const { pageSize, memoryKiB } = guest;
  switch (pageSize) {
    case undefined:
      if (sizes.length === 0) return guest.memoryMiB <= cell.layout.memoryMiB ? noPageSizes : pagesDoNotFit;
      return fitsPages(cell, 0, memoryKiB, needsFreePages) ? 0 : pagesDoNotFit;
    case 'small':
      return sizes.length > 0 && fitsPages(cell, 0, memoryKiB, true) ? 0 : pagesDoNotFit;
    case 'large':
    case 'any': {
      const smallest = pageSize === 'any' ? 0 : 1;
      for (let index = sizes.length - 1; index >= smallest; index--) {
        if (fitsPages(cell, index, memoryKiB, true)) return index;
      }
      return pagesDoNotFit;
    }
    default: {
      const index = sizes.indexOf(pageSize);
      return index >= 0 && fitsPages(cell, index, memoryKiB, true) ? index : pagesDoNotFit;
    }
  }
}

/** Pages of one size that are neither used nor reserved; negative when over-committed. */
export function freePages(cell: CellState, index: number): number {
  const { pagesTotal, pagesReserved } = cell.layout;
  return (pagesTotal[index] ?? 0) - (pagesReserved[index] ?? 0) - (cell.pagesUsed[index] ?? 0);
}

function fitsPages(cell: CellState, index: number, memoryKiB: number, onlyFree: boolean): boolean {
  const size = cell.layout.pageSizesKiB[index] ?? 0;
  const pages = onlyFree ? freePages(cell, index) : (cell.layout.pagesTotal[index] ?? 0);
  return memoryKiB <= pages * size && memoryKiB % size === 0;
}
