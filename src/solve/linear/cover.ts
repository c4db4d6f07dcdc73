import { at } from '../../shared/at.ts';
import type { CompiledProblem } from '../compile/compiled.ts';

/**
 * What the used hosts of a set must hold, of one capacity or of one quantity of NUMA cells: the servers that can be
 * nowhere else than in the set,
 *
 *     Σ over h in set of limit(h)·used(h) >= Σ over these servers of the least that each takes
 */
export interface Cover {
  readonly name: string;
  /** Which capacity it is about; undefined for NUMA cells. */
  readonly capacity?: number;
  readonly hosts: readonly number[];
  readonly limits: readonly number[];
  readonly amount: number;
}

/** No more sets of hosts than this are looked at, those of the most servers first. */
const maxSets = 24;

/** Covers for each set of allowed hosts, and for all hosts. */
export function findHostCovers(problem: CompiledProblem): readonly Cover[] {
  const { hosts, start, capacityCount, cellFits, limit } = problem;
  const sets = setsOf(problem);
  const covers: Cover[] = [];
  const add = (
    name: string,
    limitOf: (h: number) => number,
    amountOf: (v: number) => number,
    capacity?: number,
  ): void => {
    const limits = Float64Array.from(hosts.keys(), limitOf);
    const amounts = Float64Array.from(start.keys(), amountOf);
    for (const [s, { members, servers }] of sets.entries()) {
      let amount = 0;
      for (const v of servers) amount += amounts[v] ?? 0;
      const own = members.map((h) => at(limits, h));
      if (amount > 0 && !own.includes(Infinity))
        covers.push({
          name: `${name} ${s}`,
          hosts: members,
          limits: own,
          amount,
          ...(capacity === undefined ? {} : { capacity }),
        });
    }
  };
  for (let p = 0; p < capacityCount; p += 1)
    add(
      `cover ${p}`,
      (h) => at(limit, p * hosts.length + h),
      (v) => leastOf(problem, v, p),
      p,
    );
  for (const [f, { base, cellCount, quantities }] of cellFits.entries())
    for (let q = 0; q < quantities; q += 1)
      add(
        `cover cells ${f} ${q}`,
        (h) => {
          let sum = at(base, h) < 0 ? Infinity : 0;
          for (let i = 0; i < at(cellCount, h); i += 1) sum += at(limit, at(base, h) + i * quantities + q);
          return sum;
        },
        (v) => leastOfCells(problem, v, f, q),
      );
  return covers;
}

/** Sets of hosts, each with the servers that cannot be outside of it. */
function setsOf({ hosts, classes, classOf, start }: CompiledProblem) {
  const masks = new Map<number, { readonly mask: Uint8Array; size: number }>();
  for (const { allowed, allowedIndex, members } of classes) {
    const known = masks.get(allowedIndex) ?? { mask: allowed, size: 0 };
    known.size += members.length;
    masks.set(allowedIndex, known);
  }
  const all = { mask: new Uint8Array(hosts.length).fill(1), size: Infinity };
  const chosen = [all, ...masks.values()].sort((a, b) => b.size - a.size).slice(0, maxSets);
  return chosen.map(({ mask }) => {
    const inside = new Set<number>();
    for (const { index, allowed } of classes)
      if (allowed.every((flag, h) => flag <= at(mask, h))) inside.add(index);
    return {
      members: hosts.map((_, h) => h).filter((h) => mask[h] === 1),
      servers: [...start.keys()].filter((v) => {
        const c = at(classOf, v);
        return mask[at(start, v)] === 1 && (c < 0 || inside.has(c));
      }),
    };
  });
}

/** What a server takes of a capacity, at home or elsewhere, whichever is less; fixed servers are at home. */
export function leastOf(
  { holdings, holdingOf, classes, classOf, hosts, start, limit }: CompiledProblem,
  v: number,
  p: number,
): number {
  const home = p * hosts.length + at(start, v);
  const { slots, amounts } = at(holdings, at(holdingOf, v));
  const index = slots.indexOf(home);
  const held = index < 0 ? 0 : at(amounts, index);
  const ofClass = classes[at(classOf, v)];
  const own = ofClass?.capacities.indexOf(p) ?? -1;
  if (ofClass === undefined) return held;
  const demand = own < 0 ? 0 : at(ofClass.amounts, own);
  return limit[home] === Infinity ? demand : Math.min(held, demand);
}

/** Likewise, of one quantity of all NUMA cells of a host together. */
function leastOfCells(problem: CompiledProblem, v: number, f: number, q: number): number {
  const { holdings, holdingOf, classes, classOf, cellFits, start } = problem;
  const { base, cellCount, quantities } = at(cellFits, f);
  const { slots, amounts } = at(holdings, at(holdingOf, v));
  const first = at(base, at(start, v));
  const end = first + at(cellCount, at(start, v)) * quantities;
  let held = 0;
  for (const [i, slot] of slots.entries())
    if (slot >= first && slot < end && (slot - first) % quantities === q) held += at(amounts, i);
  const ofClass = classes[at(classOf, v)];
  if (ofClass === undefined) return held;
  let demand = 0;
  for (const need of ofClass.guests[f]?.needs ?? [])
    for (const [quantity, amount] of need) if (quantity === q) demand += amount;
  return Math.min(held, demand);
}
