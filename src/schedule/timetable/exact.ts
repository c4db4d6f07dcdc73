import { firstOpen } from '../../replay/calendar/intervals.ts';
import { at } from '../../shared/at.ts';
import type { Effort } from '../effort.ts';
import { firstDifference } from '../first-difference.ts';
import { headsOf, tailsOf } from './bound.ts';
import type { Compiled, CompiledTask } from './compiled.ts';
import { createMemo, type Memo } from './memo.ts';
import { type Candidate, isBetter, measured } from './quality.ts';
import { createSumBound, type SumBound } from './sum-bound.ts';

/** Tasks up to which the search may be tried: sets of them are the bits of a number. */
export const mostTasks = 30;

/** What the search aims at: a shorter makespan, or a smaller sum of ends within a makespan. */
export type Aim = { readonly kind: 'makespan' } | { readonly kind: 'sum'; readonly deadline: number };

export interface Found {
  /** The best there is when `complete`, else the best so far; undefined when there is none better than the first. */
  readonly best: Candidate | undefined;
  readonly complete: boolean;
}

/**
 * Branch and bound over all sequences of starts: the next task starts at the earliest second at which it can, and not
 * before the last one that started. Some best timetable is among these: in one whose starts cannot be pulled forward,
 * take the tasks by their starts; what is held later than the last start only grows less, so a task that can start
 * there can start at the first such second too, and hinders nobody by it.
 *
 * Cut off are sequences that cannot become better than the best (longest chain and volume; mean busy times for the sum
 * of ends), and those of which another one of the same tasks leaves as much free at every instant.
 */
export function searchExactly(
  problem: Compiled,
  first: Candidate | undefined,
  aim: Aim,
  effort: Effort,
): Found {
  const search = createSearch(problem, first, aim, effort);
  extend(search, 0, 0);
  return { best: search.best, complete: !effort.exhausted };
}

interface Search {
  readonly problem: Compiled;
  readonly aim: Aim;
  readonly effort: Effort;
  readonly heads: Float64Array;
  readonly tails: Int32Array;
  readonly starts: Int32Array;
  readonly sequence: number[];
  /** Volume of what is not yet started, by resource. */
  readonly volumes: Float64Array;
  readonly memo: Memo;
  readonly sumBound: SumBound;
  best: Candidate | undefined;
}

const notStarted = -1;

function createSearch(problem: Compiled, first: Candidate | undefined, aim: Aim, effort: Effort): Search {
  const volumes = new Float64Array(problem.capacities.length);
  for (const { uses } of problem.tasks)
    for (const { resource, amount, seconds } of uses)
      volumes[resource] = at(volumes, resource) + amount * seconds;
  return {
    problem,
    aim,
    effort,
    heads: headsOf(problem),
    tails: tailsOf(problem),
    starts: new Int32Array(problem.tasks.length).fill(notStarted),
    sequence: [],
    volumes,
    memo: createMemo(problem),
    sumBound: createSumBound(problem),
    best: first,
  };
}

/** Tries every next task. `set`: the tasks that have started, by bit. */
function extend(search: Search, set: number, sumOfEnds: number): void {
  const { problem, sequence, starts } = search;
  if (sequence.length === problem.tasks.length) {
    const candidate = measured(problem, starts.slice());
    if (isBetter(candidate, search.best)) search.best = candidate;
    return;
  }
  for (const { task, start } of nextStarts(search)) {
    if (!search.effort.spend(1)) return;
    place(search, task, start);
    const ends = sumOfEnds + start + at(problem.tasks, task).seconds;
    const now = set | (1 << task);
    if (
      isPromising(search, start, ends) &&
      search.memo.isNew(now, starts, start, search.aim.kind === 'sum' ? ends : 0)
    )
      extend(search, now, ends);
    takeBack(search, task);
  }
}

interface NextStart {
  readonly task: number;
  readonly start: number;
}

/** Who can be next, and when: the earliest first, of those the one with the longest tail. */
function nextStarts(search: Search): readonly NextStart[] {
  const { problem, starts, tails, aim } = search;
  const next: NextStart[] = [];
  for (const [task, { after }] of problem.tasks.entries()) {
    if (at(starts, task) !== notStarted || after.some((arc) => at(starts, arc.task) === notStarted)) continue;
    const start = earliestStart(search, task);
    if (start !== undefined) next.push({ task, start });
  }
  const weight = (task: number): number =>
    aim.kind === 'sum' ? at(problem.tasks, task).seconds : -at(tails, task);
  return next.sort((a, b) =>
    firstDifference(a.start - b.start, weight(a.task) - weight(b.task), a.task - b.task),
  );
}

function place({ problem, starts, sequence, volumes }: Search, task: number, start: number): void {
  starts[task] = start;
  sequence.push(task);
  for (const { resource, amount, seconds } of at(problem.tasks, task).uses)
    volumes[resource] = at(volumes, resource) - amount * seconds;
}

