import type { NumaNetworks } from '../model/numa.ts';
import type { HostState } from './host-state.ts';

/**
 * The physical network, or `tunneled`, whose affinity the chosen cells miss; undefined when they miss none.
 *
 * Every network that has an affinity on this host must have it to one of the chosen cells; networks without any are
 * free. `chosen` are positions of host cells. Source: `virt/hardware.py:_numa_cells_support_network_metadata`.
 */
export function missedNetwork(
  state: HostState,
  chosen: readonly number[],
  wanted: NumaNetworks,
): string | undefined {
  const { cells } = state.layout;
  const isChosen = (index: number) => chosen.includes(index);
  const physnet = wanted.physnets.find(
    (name) =>
      cells.some((cell) => cell.physnets.includes(name)) &&
      !cells.some((cell, index) => isChosen(index) && cell.physnets.includes(name)),
  );
  if (physnet !== undefined) return physnet;
  if (!wanted.tunneled || !cells.some((cell) => cell.tunneled)) return undefined;
  return cells.some((cell, index) => isChosen(index) && cell.tunneled) ? undefined : 'tunneled';
}
