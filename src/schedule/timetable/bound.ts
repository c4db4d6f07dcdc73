import { firstOpen, type Interval } from '../../replay/calendar/intervals.ts';
import { at } from '../../shared/at.ts';
import type { Compiled } from './compiled.ts';
import { commonClosed, openSecondsAfter } from './open-time.ts';
import type { BoundKind, MakespanBound } from './problem.ts';

/**
 * Seconds that every timetable takes at least; the greatest of
 *
 *     longest-chain   for all tasks j:      head(j) + tail(j)
 *     volume          for all resources r, sets S of tasks of r, by least head or least tail:
 *                     min head(S) + open time for Σ amount · seconds / capacity(r) + min tail after S
 *     one-at-a-time   the same for tasks of which no two fit together, of seconds instead of volume
 *
 * head(j): when j can start at the earliest, by precedences and closed intervals. tail(j): seconds from its start to the
 * end of what waits for it. Volumes are those of amounts as given and rounded up to what can be used beside others
 * (dual feasible functions); seconds in which all tasks of a set are closed do not count.
 */
export function makespanBound(problem: Compiled): MakespanBound {
  const heads = headsOf(problem);
  const tails = tailsOf(problem);
  let best: MakespanBound = { seconds: 0, by: 'none' };
  for (const [index, task] of problem.tasks.entries()) {
    const seconds = at(heads, index) + at(tails, index);
    if (seconds > best.seconds) best = { seconds, by: 'longest-chain', of: task.id };
  }
  for (const load of loadsOf(problem, heads, tails)) {
    const seconds = boundOf(load);
    if (seconds > best.seconds) best = { seconds, by: load.by, of: load.of };
  }
  return best;
}

/** When each task can start at the earliest; Infinity: never. */
export function headsOf({ tasks }: Compiled): Float64Array {
  const heads = new Float64Array(tasks.length);
  for (const [index, { after, closed, seconds }] of tasks.entries()) {
    let head = 0;
    for (const { task, lag } of after) head = Math.max(head, at(heads, task) + lag);
    heads[index] = firstOpen(closed, head, seconds);
  }
  return heads;
}

/** Seconds from the start of each task to the end of the last that waits for it. */
export function tailsOf({ tasks }: Compiled): Int32Array {
  const tails = new Int32Array(tasks.length);
  for (let index = tasks.length - 1; index >= 0; index -= 1) {
    const { before, seconds } = at(tasks, index);
    let tail = seconds;
    for (const { task, lag } of before) tail = Math.max(tail, lag + at(tails, task));
    tails[index] = tail;
  }
  return tails;
}

/** Work for one thing that does all of it at a rate of one second a second. */
interface Load {
  readonly by: BoundKind;
  readonly of: string;
  readonly parts: readonly Part[];
}

interface Part {
  readonly head: number;
  /** From the end of its use to the end of all. */
  readonly rest: number;
  readonly work: number;
  readonly closed: readonly Interval[];
}

/** Distinct amounts of one resource for which the volume is rounded up. */
const mostRoundings = 8;

function loadsOf(problem: Compiled, heads: Float64Array, tails: Int32Array): readonly Load[] {
  return usersOf(problem).flatMap((users, resource): readonly Load[] => {
    const capacity = at(problem.capacities, resource);
    const of = at(problem.resourceNames, resource);
    const parts = (workOf: (amount: number) => number): readonly Part[] =>
      users.flatMap(({ task, amount, seconds }): readonly Part[] => {
        const work = workOf(amount) * seconds;
        const head = at(heads, task);
        const closed = at(problem.tasks, task).closed;
        return work === 0 ? [] : [{ head, rest: at(tails, task) - seconds, work, closed }];
      });
    const limits = [...new Set(users.map(({ amount }) => amount))].filter((amount) => amount * 2 < capacity);
    const roundings = limits.sort((a, b) => a - b).slice(0, mostRoundings);
    return [
      { by: 'volume', of, parts: parts((amount) => amount / capacity) },
      { by: 'one-at-a-time', of, parts: parts((amount) => (amount * 2 > capacity ? 1 : 0)) },
      ...roundings.map((least): Load => {
        return { by: 'volume', of, parts: parts((amount) => roundedShare(amount, least, capacity)) };
      }),
    ];
  });
}

/** Beside more than `capacity` − `least` nothing fits, if nothing below `least` counts. */
function roundedShare(amount: number, least: number, capacity: number): number {
  if (amount > capacity - least) return 1;
  return amount < least ? 0 : amount / capacity;
}

interface User {
  readonly task: number;
  readonly amount: number;
  readonly seconds: number;
}

function usersOf({ tasks, capacities }: Compiled): readonly (readonly User[])[] {
  const users = capacities.map((): User[] => []);
  for (const [task, { uses }] of tasks.entries())
    for (const { resource, amount, seconds } of uses)
      if (amount > 0) users[resource]?.push({ task, amount, seconds });
  return users;
}

/** Tasks of one load up to which every pair of a least head and a least tail is looked at. */
const fewParts = 40;

function boundOf({ parts }: Load): number {
  if (parts.length === 0) return 0;
  const closed = commonClosed(parts.map((part) => part.closed));
  const rests = parts.length > fewParts ? [0] : [...new Set(parts.map(({ rest }) => rest))];
  return rests.reduce(
    (most, least) =>
      Math.max(
        most,
        boundByHeads(
          parts.filter(({ rest }) => rest >= least),
          closed,
        ),
      ),
    0,
  );
}

/** The greatest over all least heads, from the latest on. */
function boundByHeads(parts: readonly Part[], closed: readonly Interval[]): number {
  let most = 0;
  let work = 0;
  let rest = Number.POSITIVE_INFINITY;
  for (const part of parts.toSorted((a, b) => b.head - a.head)) {
    work += part.work;
    rest = Math.min(rest, part.rest);
    most = Math.max(most, openSecondsAfter(closed, part.head, wholeSeconds(work)) + rest);
  }
  return most;
}

/** Rounded up, but not for what sums of fractions leave behind. */
const wholeSeconds = (seconds: number): number => Math.ceil(seconds - 1e-6);
