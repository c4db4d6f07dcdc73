import { at } from '../../shared/at.ts';
import { amountTolerance, type CompiledProblem, type ServerClass } from '../compile/compiled.ts';
import type { Cover } from './cover.ts';
import { contentOf } from '../compile/masks.ts';

/** No more covers than this for one cell fit, the tightest ones. */
const maxCovers = 24;
/** No more sets of NUMA cells than this are looked at for one cell fit, the smallest first. */
const maxSets = 48;

/**
 * Covers for guest cells that only some NUMA cells can take: those with a page size, or with room, that others lack.
 * For a set of NUMA cells, the guest cells that can be nowhere else, and each quantity:
 *
 *     Σ over h of limit(the set's cells of h)·used(h) >= Σ over servers of the least that each takes of the set
 *
 * A server takes of the set what it holds there today or what those of its guest cells need that fit nowhere else,
 * whichever is less.
 */
export function findCellCovers(problem: CompiledProblem): readonly Cover[] {
  return problem.cellFits.flatMap((_, fit) => coversOf(problem, fit));
}

/** A set of NUMA cells, by position among all of a cell fit, and how many there are. */
interface CellSet {
  readonly cells: Uint8Array;
  readonly size: number;
}

function coversOf(problem: CompiledProblem, fit: number): Cover[] {
  const numbered = numberCells(problem, fit);
  const needs = needsOf(problem, fit, numbered);
  const sets = [...new Set([...needs.values()].flat().map(({ set }) => set))]
    .filter(({ size }) => size > 0 && size < numbered.firstSlot.length)
    .sort((a, b) => a.size - b.size)
    .slice(0, maxSets);
  return sets
    .flatMap((set, s) =>
      coversOfSet(problem, { fit, name: `cover cells ${fit} set ${s}`, set, needs, numbered }),
    )
    .sort((a, b) => b.tightness - a.tightness)
    .slice(0, maxCovers)
    .map(({ cover }) => cover);
}

/** NUMA cells of a cell fit in one row. */
interface Numbered {
  readonly firstSlot: Int32Array;
  readonly hostOf: Int32Array;
  /** Position of a host's first cell; -1 for hosts that the cell fit does not know. */
  readonly firstOf: Int32Array;
}

function numberCells({ hosts, cellFits }: CompiledProblem, fit: number): Numbered {
  const { base, cellCount, quantities } = at(cellFits, fit);
  const firstSlot: number[] = [];
  const hostOf: number[] = [];
  const firstOf = Int32Array.from(hosts, (_, h) => {
    if (at(base, h) < 0) return -1;
    const first = firstSlot.length;
    for (let i = 0; i < at(cellCount, h); i += 1) {
      firstSlot.push(at(base, h) + i * quantities);
      hostOf.push(h);
    }
    return first;
  });
  return { firstSlot: Int32Array.from(firstSlot), hostOf: Int32Array.from(hostOf), firstOf };
}

/** What a guest cell needs, and where it can be. */
interface PlacedNeed {
  readonly need: readonly (readonly [number, number])[];
  readonly set: CellSet;
}

/** By class, its guest cells; a class that may go to hosts without known cells has none that are bound to any. */
function needsOf(problem: CompiledProblem, fit: number, numbered: Numbered): Map<number, PlacedNeed[]> {
  const known = new Map<string, CellSet>();
  const byContent = new Map<string, CellSet>();
  const needs = new Map<number, PlacedNeed[]>();
  for (const ofClass of problem.classes) {
    const shape = ofClass.guests[fit];
    if (shape === undefined) continue;
    if (ofClass.allowed.some((flag, h) => flag === 1 && at(numbered.firstOf, h) < 0)) continue;
    needs.set(
      ofClass.index,
      shape.needs.map((need) => {
        const key = `${ofClass.allowedIndex} ${need.join(';')}`;
        const set = known.get(key) ?? intern(byContent, cellsFor(problem, ofClass, need, numbered));
        known.set(key, set);
        return { need, set };
      }),
    );
  }
  return needs;
}

function cellsFor(
  { limit }: CompiledProblem,
  { allowed }: ServerClass,
  need: readonly (readonly [number, number])[],
  { firstSlot, hostOf }: Numbered,
): Uint8Array {
  const cells = new Uint8Array(firstSlot.length);
  for (let k = 0; k < cells.length; k += 1) {
    if (allowed[hostOf[k] ?? -1] !== 1) continue;
    const fits = need.every(([q, amount]) => amount <= at(limit, at(firstSlot, k) + q) + amountTolerance);
    if (fits) cells[k] = 1;
  }
  return cells;
}

