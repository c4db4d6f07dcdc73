import { at } from '../../shared/at.ts';
import type { CompiledProblem } from '../compile/compiled.ts';
import { slotWeights } from './slot-weights.ts';

/**
 * How hard a server of each class is to place: Σ weight × amount over capacities and cells, on an average host; those
 * with most guest cells and fewest allowed hosts come first of all.
 */
export function classSizes(problem: CompiledProblem): Float64Array {
  const weights = slotWeights(problem);
  const hostCount = Math.max(1, problem.hosts.length);
  const mean = (first: number, step: number): number => {
    let sum = 0;
    for (let i = 0; i < hostCount; i += 1) sum += weights[first + i * step] ?? 0;
    return sum / hostCount;
  };
  const ofCapacity = Array.from({ length: problem.capacityCount }, (_, p) => mean(p * hostCount, 1));
  return Float64Array.from(problem.classes, (ofClass) => {
    let size = 0;
    for (const [i, p] of ofClass.capacities.entries()) size += at(ofCapacity, p) * at(ofClass.amounts, i);
    for (const [f, shape] of ofClass.guests.entries()) {
      const { base, quantities } = at(problem.cellFits, f);
      const known = base.find((first) => first >= 0);
      if (shape === undefined || known === undefined) continue;
      for (const need of shape.needs)
        for (const [q, amount] of need) size += (weights[known + (q % quantities)] ?? 0) * amount;
      size *= shape.needs.length; // two cells at once are harder to find than one twice as big
    }
    return size;
  });
}
