import type { Interval } from '../../replay/calendar/intervals.ts';
import { at } from '../../shared/at.ts';
import { groupBy } from '../../shared/collections.ts';
import { invariant } from '../../shared/invariant.ts';
import type { RoomAmount, Task, TimetableProblem } from './problem.ts';

/** A task starts at the earliest `lag` seconds after the start of another; the lag may be negative in a mirror. */
export interface Arc {
  readonly task: number;
  readonly lag: number;
}

export interface CompiledUse {
  readonly resource: number;
  readonly amount: number;
  /** From the start on; at most as long as the task runs. */
  readonly seconds: number;
}

export interface CompiledAmount {
  readonly room: number;
  readonly amount: number;
}

export interface CompiledTask {
  readonly id: string;
  readonly seconds: number;
  readonly uses: readonly CompiledUse[];
  readonly after: readonly Arc[];
  /** Who waits for it. */
  readonly before: readonly Arc[];
  readonly closed: readonly Interval[];
  readonly takes: readonly CompiledAmount[];
  readonly frees: readonly CompiledAmount[];
  /** Indices of the sets that keep apart. */
  readonly apart: readonly number[];
  readonly rank: number;
}

/** A problem by indices, tasks in topological order of their precedences. */
export interface Compiled {
  readonly tasks: readonly CompiledTask[];
  readonly capacities: readonly number[];
  readonly resourceNames: readonly string[];
  readonly left: readonly number[];
  /** Seconds between the members of each set. */
  readonly gaps: readonly number[];
}

/** Shares of links are divided, and need not add up to the last bit. */
const tolerance = 1e-9;

/** Undefined when the precedences have a cycle, so that no timetable exists. */
export function compile(problem: TimetableProblem): Compiled | undefined {
  const sorted = inTopologicalOrder(problem.tasks);
  if (sorted === undefined) return undefined;
  const { resources, rooms = [], apart = [] } = problem;
  const indices: Indices = {
    taskOf: indexOf(sorted.map(({ id }) => id)),
    resourceOf: indexOf(resources.map(({ name }) => name)),
    roomOf: indexOf(rooms.map(({ name }) => name)),
  };
  const after = sorted.map((task) => arcsOf(task, sorted, indices.taskOf));
  const before = after.map((): Arc[] => []);
  for (const [index, arcs] of after.entries())
    for (const { task, lag } of arcs) before[task]?.push({ task: index, lag });
  const sets = sorted.map((): number[] => []);
  for (const [set, { tasks }] of apart.entries()) for (const id of tasks) sets[indices.taskOf(id)]?.push(set);
  return {
    tasks: sorted.map((task, index) =>
      compileTask(task, indices, {
        after: at(after, index),
        before: at(before, index),
        apart: at(sets, index),
      }),
    ),
    capacities: resources.map(({ capacity }) => capacity * (1 + tolerance)),
    resourceNames: resources.map(({ name }) => name),
    left: rooms.map(({ left }) => left),
    gaps: apart.map(({ gapSeconds }) => gapSeconds),
  };
}

/** Where names stand in their lists. */
interface Indices {
  readonly taskOf: (id: string) => number;
  readonly resourceOf: (name: string) => number;
  readonly roomOf: (name: string) => number;
}

function compileTask(
  task: Task,
  { resourceOf, roomOf }: Indices,
  relations: Pick<CompiledTask, 'after' | 'before' | 'apart'>,
): CompiledTask {
  const { id, seconds, closed = [], takes = [], frees = [], rank = 0 } = task;
  invariant(
    Number.isInteger(seconds) && seconds > 0,
    `task ${id} runs ${seconds} s, not a whole number from 1`,
  );
  const amounts = (list: readonly RoomAmount[]): readonly CompiledAmount[] =>
    list.map(({ room, amount }) => ({ room: roomOf(room), amount }));
  return {
    id,
    seconds,
    uses: task.uses.map((use) => ({
      resource: resourceOf(use.resource),
      amount: use.amount,
      seconds: Math.min(seconds, use.seconds ?? seconds),
    })),
    closed,
    takes: amounts(takes),
    frees: amounts(frees),
    rank,
    ...relations,
  };
}

/**
 * The same problem with time running backwards from `horizon`: who waited is waited for, and what was taken at a start
 * is given back at an end. Good for priorities; uses that are shorter than their task lie at its wrong end.
 */
export function mirrored(problem: Compiled, horizon: number): Compiled {
  const { tasks } = problem;
  const last = tasks.length - 1;
  const reversed = tasks.toReversed();
  const turned = (arc: Arc, from: CompiledTask, of: CompiledTask): Arc => ({
    task: last - arc.task,
    lag: arc.lag + of.seconds - from.seconds,
  });
  const left = [...problem.left];
  for (const { takes, frees } of tasks) {
    for (const { room, amount } of takes) left[room] = (left[room] ?? 0) - amount;
    for (const { room, amount } of frees) left[room] = (left[room] ?? 0) + amount;
  }
  return {
    ...problem,
    left,
    tasks: reversed.map((task) => ({
      ...task,
      after: task.before.map((arc) => turned(arc, task, tasks[arc.task] ?? task)),
      before: task.after.map((arc) => turned(arc, tasks[arc.task] ?? task, task)),
      closed: task.closed.map(({ from, to }) => ({ from: horizon - to, to: horizon - from })).toReversed(),
      takes: task.frees,
      frees: task.takes,
    })),
  };
}

function arcsOf(task: Task, sorted: readonly Task[], taskOf: (id: string) => number): readonly Arc[] {
  return task.after.map(({ task: id, kind, lagSeconds }) => {
    const index = taskOf(id);
    return { task: index, lag: lagSeconds + (kind === 'end' ? (sorted[index]?.seconds ?? 0) : 0) };
  });
}

function indexOf(names: readonly string[]): (name: string) => number {
  const indices = new Map(names.map((name, index) => [name, index]));
  invariant(indices.size === names.length, 'names of a timetable are given once each');
  return (name) => {
    const index = indices.get(name);
    invariant(index !== undefined, `a timetable names ${name}, which it does not list`);
    return index;
  };
}

/** Keeps the given order where precedences allow it. */
function inTopologicalOrder(tasks: readonly Task[]): readonly Task[] | undefined {
  const waiting = new Map(tasks.map((task) => [task.id, task.after.length]));
  const followers = groupBy(
    tasks.flatMap((task) => task.after.map((one) => ({ task, after: one.task }))),
    ({ after }) => after,
  );
  const sorted = tasks.filter(({ after }) => after.length === 0);
  for (let next = 0; next < sorted.length; next += 1)
    for (const { task } of followers.get(at(sorted, next).id) ?? []) {
      const left = (waiting.get(task.id) ?? 0) - 1;
      waiting.set(task.id, left);
      if (left === 0) sorted.push(task);
    }
  return sorted.length === tasks.length ? sorted : undefined;
}
