import type { NumaCell, PlacedGuestCell } from '../../model/numa.ts';
import type { CellUseRecord } from '../document/host.ts';
import type { PlacedCellRecord } from '../document/server.ts';
import type { HostLayoutEntry } from '../document/tables.ts';

/** Hardware and use of the cells together, in Nova's order. */
export const toNumaCells = (layout: HostLayoutEntry, use: readonly CellUseRecord[]): NumaCell[] =>
  layout.cells.map(({ pages, ...cell }, at) => ({
    ...cell,
    memoryUsedMiB: use[at]?.memoryUsedMiB ?? 0,
    sharedCpusUsed: use[at]?.sharedCpusUsed ?? 0,
    pinnedCpus: use[at]?.pinnedCpus ?? [],
    pages: pages.map((pool, page) => ({ ...pool, used: use[at]?.usedPages[page] ?? 0 })),
  }));

const none: readonly never[] = [];

export const toGuestCells = (cells: readonly PlacedCellRecord[]): PlacedGuestCell[] =>
  cells.map(({ hostCpus, sharedVcpus = none, dedicatedVcpus = none, ...cell }) => ({
    ...cell,
    sharedVcpus,
    dedicatedVcpus,
    ...(hostCpus !== undefined && {
      pinning: hostCpus.map((cpu, at): readonly [number, number] => [dedicatedVcpus[at] ?? 0, cpu]),
    }),
  }));
