/** What a host could lose: an amount, and what moving it costs. */
export interface Load {
  readonly amount: number;
  readonly cost: number;
}

/** The cheapest way to lose an amount. */
interface Shed {
  /** No set that loses so much is cheaper. */
  readonly bound: number;
  /** Positions of a set that loses so much; undefined when all together do not. */
  readonly chosen: readonly number[] | undefined;
}

/** Up to this much is decided exactly, unit by unit. */
const mostUnits = 20_000;

/**
 * The cheapest of these loads that together are at least `excess`: a covering knapsack by dynamic programming over
 * whole units. Where there are too many units, the bound is that of fractions, and the set is near it.
 */
export function cheapestShed(loads: readonly Load[], excess: number): Shed {
  if (excess <= 0) return { bound: 0, chosen: [] };
  if (loads.reduce((sum, { amount }) => sum + amount, 0) < excess)
    return { bound: Infinity, chosen: undefined };
  return Math.ceil(excess) <= mostUnits ? shedExactly(loads, Math.ceil(excess)) : shedByPrice(loads, excess);
}

function shedExactly(loads: readonly Load[], excess: number): Shed {
  const best = new Float64Array(excess + 1).fill(Infinity);
  best[0] = 0;
  const takes = loads.map(({ amount, cost }) => {
    const taken = new Uint8Array(excess + 1);
    if (amount <= 0) return taken;
    for (let need = excess; need > 0; need -= 1) {
      const price = (best[Math.max(0, Math.ceil(need - amount))] ?? Infinity) + cost;
      if (price >= (best[need] ?? Infinity)) continue;
      best[need] = price;
      taken[need] = 1;
    }
    return taken;
  });
  const chosen: number[] = [];
  let need = excess;
  for (let i = loads.length - 1; i >= 0 && need > 0; i -= 1) {
    if (takes[i]?.[need] !== 1) continue;
    chosen.push(i);
    need = Math.max(0, Math.ceil(need - (loads[i]?.amount ?? 0)));
  }
  return { bound: best[excess] ?? Infinity, chosen };
}

function shedByPrice(loads: readonly Load[], excess: number): Shed {
  const order = [...loads.entries()]
    .filter(([, { amount }]) => amount > 0)
    .sort(([, a], [, b]) => a.cost / a.amount - b.cost / b.amount);
  const chosen: number[] = [];
  let bound = 0;
  let left = excess;
  for (const [i, { amount, cost }] of order) {
    if (left <= 0) break;
    bound += cost * Math.min(1, left / amount);
    left -= amount;
    chosen.push(i);
  }
  return { bound, chosen };
}
