import { at } from '../../shared/at.ts';
import { createEffort } from '../effort.ts';
import { headsOf, makespanBound } from './bound.ts';
import { type Compiled, compile } from './compiled.ts';
import { mostTasks, searchExactly } from './exact.ts';
import { firstTimetable, improve } from './improve.ts';
import { inRankOrder } from './in-rank-order.ts';
import type { MakespanBound, TimetableOptions, TimetableOutcome, TimetableProblem } from './problem.ts';
import type { Candidate } from './quality.ts';

/**
 * Finds when each task starts, so that the last one ends as early as possible, and then the sum of all ends is least.
 *
 * List schedules by several priorities come first and cost about n log n each. All else is done within
 * `options.effort`: where there are few tasks an exact search, which proves both, and then disturbed list schedules.
 */
export function solveTimetable(problem: TimetableProblem, options: TimetableOptions): TimetableOutcome {
  const compiled = compile(problem);
  if (compiled === undefined || !eachFitsAlone(compiled)) return { kind: 'infeasible' };
  const bound = makespanBound(compiled);
  const first = firstTimetable(compiled, bound.seconds, knownStarts(compiled, options));
  const proof = prove(compiled, { best: first, bound }, options);
  if (proof.best === undefined) return { kind: proof.isComplete ? 'infeasible' : 'unknown' };
  const best = proof.isComplete ? proof.best : improveRest(compiled, proof.best, proof.bound, options);
  return {
    kind: 'timetable',
    starts: new Map(inRankOrder(compiled, best.starts)),
    makespanSeconds: best.makespan,
    sumOfEndSeconds: best.sumOfEnds,
    bound: proof.bound,
    outcome: proof.isComplete ? 'optimal' : 'feasible',
  };
}

const eachFitsAlone = (problem: Compiled): boolean =>
  headsOf(problem).every((head) => head < Number.POSITIVE_INFINITY) && eachFindsEnough(problem);

const eachFindsEnough = ({ tasks, capacities }: Compiled): boolean =>
  tasks.every(({ uses }) => uses.every(({ resource, amount }) => amount <= at(capacities, resource)));

/** Seconds that every timetable of the problem takes at least; undefined where precedences have a cycle. */
export function boundOf(problem: TimetableProblem): MakespanBound | undefined {
  const compiled = compile(problem);
  return compiled === undefined ? undefined : makespanBound(compiled);
}

/** Undefined where a task is missing. */
function knownStarts({ tasks }: Compiled, { known }: TimetableOptions): Int32Array | undefined {
  const starts = tasks.flatMap(({ id }) => known?.get(id) ?? []);
  return starts.length === tasks.length ? Int32Array.from(starts) : undefined;
}

interface Known {
  readonly best: Candidate | undefined;
  readonly bound: MakespanBound;
}

/** Share of the effort that the exact search gets. */
const exactShare = 0.75;

/** Looks for the least makespan, if it is not proven, and then for the least sum of ends with it. */
function prove(
  problem: Compiled,
  { best, bound }: Known,
  options: TimetableOptions,
): Known & { readonly isComplete: boolean } {
  if (isLeast(problem, best, bound)) return { best, bound, isComplete: true };
  if (problem.tasks.length > mostTasks) return { best, bound, isComplete: false };
  const effort = createEffort(options.effort * exactShare);
  let proven = bound;
  let shortest = best;
  if (best === undefined || best.makespan > bound.seconds) {
    const found = searchExactly(problem, best, { kind: 'makespan' }, effort);
    shortest = found.best;
    if (shortest === undefined || !found.complete)
      return { best: shortest, bound, isComplete: found.complete };
    proven = { seconds: shortest.makespan, by: 'search' };
  }
  if (shortest === undefined) return { best, bound, isComplete: false };
  const found = searchExactly(problem, shortest, { kind: 'sum', deadline: shortest.makespan }, effort);
  return { best: found.best, bound: proven, isComplete: found.complete };
}

function improveRest(
  problem: Compiled,
  best: Candidate,
  bound: MakespanBound,
  { effort, seed }: TimetableOptions,
): Candidate {
  const isExact = problem.tasks.length <= mostTasks;
  const left = createEffort(isExact ? effort * (1 - exactShare) : effort);
  return improve(problem, best, left, seed, bound.seconds);
}

/** The makespan is at its bound, and every task ends as early as it could alone. */
function isLeast(problem: Compiled, one: Candidate | undefined, bound: MakespanBound): boolean {
  return one !== undefined && one.makespan === bound.seconds && one.sumOfEnds === leastSumOfEnds(problem);
}

function leastSumOfEnds(problem: Compiled): number {
  const heads = headsOf(problem);
  return problem.tasks.reduce((sum, { seconds }, index) => sum + at(heads, index) + seconds, 0);
}
