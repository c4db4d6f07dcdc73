import { createRng, type Rng } from '../../shared/rng.ts';
import { at } from '../../shared/at.ts';
import { type Compiled, mirrored } from './compiled.ts';
import { listSchedule } from './list-schedule.ts';
import { type Candidate, isBetter, measured } from './quality.ts';
import { priorityRules } from './priorities.ts';
import type { Effort } from '../effort.ts';

/** The best timetable of all priority rules, each improved backwards and forwards; undefined when none works out. */
export function firstTimetable(problem: Compiled): Candidate | undefined {
  let best: Candidate | undefined;
  for (const priorities of priorityRules(problem)) {
    const candidate = forward(problem, priorities);
    if (candidate === undefined) continue;
    const improved = backAndForth(problem, candidate);
    if (isBetter(improved, best)) best = improved;
  }
  return best;
}

/**
 * List schedules by disturbed priorities: near the starts of the best timetable, over a part of it or all, until the
 * work is used up or the makespan and the sum of ends are known to be least.
 */
export function improve(
  problem: Compiled,
  first: Candidate,
  work: Effort,
  seed: number,
  isGoodEnough: (candidate: Candidate) => boolean,
): Candidate {
  const rng = createRng(seed);
  let best = first;
  while (!isGoodEnough(best) && work.spend(problem.tasks.length)) {
    const candidate = forward(problem, disturbed(problem, best, rng));
    if (candidate !== undefined && isBetter(candidate, best)) best = candidate;
  }
  return best;
}

/** Starts of the best, with those in a window of time pulled forward or put off. */
function disturbed({ tasks }: Compiled, best: Candidate, rng: Rng): Float64Array {
  const width = (best.makespan * (1 + rng.nextInt(8))) / 8;
  const from = rng.nextFloat() * (best.makespan - width);
  const reach = width * rng.nextFloat();
  const shorterFirst = rng.nextInt(3) === 0 ? rng.nextFloat() : 0;
  return Float64Array.from(best.starts, (start, index) => {
    if (start < from || start > from + width) return start;
    return start + (rng.nextFloat() - 0.5) * reach + shorterFirst * at(tasks, index).seconds;
  });
}

function forward(problem: Compiled, priorities: ArrayLike<number>): Candidate | undefined {
  const starts = listSchedule(problem, priorities);
  return starts === undefined ? undefined : measured(problem, starts);
}

const mostRounds = 4;

/**
 * Pushes everything as late as it can be, then as early as it can be again, each time those first that were last
 * (or first) to end; on as long as that helps.
 */
function backAndForth(problem: Compiled, first: Candidate): Candidate {
  let best = first;
  for (let round = 1; round <= mostRounds; round += 1) {
    const { starts, makespan } = best;
    const mirror = mirrored(problem, makespan);
    const last = starts.length - 1;
    const lateFirst = mirror.tasks.map(({ seconds }, index) => -(at(starts, last - index) + seconds));
    const backwards = listSchedule(mirror, lateFirst);
    if (backwards === undefined) return best;
    const asLate = problem.tasks.map(({ seconds }, index) => -(at(backwards, last - index) + seconds));
    const candidate = forward(problem, asLate);
    if (candidate === undefined || !isBetter(candidate, best)) return best;
    best = candidate;
  }
  return best;
}
