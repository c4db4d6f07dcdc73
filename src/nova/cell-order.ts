import type { FitOptions } from './fit-options.ts';
import type { GuestDemand } from './guest-demand.ts';
import type { CellState, HostState } from './host-state.ts';

/**
 * Positions of the host cells in the order in which Nova tries them.
 *
 * Nova sorts only when the host has more cells than the guest: by free PCI devices (most first, if the guest wants
 * any; least first for others, where `sparesDevices`), then by free dedicated CPUs (pinned) or floating vCPUs (not
 * pinned), then by free memory. Equal cells stay in the host's order. Source:
 * `virt/hardware.py:numa_fit_instance_to_host`.
 */
export function cellsInOrder(
  state: HostState,
  demand: GuestDemand,
  { cellOrder, sparesDevices }: Pick<FitOptions, 'cellOrder' | 'sparesDevices'>,
): readonly number[] {
  const positions = state.cells.map((_, index) => index);
  if (state.cells.length <= demand.cells.length) return positions;
  const wantsDevices = demand.pciRequests.length > 0;
  const devices = wantsDevices || sparesDevices === true ? devicesByCell(state) : undefined;
  const devicesFirst = wantsDevices ? -1 : 1;
  const emptiestFirst = cellOrder === 'spread' ? 1 : -1;
  return positions.sort((a, b) => {
    const left = state.cells[a];
    const right = state.cells[b];
    if (left === undefined || right === undefined) return 0;
    const byDevices = devices === undefined ? 0 : (devices[a] ?? 0) - (devices[b] ?? 0);
    if (byDevices !== 0) return devicesFirst * byDevices;
    const byCpus = demand.pinned
      ? right.freeDedicatedCpus - left.freeDedicatedCpus
      : left.sharedCpusUsed - right.sharedCpusUsed;
    if (byCpus !== 0) return emptiestFirst * byCpus;
    return emptiestFirst * (freeMemoryMiB(right) - freeMemoryMiB(left));
  });
}

/** Memory that no server with a NUMA topology uses; negative when over-committed. */
export function freeMemoryMiB(cell: CellState): number {
  return cell.layout.memoryMiB - cell.memoryUsedMiB;
}

function devicesByCell(state: HostState): number[] {
  const { cells, pools } = state.layout;
  return cells.map((cell) =>
    pools.reduce(
      (sum, pool, index) => (pool.numaNode === cell.id ? sum + (state.pciFree[index] ?? 0) : sum),
      0,
    ),
  );
}
