import { at } from '../../shared/at.ts';
import type { Loads } from './compile-objective.ts';
import type { Slots } from './compile-slots.ts';
import type { Holding } from './compiled.ts';
import { quantityAmounts } from './guest-shape.ts';
import type { Indexed } from './indexed.ts';

/** What each server holds where it is today, equal holdings folded. */
export function compileHoldings(indexed: Indexed, slots: Slots, loads: Loads) {
  const entries: number[][] = indexed.servers.map(() => []);
  addCapacities(indexed, slots, entries);
  addCells(indexed, slots, entries);
  const holdings: Holding[] = [];
  const known = new Map<string, number>();
  const holdingOf = Int32Array.from(indexed.servers, (_, server) => {
    const host = indexed.start[server] ?? -1;
    const load = loads.held(server);
    const held = entries[server] ?? [];
    const key = `${host}|${held.join()}|${load.join()}`;
    const found = known.get(key) ?? holdings.push(holdingFrom(host, held, load)) - 1;
    known.set(key, found);
    return found;
  });
  return { holdingOf, holdings };
}

function addCapacities(indexed: Indexed, slots: Slots, entries: number[][]): void {
  const hostCount = indexed.hosts.length;
  for (const [p, capacity] of indexed.capacities.entries()) {
    if (capacity.untilEnd === true) continue;
    for (const [server, amount] of capacity.demand) if (!capacity.held.has(server)) add(server, amount, p);
    for (const [server, amount] of capacity.held) add(server, amount, p);
  }
  function add(server: Parameters<Indexed['serverIndex']['get']>[0], amount: number, p: number): void {
    const v = indexed.serverIndex.get(server);
    if (v === undefined || amount === 0) return;
    const slot = p * hostCount + at(indexed.start, v);
    if (slots.limit[slot] !== Infinity) entries[v]?.push(slot, amount);
  }
}

function addCells(indexed: Indexed, slots: Slots, entries: number[][]): void {
  for (const [f, fit] of indexed.cellFits.entries()) {
    const compiled = at(slots.cellFits, f);
    const pageSizes = at(slots.pageSizes, f);
    for (const [server, held] of fit.held) {
      const v = indexed.serverIndex.get(server);
      if (v === undefined) continue;
      const host = at(indexed.start, v);
      for (const { cell, need } of held) {
        const position = at(compiled.cellIds, host).indexOf(cell);
        if (position < 0) continue; // the primitive does not know that cell, so nothing limits it
        const first = at(compiled.base, host) + position * compiled.quantities;
        for (const [quantity, amount] of quantityAmounts(need, pageSizes))
          entries[v]?.push(first + quantity, amount);
      }
    }
  }
}

function holdingFrom(host: number, entries: readonly number[], load: Float64Array): Holding {
  return {
    host,
    slots: Int32Array.from(entries.filter((_, i) => i % 2 === 0)),
    amounts: Float64Array.from(entries.filter((_, i) => i % 2 === 1)),
    load,
  };
}
