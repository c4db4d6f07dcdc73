import type { CellOffer, GuestCellNeed } from '../constraints/primitive.ts';
import { at } from '../shared/at.ts';
import { amountTolerance } from './compile/compiled.ts';

/** What is free of a NUMA cell; may be below zero where it is overfull. */
export interface FreeCell {
  readonly id: number;
  threads: number;
  memoryMiB: number;
  readonly pages: Map<number, number>;
}

/** A NUMA cell with nothing of the cloud's servers on it. */
export const freeCell = ({ id, threads, memoryMiB, pages }: CellOffer): FreeCell => ({
  id,
  threads,
  memoryMiB,
  pages: new Map(pages),
});

/** Takes (sign 1) or gives back (sign -1) what a guest cell needs. */
export function take(cell: FreeCell, need: GuestCellNeed, sign: number): void {
  cell.threads -= sign * need.threads;
  cell.memoryMiB -= sign * need.memoryMiB;
  for (const [size, pages] of need.pages) cell.pages.set(size, (cell.pages.get(size) ?? 0) - sign * pages);
}

/** Whether a guest cell fits on what is free. */
export function hasRoom(cell: FreeCell, need: GuestCellNeed): boolean {
  const within = (amount: number, free: number): boolean => amount === 0 || amount <= free + amountTolerance;
  if (!within(need.threads, cell.threads) || !within(need.memoryMiB, cell.memoryMiB)) return false;
  for (const [size, pages] of need.pages) if (!within(pages, cell.pages.get(size) ?? 0)) return false;
  return true;
}

/** No packing is searched for longer than so many guest cells have been tried. */
const maxTrials = 200_000;

/**
 * Puts each guest's cells on NUMA cells, no two of one guest on the same: biggest guests first, with backtracking.
 * `free` is used up. Undefined when no packing was found, which is a proof only where few guests arrive.
 *
 * @returns positions of NUMA cells by guest cell, in the order of the guests
 */
export function packGuests(
  free: readonly FreeCell[],
  guests: readonly (readonly GuestCellNeed[])[],
): readonly (readonly number[])[] | undefined {
  const order = guests.map((_, i) => i).sort((a, b) => sizeOf(at(guests, b)) - sizeOf(at(guests, a)));
  const found: number[][] = guests.map(() => []);
  let trials = 0;

  function putNext(position: number): boolean {
    const index = order[position];
    if (index === undefined) return true;
    const guest = at(guests, index);
    const taken = at(found, index);
    const need = guest[taken.length];
    if (need === undefined) return putNext(position + 1);
    for (const [i, cell] of free.entries()) {
      trials += 1;
      if (trials > maxTrials) return false;
      if (taken.includes(i) || !hasRoom(cell, need)) continue;
      take(cell, need, 1);
      taken.push(i);
      if (putNext(position)) return true;
      taken.pop();
      take(cell, need, -1);
    }
    return false;
  }

  return putNext(0) ? found : undefined;
}

function sizeOf(guest: readonly GuestCellNeed[]): number {
  return guest.reduce((sum, need) => {
    let pagesMiB = 0;
    for (const [size, pages] of need.pages) pagesMiB += (size * pages) / 1024;
    return sum + need.threads * 4096 + need.memoryMiB + pagesMiB; // about as scarce: a thread and 4 GiB
  }, 0);
}
