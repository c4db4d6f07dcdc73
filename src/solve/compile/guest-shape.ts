import type { GuestCellNeed } from '../../constraints/primitive.ts';

/** One way to put a guest's cells on NUMA cells of a host, and what that takes of them. */
export interface CellOption {
  /** For each guest cell the position of its NUMA cell on the host. */
  readonly cells: readonly number[];
  /** Slots relative to the host's first: position × quantities + quantity. */
  readonly offsets: Int32Array;
  readonly amounts: Float64Array;
}

/** The cells that a guest asks for; guests that ask the same share one shape. */
export interface GuestShape {
  readonly index: number;
  /** By guest cell: quantity and amount, no zeros. */
  readonly needs: readonly (readonly (readonly [number, number])[])[];
  /** Ways to put the guest on so many NUMA cells, without those that differ only in equal guest cells. */
  options(cellCount: number): { readonly list: readonly CellOption[]; readonly complete: boolean };
}

/** No more ways than this are listed for one guest on one host. */
const maxListed = 1000;

/** Slots a cell: 0 threads, 1 memory, then the page sizes in this order. */
export function quantityAmounts(need: GuestCellNeed, pageSizes: readonly number[]): [number, number][] {
  const amounts: [number, number][] = [
    [0, need.threads],
    [1, need.memoryMiB],
  ];
  for (const [size, pages] of need.pages) amounts.push([2 + pageSizes.indexOf(size), pages]);
  return amounts.filter(([, amount]) => amount !== 0).sort(([a], [b]) => a - b);
}

/** Makes a shape from the amounts of its guest cells (`quantityAmounts`). */
export function guestShape(index: number, needs: GuestShape['needs'], quantities: number): GuestShape {
  const known = new Map<number, ReturnType<GuestShape['options']>>();
  return {
    index,
    needs,
    options(cellCount) {
      let found = known.get(cellCount);
      if (found === undefined) {
        found = listOptions(needs, cellCount, quantities);
        known.set(cellCount, found);
      }
      return found;
    },
  };
}

/**
 * All injective maps of guest cells to NUMA cells; equal guest cells take NUMA cells in ascending order, so that no
 * two options take the same amounts of every cell.
 */
function listOptions(needs: GuestShape['needs'], cellCount: number, quantities: number) {
  const keys = needs.map((need) => need.join(';'));
  const twinBefore = keys.map((key, g) => keys.slice(0, g).lastIndexOf(key));
  const list: CellOption[] = [];
  const cells: number[] = [];
  let complete = true;

  function extend(): void {
    const guestCell = cells.length;
    if (guestCell === needs.length) {
      if (list.length < maxListed) list.push(optionOf(needs, cells, quantities));
      else complete = false;
      return;
    }
    const twin = twinBefore[guestCell] ?? -1;
    const from = twin < 0 ? 0 : (cells[twin] ?? 0) + 1;
    for (let cell = from; cell < cellCount && complete; cell += 1) {
      if (cells.includes(cell)) continue;
      cells.push(cell);
      extend();
      cells.pop();
    }
  }

  extend();
  return { list, complete };
}

function optionOf(needs: GuestShape['needs'], cells: readonly number[], quantities: number): CellOption {
  const offsets: number[] = [];
  const amounts: number[] = [];
  for (const [guestCell, need] of needs.entries())
    for (const [quantity, amount] of need) {
      offsets.push((cells[guestCell] ?? 0) * quantities + quantity);
      amounts.push(amount);
    }
  return { cells: [...cells], offsets: Int32Array.from(offsets), amounts: Float64Array.from(amounts) };
}
