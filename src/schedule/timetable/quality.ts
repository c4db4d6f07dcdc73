import { at } from '../../shared/at.ts';
import type { Compiled } from './compiled.ts';

/** A timetable and how good it is. */
export interface Candidate {
  readonly starts: Int32Array;
  readonly makespan: number;
  readonly sumOfEnds: number;
}

export function measured({ tasks }: Compiled, starts: Int32Array): Candidate {
  let makespan = 0;
  let sumOfEnds = 0;
  for (const [index, { seconds }] of tasks.entries()) {
    const end = at(starts, index) + seconds;
    makespan = Math.max(makespan, end);
    sumOfEnds += end;
  }
  return { starts, makespan, sumOfEnds };
}

/** Shorter, or as short with a smaller sum of ends. */
export const isBetter = (one: Candidate, than: Candidate | undefined): boolean =>
  than === undefined ||
  one.makespan < than.makespan ||
  (one.makespan === than.makespan && one.sumOfEnds < than.sumOfEnds);
