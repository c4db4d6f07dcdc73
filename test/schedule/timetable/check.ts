import type { Task, TimetableProblem } from '../../../src/schedule/timetable/problem.ts';

/** What is wrong with some starts, second by second; shares nothing with the solver. Tasks without a start are left out. */
export function wrongs(problem: TimetableProblem, starts: ReadonlyMap<string, number>): readonly string[] {
  const tasks = problem.tasks.flatMap((task) => {
    const start = starts.get(task.id);
    return start === undefined ? [] : [{ task, start, end: start + task.seconds }];
  });
  const horizon = Math.max(0, ...tasks.map(({ end }) => end));
  const found: string[] = [];
  for (let second = 0; second < horizon; second += 1) {
    for (const { name, capacity } of problem.resources) {
      const used = tasks.reduce((sum, one) => sum + usedAt(one.task, one.start, name, second), 0);
      if (used > capacity) found.push(`${name} at ${second}: ${used}, capacity ${capacity}`);
    }
    for (const { task, start, end } of tasks)
      if (
        second >= start &&
        second < end &&
        (task.closed ?? []).some((c) => second >= c.from && second < c.to)
      )
        found.push(`${task.id} runs at ${second}, which is closed`);
  }
  for (const { name, left } of problem.rooms ?? [])
    for (const { start: second } of tasks) {
      const level = tasks.reduce((sum, { task, start, end }) => {
        const taken = start <= second ? amountOf(task.takes, name) : 0;
        return sum - taken + (end <= second ? amountOf(task.frees, name) : 0);
      }, left);
      if (level < 0) found.push(`${name} at ${second}: ${level} left`);
    }
  for (const { task, start } of tasks)
    for (const { task: id, kind, lagSeconds } of task.after) {
      const other = tasks.find((one) => one.task.id === id);
      const from = (kind === 'end' ? other?.end : other?.start) ?? Number.POSITIVE_INFINITY;
      if (start < from + lagSeconds) found.push(`${task.id} at ${start}, before ${id} allows it`);
    }
  for (const { tasks: ids, gapSeconds } of problem.apart ?? [])
    for (const one of tasks.filter(({ task }) => ids.includes(task.id)))
      for (const other of tasks.filter(({ task }) => ids.includes(task.id)))
        if (one !== other && one.start < other.end + gapSeconds && other.start < one.end + gapSeconds)
          found.push(`${one.task.id} and ${other.task.id} are not apart`);
  return found;
}

function usedAt({ uses, seconds }: Task, start: number, name: string, second: number): number {
  return uses.reduce((sum, use) => {
    const end = start + Math.min(seconds, use.seconds ?? seconds);
    return use.resource === name && second >= start && second < end ? sum + use.amount : sum;
  }, 0);
}

const amountOf = (amounts: Task['takes'], name: string): number =>
  (amounts ?? []).reduce((sum, one) => (one.room === name ? sum + one.amount : sum), 0);

/** The best makespan and sum of ends by trying every start of every task up to a horizon; undefined when none is right. */
export function tryAll(
  problem: TimetableProblem,
  horizon: number,
): { readonly makespan: number; readonly sumOfEnds: number } | undefined {
  let best: { makespan: number; sumOfEnds: number } | undefined;
  const starts = new Map<string, number>();
  const { tasks } = problem;
  const visit = (index: number, makespan: number, sumOfEnds: number): void => {
    const task = tasks[index];
    if (task === undefined) {
      if (wrongs(problem, starts).length === 0) best = { makespan, sumOfEnds };
      return;
    }
    for (let start = 0; start + task.seconds <= horizon; start += 1) {
      const longest = Math.max(makespan, start + task.seconds);
      const sum = sumOfEnds + start + task.seconds;
      if (
        best !== undefined &&
        (longest > best.makespan || (longest === best.makespan && sum >= best.sumOfEnds))
      )
        continue;
      starts.set(task.id, start);
      const partial = { ...problem, rooms: [], tasks: tasks.slice(0, index + 1).map(withoutUnknown(starts)) };
      if (wrongs(partial, starts).length === 0) visit(index + 1, longest, sum);
      starts.delete(task.id);
    }
  };
  visit(0, 0, 0);
  return best;
}

/** Only what is known of a partial timetable can be wrong with it. */
const withoutUnknown =
  (starts: ReadonlyMap<string, number>) =>
  (task: Task): Task => ({ ...task, after: task.after.filter((one) => starts.has(one.task)) });
