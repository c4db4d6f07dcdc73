import type { MigrationCost, Term } from '../../objective/goal.ts';
import { pricesOfMoves } from '../../objective/move-terms.ts';
import type { Priority, Values } from '../../objective/priorities.ts';

/** A percent that a load changes by, about, when one server moves. */
const loadStep = 0.1;
/** A share of a GiB that copies differ by. */
const copyStep = 0.1;
/** Heavier, and sums would lose what they count of the last priority. */
const mostWeight = 1e9;

/**
 * Weights under which a sum of all values says about what comparing them one by one does: a step of one priority counts
 * for more than all that is at stake in those after it. For searches only; what an answer is worth is judged by
 * priority.
 */
export function weightsFor(priorities: readonly Priority[], atStake: Values): readonly number[] {
  const weights: number[] = [];
  let below = 0;
  for (const [i, priority] of [...priorities].reverse().entries()) {
    const weight = i === 0 ? 1 : Math.min(mostWeight, Math.max(1, (2 * below) / leastStep(priority.terms)));
    weights.unshift(weight);
    below += weight * Math.max(1, atStake[priorities.length - 1 - i] ?? 0);
  }
  return weights;
}

/** The terms of all priorities as those of one. */
export const weighted = (priorities: readonly Priority[], weights: readonly number[]): readonly Term[] =>
  priorities.flatMap(({ terms }, k) =>
    terms.map((term) => ({ ...scaled(term, weights[k] ?? 1), priority: 1 })),
  );

function leastStep(terms: readonly Term[]): number {
  const steps = terms.flatMap(stepsOf).filter((step) => step > 0);
  return steps.length === 0 ? 1 : Math.min(...steps);
}

/** By how much a term changes at least, about. */
function stepsOf(term: Term): readonly number[] {
  switch (term.kind) {
    case 'hosts-used':
      return [term.weight, ...(term.prices ?? []).map(({ weight }) => weight)];
    case 'load-above':
      return [term.weight * ('percent' in term.threshold ? loadStep : 1)];
    case 'load-above-mean':
      return term.thresholds.map(({ slope }) => term.weight * slope * loadStep);
    case 'highest-load':
      return [term.weight * loadStep];
    case 'stranded-capacity':
    case 'free-slots':
    case 'spread':
    case 'group-violations':
    case 'closeness':
    case 'most-moved':
    case 'servers-left':
      return [term.weight];
    case 'route-cost':
      return term.routes.map(({ price }) => term.weight * price);
    case 'migration-cost':
      return [term.perMove, ...pricesOfMoves(term).map((price) => price * copyStep)];
  }
}

function scaled(term: Term, by: number): Term {
  switch (term.kind) {
    case 'hosts-used':
      return {
        ...term,
        weight: by * term.weight,
        ...(term.prices !== undefined && {
          prices: term.prices.map((price) => ({ ...price, weight: by * price.weight })),
        }),
      };
    case 'migration-cost':
      return scaledPrices(term, by);
    case 'load-above':
    case 'load-above-mean':
    case 'highest-load':
    case 'stranded-capacity':
    case 'free-slots':
    case 'spread':
    case 'group-violations':
    case 'closeness':
    case 'route-cost':
    case 'most-moved':
    case 'servers-left':
      return { ...term, weight: by * term.weight };
  }
}

function scaledPrices(term: MigrationCost, by: number): MigrationCost {
  const {
    perMove,
    perGiB,
    perDiskGiB = 0,
    perDirtyMiBps = 0,
    perDowntimeSecond = 0,
    perMethod,
    perMetadata,
  } = term;
  return {
    ...term,
    perMove: by * perMove,
    perGiB: by * perGiB,
    perDiskGiB: by * perDiskGiB,
    perDirtyMiBps: by * perDirtyMiBps,
    perDowntimeSecond: by * perDowntimeSecond,
    perMethod: { live: by * (perMethod?.live ?? 0), cold: by * (perMethod?.cold ?? 0) },
    ...(perMetadata !== undefined && { perMetadata: { ...perMetadata, weight: by * perMetadata.weight } }),
  };
}
