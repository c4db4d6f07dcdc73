import { failedCheck, reservedCpus } from './cell-fit.ts';
import { cellsInOrder } from './cell-order.ts';
import type { FitOptions } from './fit-options.ts';
import type { DemandCell, GuestDemand } from './guest-demand.ts';
import type { HostState } from './host-state.ts';
import { missedNetwork } from './network-affinity.ts';
import { choosePageSize } from './page-size.ts';
import { takePciDevices } from './pci-pools.ts';
import { type CoreThreads, pack } from './thread-packing.ts';

/** Where one guest cell goes. */
interface FitCell {
  readonly hostCellId: number;
  readonly pinnedCpuCount: number;
  /** Emulator CPUs: 0 or 1. */
  readonly reservedCpuCount: number;
  /** Undefined when no page size was asked for. */
  readonly pageSizeKiB: number | undefined;
  /** Dedicated threads that go out of use, by core. */
  readonly threads: CoreThreads;
}

/** What Nova chooses on a host that takes the guest. */
export interface FoundFit {
  readonly fits: true;
  /** By guest cell; empty for a guest without a NUMA topology. */
  readonly cells: readonly FitCell[];
  /** [position of the pool in the host's facts, devices taken]. */
  readonly pci: readonly (readonly [pool: number, devices: number])[];
  /** Nova says that the guest fits and then fails to pin it (see `Packing.collides`): treat it as a no. */
  readonly collides: boolean;
}

/** `explainMisfit` tells why a guest does not fit. */
export type Fit = FoundFit | { readonly fits: false };

const noFit: Fit = { fits: false };

/**
 * Where a guest goes on a host, by the exact rules: the first assignment of guest cells to different host cells, in
 * Nova's order of trying, in which every pair fits, the PCI requests are served and the networks are near.
 *
 * Nova itself can deviate through bugs in its search; `mayDiffer` says where.
 * Source: `virt/hardware.py:numa_fit_instance_to_host`, `pci/stats.py`.
 */
export function fitGuest(state: HostState, demand: GuestDemand, options: FitOptions): Fit {
  if (demand.cells.length === 0) return fitDevicesOnly(state, demand);
  const chosen = chooseCells(state, demand, options);
  return chosen === undefined ? noFit : describeFit(state, demand, chosen);
}

/** Whether `fitGuest` finds a place, without saying which: the cheapest way to ask. */
export function canFit(state: HostState, demand: GuestDemand, options: FitOptions): boolean {
  if (demand.cells.length === 0) return fitDevicesOnly(state, demand).fits;
  return chooseCells(state, demand, options) !== undefined;
}

/** Whether chosen host cells (positions, by guest cell) serve devices and networks. */
function servesRest(
  state: HostState,
  demand: GuestDemand,
  options: FitOptions,
  chosen: readonly number[],
): boolean {
  const { pciRequests, networks } = demand;
  if (pciRequests.length > 0) {
    if (takePciDevices(state.layout, state.pciFree.slice(), pciRequests, chosen) !== undefined) return false;
  }
  if (networks === undefined || options.limits === undefined) return true;
  return missedNetwork(state, chosen, networks) === undefined;
}

/** Positions of the host cells that Nova chooses, by guest cell; undefined when there are none. */
export function chooseCells(
  state: HostState,
  demand: GuestDemand,
  options: FitOptions,
): readonly number[] | undefined {
  if (demand.cells.length > state.cells.length) return undefined;
  if (demand.cells.length > 1) return chooseManyCells(state, demand, options);
  const fitting: number[] = [];
  for (const [index, cell] of state.cells.entries()) {
    if (failedCheck(cell, demand, 0, options) === undefined) fitting.push(index);
  }
  if (fitting.length === 0) return undefined;
  const order = fitting.length === 1 ? fitting : cellsInOrder(state, demand, options);
  for (const index of order) {
    if (!fitting.includes(index)) continue;
    const chosen = [index];
    if (servesRest(state, demand, options, chosen)) return chosen;
  }
  return undefined;
}

