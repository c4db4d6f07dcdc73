import { createRng, type Rng } from '../../shared/rng.ts';
import { at } from '../../shared/at.ts';
import { type Balance, balancedSchedule } from './balanced-schedule.ts';
import { type Compiled, mirrored } from './compiled.ts';
import { keepsAll } from './keeps-all.ts';
import { listSchedule } from './list-schedule.ts';
import { type Candidate, isBetter, measured } from './quality.ts';
import { priorityRules } from './priorities.ts';
import type { Effort } from '../effort.ts';

/** The best timetable of what is known, if it keeps all that is asked, of all priority rules and of balanced loads, each improved backwards and forwards; undefined when none works out. */
export function firstTimetable(
  problem: Compiled,
  bound: number,
  known: Int32Array | undefined,
): Candidate | undefined {
  let best: Candidate | undefined;
  const keep = (candidate: Candidate | undefined): void => {
    if (candidate === undefined) return;
    const improved = backAndForth(problem, candidate);
    if (isBetter(improved, best)) best = improved;
  };
  if (known !== undefined && keepsAll(problem, known)) keep(measured(problem, known));
  for (const priorities of priorityRules(problem)) keep(forward(problem, priorities));
  const noBonus = new Float64Array(problem.tasks.length);
  for (const steepness of steepnesses)
    if (wantsBalance(problem, best, bound)) keep(balanced(problem, { steepness, bonus: noBonus }));
  return best;
}

const steepnesses = [1, 4];

/** Tasks up to which balanced schedules pay: they look at all that have not started at every instant. */
const mostBalanced = 2000;
/** Passes of a list schedule that a balanced one takes about as long as. */
const balancedCost = 4;

/** Balancing helps to end sooner, not to end more of them early. */
const wantsBalance = ({ tasks }: Compiled, best: Candidate | undefined, bound: number): boolean =>
  tasks.length <= mostBalanced && (best === undefined || best.makespan > bound);

/**
 * List schedules by disturbed priorities: near the starts of the best timetable, over a part of it or all, in turn with
 * disturbed balanced ones, until the work is used up.
 */
export function improve(
  problem: Compiled,
  first: Candidate,
  work: Effort,
  seed: number,
  bound: number,
): Candidate {
  const rng = createRng(seed);
  const count = problem.tasks.length;
  let best = first;
  while (work.spend(count)) {
    const isBalanced =
      wantsBalance(problem, best, bound) && rng.nextInt(2) === 0 && work.spend(count * balancedCost);
    const candidate = isBalanced
      ? balanced(problem, disturbedBalance(problem, rng))
      : forward(problem, disturbed(problem, best, rng));
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

function disturbedBalance({ tasks }: Compiled, rng: Rng): Balance {
  const reach = rng.nextFloat() / 2;
  return { steepness: 2 ** rng.nextInt(5), bonus: Float64Array.from(tasks, () => rng.nextFloat() * reach) };
}

function balanced(problem: Compiled, balance: Balance): Candidate | undefined {
  const starts = balancedSchedule(problem, balance);
  return starts === undefined ? undefined : measured(problem, starts);
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
