import type { Capacity, CellFit } from '../../constraints/primitive.ts';
import type { CompiledCellFit } from './compiled.ts';
import { type GuestShape, guestShape, quantityAmounts } from './guest-shape.ts';
import type { Indexed } from './indexed.ts';

/** All limits by slot, as the primitives state them. */
export interface Slots {
  readonly limit: Float64Array;
  readonly cellFits: readonly CompiledCellFit[];
  /** By cell fit: sizes of pages in the order of the slots. */
  readonly pageSizes: readonly (readonly number[])[];
  /** By cell fit and server: what the guest asks for. */
  readonly shapes: readonly ReadonlyMap<number, GuestShape>[];
}

/** Numbers the slots: capacities by host first, then NUMA cells by cell fit and host. */
export function compileSlots(indexed: Indexed): Slots {
  const hostCount = indexed.hosts.length;
  const limits: number[] = new Array<number>(indexed.capacities.length * hostCount).fill(Infinity);
  for (const [p, capacity] of indexed.capacities.entries())
    for (const [host, limit] of capacity.limits) {
      const h = indexed.hostIndex.get(host);
      if (h !== undefined) limits[p * hostCount + h] = limit;
    }
  for (const [p, capacity] of indexed.capacities.entries())
    if (capacity.untilEnd === true) takeToday(indexed, capacity, p, limits);
  const pageSizes = indexed.cellFits.map(pageSizesOf);
  const cellFits = indexed.cellFits.map((fit, f) => addCells(indexed, fit, pageSizes[f] ?? [], limits));
  const shapes = indexed.cellFits.map((fit, f) => compileShapes(indexed, fit, pageSizes[f] ?? []));
  return { limit: Float64Array.from(limits), cellFits, pageSizes, shapes };
}

/**
 * Of a capacity that departures do not free, what is taken today is taken at the end whatever moves: arrivals share
 * the rest, and who stays takes no more (`compileHoldings`).
 */
function takeToday(indexed: Indexed, { held, demand }: Capacity, p: number, limits: number[]): void {
  for (const [v, server] of indexed.servers.entries()) {
    const slot = p * indexed.hosts.length + (indexed.start[v] ?? -1);
    limits[slot] = Math.max(0, (limits[slot] ?? Infinity) - (held.get(server) ?? demand.get(server) ?? 0));
  }
}

function pageSizesOf(fit: CellFit): number[] {
  const sizes = new Set<number>();
  for (const cells of fit.hosts.values())
    for (const cell of cells) for (const size of cell.pages.keys()) sizes.add(size);
  for (const needs of fit.guests.values())
    for (const need of needs) for (const size of need.pages.keys()) sizes.add(size);
  for (const held of fit.held.values())
    for (const { need } of held) for (const size of need.pages.keys()) sizes.add(size);
  return [...sizes].sort((a, b) => a - b);
}

function addCells(
  indexed: Indexed,
  fit: CellFit,
  pageSizes: readonly number[],
  limits: number[],
): CompiledCellFit {
  const base = new Int32Array(indexed.hosts.length).fill(-1);
  const cellCount = new Int32Array(indexed.hosts.length);
  const cellIds: number[][] = indexed.hosts.map(() => []);
  for (const [host, offers] of fit.hosts) {
    const h = indexed.hostIndex.get(host);
    if (h === undefined) continue;
    base[h] = limits.length;
    cellCount[h] = offers.length;
    cellIds[h] = offers.map((offer) => offer.id);
    for (const offer of offers) {
      limits.push(offer.threads, offer.memoryMiB);
      for (const size of pageSizes) limits.push(offer.pages.get(size) ?? 0);
    }
  }
  return { base, cellCount, cellIds, quantities: 2 + pageSizes.length };
}

function compileShapes(
  indexed: Indexed,
  fit: CellFit,
  pageSizes: readonly number[],
): Map<number, GuestShape> {
  const known = new Map<string, GuestShape>();
  const shapes = new Map<number, GuestShape>();
  for (const [server, cells] of fit.guests) {
    const v = indexed.serverIndex.get(server);
    if (v === undefined || cells.length === 0) continue;
    const needs = cells.map((cell) => quantityAmounts(cell, pageSizes));
    const key = needs.map((need) => need.join(';')).join('|');
    const shape = known.get(key) ?? guestShape(known.size, needs, 2 + pageSizes.length);
    known.set(key, shape);
    shapes.set(v, shape);
  }
  return shapes;
}