function takeBack({ problem, starts, sequence, volumes }: Search, task: number): void {
  starts[task] = notStarted;
  sequence.pop();
  for (const { resource, amount, seconds } of at(problem.tasks, task).uses)
    volumes[resource] = at(volumes, resource) + amount * seconds;
}

/** The first second from the last start on at which a task fits; undefined when room for it is never given back. */
function earliestStart(search: Search, index: number): number | undefined {
  const { problem, sequence, starts } = search;
  const task = at(problem.tasks, index);
  const last = sequence.at(-1);
  let from = last === undefined ? 0 : at(starts, last);
  for (const { task: other, lag } of task.after) from = Math.max(from, at(starts, other) + lag);
  for (let tries = 0; tries <= 2 * sequence.length; tries += 1) {
    const start = firstOpen(task.closed, afterGaps(search, task, from), task.seconds);
    if (start === Number.POSITIVE_INFINITY) return undefined;
    const later = waitUntil(search, task, start);
    if (later === undefined) return start;
    if (later === Number.POSITIVE_INFINITY) return undefined;
    from = later;
  }
  return undefined;
}

function afterGaps({ problem, sequence, starts }: Search, task: CompiledTask, from: number): number {
  if (task.apart.length === 0) return from;
  let time = from;
  for (const other of sequence) {
    const { apart, seconds } = at(problem.tasks, other);
    for (const set of apart)
      if (task.apart.includes(set))
        time = Math.max(time, at(starts, other) + seconds + at(problem.gaps, set));
  }
  return time;
}

/** When something is given back of what a task lacks at an instant; undefined when it lacks nothing. */
function waitUntil(search: Search, task: CompiledTask, time: number): number | undefined {
  for (const { resource, amount } of task.uses) {
    const later = untilUseEnds(search, resource, amount, time);
    if (later !== undefined) return later;
  }
  for (const { room, amount } of task.takes) {
    const later = untilRoomIsFreed(search, room, amount, time);
    if (later !== undefined) return later;
  }
  return undefined;
}

function untilUseEnds(
  { problem, sequence, starts }: Search,
  resource: number,
  amount: number,
  time: number,
): number | undefined {
  let used = amount;
  let next = Number.POSITIVE_INFINITY;
  for (const other of sequence)
    for (const use of at(problem.tasks, other).uses) {
      const end = at(starts, other) + use.seconds;
      if (use.resource !== resource || end <= time) continue;
      used += use.amount;
      next = Math.min(next, end);
    }
  return used <= at(problem.capacities, resource) ? undefined : next;
}

function untilRoomIsFreed(
  { problem, sequence, starts }: Search,
  room: number,
  amount: number,
  time: number,
): number | undefined {
  let left = at(problem.left, room);
  let next = Number.POSITIVE_INFINITY;
  for (const other of sequence) {
    const { takes, frees, seconds } = at(problem.tasks, other);
    const end = at(starts, other) + seconds;
    for (const one of takes) if (one.room === room) left -= one.amount;
    for (const one of frees)
      if (one.room === room && end <= time) left += one.amount;
      else if (one.room === room) next = Math.min(next, end);
  }
  return left >= amount ? undefined : next;
}

/** Whether a better timetable than the best may still come of the sequence. */
function isPromising(search: Search, last: number, sumOfEnds: number): boolean {
  const { aim, best } = search;
  const latest = aim.kind === 'sum' ? aim.deadline : (best?.makespan ?? Number.POSITIVE_INFINITY) - 1;
  if (leastMakespan(search, last) > latest) return false;
  if (aim.kind === 'makespan' || best === undefined) return true;
  const { problem, starts, heads } = search;
  return sumOfEnds + search.sumBound(problem, starts, heads, last) < best.sumOfEnds;
}

function leastMakespan(search: Search, last: number): number {
  const { problem, starts, heads, tails } = search;
  const { tasks, capacities } = problem;
  const work = new Float64Array(capacities.length);
  let most = 0;
  for (const [index, { uses, seconds, after }] of tasks.entries()) {
    const start = at(starts, index);
    if (start === notStarted) {
      let head = Math.max(last, at(heads, index));
      for (const { task, lag } of after)
        if (at(starts, task) !== notStarted) head = Math.max(head, at(starts, task) + lag);
      most = Math.max(most, head + at(tails, index));
      continue;
    }
    most = Math.max(most, start + seconds);
    for (const use of uses) {
      const end = start + use.seconds;
      if (end > last) work[use.resource] = at(work, use.resource) + use.amount * (end - last);
    }
  }
  for (const [resource, capacity] of capacities.entries()) {
    const volume = at(work, resource) + at(search.volumes, resource);
    most = Math.max(most, last + Math.ceil(volume / capacity - 1e-6));
  }
  return most;
}