/** The state of the search for several cells: host cells are tried in `order`, guest cells one after the other. */
interface Search {
  readonly state: HostState;
  readonly demand: GuestDemand;
  readonly options: FitOptions;
  readonly order: readonly number[];
  /** Whether guest cell g fits host cell h, at g × host cells + h; undefined where not asked yet. */
  readonly pairFits: (boolean | undefined)[];
  readonly chosen: number[];
  /**
   * Sets of host cells that no continuation completes. The rest of the search depends on the set alone, so that
   * hosts with many cells do not cost factorial time.
   */
  readonly hopeless: Set<string>;
}

function chooseManyCells(
  state: HostState,
  demand: GuestDemand,
  options: FitOptions,
): readonly number[] | undefined {
  const order = cellsInOrder(state, demand, options);
  const search: Search = { state, demand, options, order, pairFits: [], chosen: [], hopeless: new Set() };
  return extend(search) ? search.chosen : undefined;
}

function extend(search: Search): boolean {
  const { chosen, demand } = search;
  const guestCell = chosen.length;
  if (guestCell === demand.cells.length) return servesRest(search.state, demand, search.options, chosen);
  const key = guestCell < 2 ? undefined : chosen.toSorted((a, b) => a - b).join();
  if (key !== undefined && search.hopeless.has(key)) return false;
  for (const index of search.order) {
    if (chosen.includes(index) || !fitsPair(search, guestCell, index)) continue;
    chosen.push(index);
    if (extend(search)) return true;
    chosen.pop();
  }
  if (key !== undefined) search.hopeless.add(key);
  return false;
}

function fitsPair(search: Search, guestCell: number, index: number): boolean {
  const { state, demand, options, pairFits } = search;
  const key = guestCell * state.cells.length + index;
  const known = pairFits[key];
  if (known !== undefined) return known;
  const cell = state.cells[index];
  const fits = cell !== undefined && failedCheck(cell, demand, guestCell, options) === undefined;
  pairFits[key] = fits;
  return fits;
}

function fitDevicesOnly(state: HostState, demand: GuestDemand): Fit {
  const pci = devicesTaken(state, demand, undefined);
  return pci === undefined ? noFit : { fits: true, cells: [], pci, collides: false };
}

function describeFit(state: HostState, demand: GuestDemand, chosen: readonly number[]): Fit {
  const cells: FitCell[] = [];
  let collides = false;
  for (const [guestCell, guest] of demand.cells.entries()) {
    const cell = state.cells[chosen[guestCell] ?? -1];
    if (cell === undefined) continue;
    const pinnedCpuCount = demand.pinned ? guest.dedicatedVcpus : 0;
    const reservedCpuCount = reservedCpus(demand, guestCell);
    const packing = demand.pinned
      ? pack(cell, pinnedCpuCount, reservedCpuCount, demand.threadPolicy)
      : undefined;
    collides ||= packing?.collides ?? false;
    const pageSizeKiB = pageSizeOf(cell, guest);
    cells.push({
      hostCellId: cell.layout.id,
      pinnedCpuCount,
      reservedCpuCount,
      pageSizeKiB,
      threads: packing?.threads ?? [],
    });
  }
  return { fits: true, cells, pci: devicesTaken(state, demand, chosen) ?? [], collides };
}

function pageSizeOf(cell: HostState['cells'][number], guest: DemandCell): number | undefined {
  return guest.pageSize === undefined
    ? undefined
    : cell.layout.pageSizesKiB[choosePageSize(cell, guest, true)];
}

function devicesTaken(state: HostState, demand: GuestDemand, chosen: readonly number[] | undefined) {
  if (demand.pciRequests.length === 0) return [];
  const free = state.pciFree.slice();
  if (takePciDevices(state.layout, free, demand.pciRequests, chosen) !== undefined) return undefined;
  return Array.from(free, (left, pool) => [pool, (state.pciFree[pool] ?? 0) - left] as const).filter(
    ([, devices]) => devices > 0,
  );
}
