import type { NumaCell, PlacedTopology } from '../../model/numa.ts';
import type { CellUseRecord } from '../document/host.ts';
import type { PlacedCellRecord } from '../document/server.ts';
import type { HostLayoutEntry } from '../document/tables.ts';
import { present } from '../present.ts';

/** What hosts of one kind have in common. */
export const toLayout = (cells: readonly NumaCell[]): HostLayoutEntry => ({
  cells: cells.map((cell) =>
    present({
      id: cell.id,
      socket: cell.socket,
      sharedCpus: [...cell.sharedCpus],
      dedicatedCpus: [...cell.dedicatedCpus],
      siblings: cell.siblings.map((core) => [...core]),
      memoryMiB: cell.memoryMiB,
      distances: cell.distances === undefined ? undefined : [...cell.distances],
      networks: { physnets: [...cell.networks.physnets], tunneled: cell.networks.tunneled },
      pages: cell.pages.map(({ sizeKiB, total, reserved }) => ({ sizeKiB, total, reserved })),
    }),
  ),
});

/** What is in use of each cell. */
export const toCellUse = (cells: readonly NumaCell[]): CellUseRecord[] =>
  cells.map((cell) => ({
    memoryUsedMiB: cell.memoryUsedMiB,
    sharedCpusUsed: cell.sharedCpusUsed,
    pinnedCpus: [...cell.pinnedCpus],
    usedPages: cell.pages.map(({ used }) => used),
  }));

export const toPlacedCells = (topology: PlacedTopology): PlacedCellRecord[] =>
  topology.cells.map((cell) =>
    present({
      hostCellId: cell.hostCellId,
      sharedVcpus: listOf(cell.sharedVcpus),
      dedicatedVcpus: listOf(cell.dedicatedVcpus),
      // in step with the vCPUs; a pin of a vCPU that is not dedicated would be Nova's mistake
      hostCpus:
        cell.pinning === undefined
          ? undefined
          : cell.dedicatedVcpus.flatMap((vcpu) => cell.pinning?.find(([guest]) => guest === vcpu)?.[1] ?? []),
      reservedCpus: listOf(cell.reservedCpus ?? []),
      memoryMiB: cell.memoryMiB,
      pageSizeKiB: cell.pageSizeKiB,
    }),
  );

const listOf = (ids: readonly number[]): number[] | undefined => (ids.length === 0 ? undefined : [...ids]);