function intern(known: Map<string, CellSet>, cells: Uint8Array): CellSet {
  const key = contentOf(cells);
  const found = known.get(key) ?? { cells, size: cells.reduce((sum, flag) => sum + flag, 0) };
  known.set(key, found);
  return found;
}

interface SetContext {
  readonly fit: number;
  readonly name: string;
  readonly set: CellSet;
  readonly needs: ReadonlyMap<number, readonly PlacedNeed[]>;
  readonly numbered: Numbered;
}

/** A cover a quantity of one set, and how much of its limits it takes. */
function coversOfSet(problem: CompiledProblem, context: SetContext) {
  const { fit, name, set, numbered } = context;
  const { quantities } = at(problem.cellFits, fit);
  const amounts = amountsIn(problem, context);
  const covers: { readonly cover: Cover; readonly tightness: number }[] = [];
  for (let q = 0; q < quantities; q += 1) {
    const amount = at(amounts, q);
    if (amount <= 0) continue;
    const limits = new Map<number, number>();
    for (let k = 0; k < set.cells.length; k += 1) {
      if (set.cells[k] !== 1) continue;
      const h = at(numbered.hostOf, k);
      limits.set(h, (limits.get(h) ?? 0) + at(problem.limit, at(numbered.firstSlot, k) + q));
    }
    const total = [...limits.values()].reduce((sum, limit) => sum + limit, 0);
    if (total === Infinity) continue;
    const cover = { name: `${name} ${q}`, hosts: [...limits.keys()], limits: [...limits.values()], amount };
    covers.push({ cover, tightness: amount / Math.max(1, total) });
  }
  return covers;
}

/** By quantity, the least that all servers together take of a set. */
function amountsIn(problem: CompiledProblem, context: SetContext): Float64Array {
  const { cellFits, classOf, start } = problem;
  const { quantities } = at(cellFits, context.fit);
  const { firstOf } = context.numbered;
  const asked = askedOf(context, quantities);
  const total = new Float64Array(quantities);
  for (const [v, h] of start.entries()) {
    const c = at(classOf, v);
    const wanted = asked.get(c);
    if (at(firstOf, h) < 0 || (c >= 0 && wanted === undefined)) continue;
    const held = heldIn(problem, context, v);
    for (let q = 0; q < quantities; q += 1)
      total[q] = at(total, q) + Math.min(at(held, q), wanted === undefined ? Infinity : at(wanted, q));
  }
  return total;
}

/** By class, what those of its guest cells need that fit nowhere but in the set; none for classes without any. */
function askedOf({ set, needs }: SetContext, quantities: number): Map<number, Float64Array> {
  const inside = new Map<CellSet, boolean>();
  const isInside = (other: CellSet): boolean => {
    const known =
      inside.get(other) ?? (other.size <= set.size && other.cells.every((f, k) => f <= at(set.cells, k)));
    inside.set(other, known);
    return known;
  };
  const asked = new Map<number, Float64Array>();
  for (const [c, guestCells] of needs) {
    const sum = new Float64Array(quantities);
    for (const { need, set: own } of guestCells)
      if (isInside(own)) for (const [q, amount] of need) sum[q] = at(sum, q) + amount;
    if (sum.some((amount) => amount > 0)) asked.set(c, sum);
  }
  return asked;
}

/** By quantity, what a server holds of a set today. */
function heldIn(
  { cellFits, start, holdings, holdingOf }: CompiledProblem,
  { fit, set, numbered }: SetContext,
  v: number,
): Float64Array {
  const { base, cellCount, quantities } = at(cellFits, fit);
  const h = at(start, v);
  const held = new Float64Array(quantities);
  const { slots, amounts } = at(holdings, at(holdingOf, v));
  for (const [i, slot] of slots.entries()) {
    const offset = slot - at(base, h);
    if (offset < 0 || offset >= at(cellCount, h) * quantities) continue;
    const cell = at(numbered.firstOf, h) + Math.floor(offset / quantities);
    if (set.cells[cell] === 1) held[offset % quantities] = at(held, offset % quantities) + at(amounts, i);
  }
  return held;
}
