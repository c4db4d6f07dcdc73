import type { CompiledProblem } from '../compile/compiled.ts';

/**
 * How scarce a unit of each slot is. For all slots of one kind k (a capacity on all hosts, a quantity of all cells):
 *
 *     weight(k) = (Σ used today / Σ limit) / Σ limit
 *
 * so that weights × amounts of different units add up. Slots without limit weigh nothing.
 */
export function slotWeights({
  limit,
  usedToday,
  capacityCount,
  cellFits,
  hosts,
}: CompiledProblem): Float64Array {
  const weights = new Float64Array(limit.length);
  const weigh = (slots: readonly number[]): void => {
    let total = 0;
    let used = 0;
    for (const slot of slots) {
      if (limit[slot] === Infinity) continue;
      total += limit[slot] ?? 0;
      used += usedToday[slot] ?? 0;
    }
    for (const slot of slots) if (total > 0 && limit[slot] !== Infinity) weights[slot] = used / total / total;
  };
  for (let p = 0; p < capacityCount; p += 1) weigh(hosts.map((_, h) => p * hosts.length + h));
  for (const { base, cellCount, quantities } of cellFits)
    for (let q = 0; q < quantities; q += 1)
      weigh(
        hosts.flatMap((_, h) =>
          Array.from({ length: cellCount[h] ?? 0 }, (_cell, i) => (base[h] ?? 0) + i * quantities + q),
        ),
      );
  return weights;
}
