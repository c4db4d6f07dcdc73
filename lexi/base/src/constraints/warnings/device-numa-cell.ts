import type { Arrival } from '../arrival.ts';
import type { StateView } from '../state-view.ts';
import type { Notice, WarningRule } from '../warning-rule.ts';
import { cellNames, chosenOn, heldNow } from './chosen-cells.ts';

/**
 * A NIC or another PCI device comes to lie on a NUMA cell on which its server has no CPUs, where it was near before;
 * or a network that is near to the server's cells now is near to no cell that its new host names. The migration
 * succeeds, and its traffic crosses cells.
 *
 * Source: reference item 84 (RHOSP 13, chapter 11.8), 3.8, 3.9.
 */
export const deviceNumaCell: WarningRule = {
  id: 'device-numa-cell',
  summary: 'NICs or other devices come to lie on other NUMA cells than the CPUs of their servers',
  onArrival: (arrival, state) => [...farDevices(arrival, state), ...farNetworks(arrival, state)],
};

interface Held {
  readonly cells: readonly { readonly hostCellId: number }[];
  readonly pci: readonly (readonly [pool: number, devices: number])[];
}

function farDevices({ server, from, to }: Arrival, state: StateView): readonly Notice[] {
  const then = chosenOn(server.id, to, state);
  const far = then === undefined ? [] : farCells(then, to, state);
  if (then === undefined || far.length === 0) return [];
  const now = heldNow(server.id, state);
  if (now !== undefined && farCells(now, from, state).length > 0) return [];
  const cpus = cellNames(then.cells.map((cell) => cell.hostCellId));
  const text = `a PCI device of server ${server.name} would be on ${cellNames(far)} of host ${to}, its CPUs on ${cpus}`;
  return [{ text, servers: [server.id], host: to }];
}

/** NUMA cells of devices that are none of the cells of the CPUs. */
function farCells({ cells, pci }: Held, host: Arrival['to'], state: StateView): readonly number[] {
  const pools = state.hostState(host)?.layout.pools ?? [];
  const near = new Set(cells.map((cell) => cell.hostCellId));
  return pci.flatMap(([pool]) => {
    const cell = pools[pool]?.numaNode;
    return near.size === 0 || cell === undefined || near.has(cell) ? [] : [cell];
  });
}

function farNetworks({ server, from, to }: Arrival, state: StateView): readonly Notice[] {
  const here = new Set(heldNow(server.id, state)?.cells.map((cell) => cell.hostCellId));
  const layout = state.hostState(to)?.layout;
  if (layout === undefined || here.size === 0) return [];
  const networks = new Set((server.ports ?? []).flatMap(({ physicalNetwork }) => physicalNetwork ?? []));
  const lost = [...networks].filter(
    (network) =>
      (state.hostState(from)?.layout.cells ?? []).some(
        ({ id, physnets }) => here.has(id) && physnets.includes(network),
      ) && layout.cells.every(({ physnets }) => !physnets.includes(network)),
  );
  return lost.map((network) => ({
    text: `network ${network} is near to server ${server.name} now; host ${to} names no NUMA cell for it`,
    servers: [server.id],
    host: to,
  }));
}
