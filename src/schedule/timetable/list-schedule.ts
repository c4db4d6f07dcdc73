import { firstOpen } from '../../replay/calendar/intervals.ts';
import { at } from '../../shared/at.ts';
import type { Compiled, CompiledTask } from './compiled.ts';
import { createHeap, type Heap } from './heap.ts';

/**
 * Goes forward in time and starts whatever may start, by priority: the least number first. Returns when each task
 * starts; undefined when tasks wait for room that nobody gives back any more.
 *
 * A task that cannot start waits for one thing that is in its way and is not asked again before something of that was
 * given back, so a pass costs little more than the sum of what tasks have to wait for.
 */
export function listSchedule(problem: Compiled, priorities: ArrayLike<number>): Int32Array | undefined {
  const pass = createPass(problem, priorities);
  for (const [index, task] of problem.tasks.entries()) if (task.after.length === 0) pass.ready.push(index);
  for (;;) {
    startReady(pass);
    const time = pass.events.peek();
    if (time === undefined) break;
    pass.now = at(pass.eventTimes, time);
    takeEvents(pass);
  }
  return pass.started === problem.tasks.length ? pass.starts : undefined;
}

/** What happens at an event: a task may be asked again, an amount is free again, or a task has ended. */
type Happening =
  | { readonly kind: 'ask'; readonly task: number }
  | { readonly kind: 'give-back'; readonly resource: number; readonly amount: number }
  | { readonly kind: 'end'; readonly task: number };

interface Pass {
  readonly problem: Compiled;
  readonly starts: Int32Array;
  readonly ready: Heap;
  readonly used: number[];
  readonly left: number[];
  /** Tasks that wait for each resource, and then for each room. */
  readonly waiting: readonly Heap[];
  readonly unmet: Int32Array;
  /** End of the latest member of each set that keeps apart. */
  readonly apartEnds: number[];
  readonly events: Heap;
  readonly eventTimes: number[];
  readonly happenings: Happening[];
  /** For a task that was called from a queue: the queue that is to send the next one. */
  readonly calledFrom: Int32Array;
  started: number;
  now: number;
}

const nobody = -1;

function createPass(problem: Compiled, priorities: ArrayLike<number>): Pass {
  const { tasks, capacities, left, gaps } = problem;
  const priorityOf = (task: number): number => at(priorities, task);
  const eventTimes: number[] = [];
  return {
    problem,
    starts: new Int32Array(tasks.length).fill(nobody),
    ready: createHeap(priorityOf),
    used: capacities.map(() => 0),
    left: [...left],
    waiting: [...capacities, ...left].map(() => createHeap(priorityOf)),
    unmet: Int32Array.from(tasks, ({ after }) => after.length),
    apartEnds: gaps.map(() => Number.NEGATIVE_INFINITY),
    events: createHeap((event) => at(eventTimes, event)),
    eventTimes,
    happenings: [],
    calledFrom: new Int32Array(tasks.length).fill(nobody),
    started: 0,
    now: 0,
  };
}

function addEvent({ events, eventTimes, happenings }: Pass, time: number, happening: Happening): void {
  const event = eventTimes.push(time) - 1;
  happenings.push(happening);
  events.push(event);
}

function startReady(pass: Pass): void {
  for (let task = pass.ready.pop(); task !== undefined; task = pass.ready.pop()) {
    const queue = at(pass.calledFrom, task);
    pass.calledFrom[task] = nobody;
    ask(pass, task);
    if (queue !== nobody) callNext(pass, queue);
  }
}

/** Starts a task, or lets it wait for the first thing that is in its way. */
function ask(pass: Pass, index: number): void {
  const task = at(pass.problem.tasks, index);
  const time = earliest(pass, index, task);
  if (time === Number.POSITIVE_INFINITY) return;
  if (time > pass.now) addEvent(pass, time, { kind: 'ask', task: index });
  else {
    const queue = lacking(pass, task);
    if (queue === undefined) start(pass, index, task);
    else at(pass.waiting, queue).push(index);
  }
}

/** By precedences, closed intervals and gaps, all of which are known by now. */
function earliest({ starts, problem, apartEnds, now }: Pass, index: number, task: CompiledTask): number {
  let time = now;
  for (const { task: other, lag } of task.after) time = Math.max(time, at(starts, other) + lag);
  for (const set of task.apart) time = Math.max(time, at(apartEnds, set) + at(problem.gaps, set));
  return firstOpen(at(problem.tasks, index).closed, time, task.seconds);
}

/** The first resource or room of which too little is left now. */
function lacking({ problem, used, left }: Pass, { uses, takes }: CompiledTask): number | undefined {
  const use = uses.find(
    ({ resource, amount }) => at(used, resource) + amount > at(problem.capacities, resource),
  );
  if (use !== undefined) return use.resource;
  const room = takes.find((one) => at(left, one.room) < one.amount);
  return room === undefined ? undefined : problem.capacities.length + room.room;
}

function start(pass: Pass, index: number, task: CompiledTask): void {
  const { starts, used, left, apartEnds, now, unmet } = pass;
  starts[index] = now;
  pass.started += 1;
  for (const { resource, amount, seconds } of task.uses) {
    used[resource] = at(used, resource) + amount;
    addEvent(pass, now + seconds, { kind: 'give-back', resource, amount });
  }
  for (const { room, amount } of task.takes) left[room] = at(left, room) - amount;
  if (task.frees.length > 0) addEvent(pass, now + task.seconds, { kind: 'end', task: index });
  for (const set of task.apart) apartEnds[set] = Math.max(at(apartEnds, set), now + task.seconds);
  for (const { task: next } of task.before) {
    const open = at(unmet, next) - 1;
    unmet[next] = open;
    if (open === 0) pass.ready.push(next);
  }
}

/** Takes everything that happens now. */
function takeEvents(pass: Pass): void {
  const freed = new Set<number>();
  for (let event = pass.events.peek(); event !== undefined; event = pass.events.peek()) {
    if (at(pass.eventTimes, event) > pass.now) break;
    pass.events.pop();
    take(pass, at(pass.happenings, event), freed);
  }
  for (const queue of freed) callNext(pass, queue);
}

function take(pass: Pass, happening: Happening, freed: Set<number>): void {
  const { used, left, problem } = pass;
  switch (happening.kind) {
    case 'ask':
      pass.ready.push(happening.task);
      return;
    case 'give-back':
      used[happening.resource] = at(used, happening.resource) - happening.amount;
      freed.add(happening.resource);
      return;
    case 'end':
      for (const { room, amount } of at(problem.tasks, happening.task).frees) {
        left[room] = at(left, room) + amount;
        freed.add(problem.capacities.length + room);
      }
      return;
  }
}

/** Calls those that wait for a queue, as long as there is something left of it for the next. */
function callNext(pass: Pass, queue: number): void {
  const waiting = at(pass.waiting, queue);
  const resources = pass.problem.capacities.length;
  const aside: number[] = [];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (isServed(pass, next, queue)) {
      pass.calledFrom[next] = queue;
      pass.ready.push(next);
      break;
    }
    aside.push(next);
    if (queue < resources && at(pass.used, queue) >= at(pass.problem.capacities, queue)) break;
  }
  for (const task of aside) waiting.push(task);
}

function isServed({ problem, used, left }: Pass, task: number, queue: number): boolean {
  const { uses, takes } = at(problem.tasks, task);
  const room = queue - problem.capacities.length;
  if (room >= 0) return takes.every((one) => one.room !== room || at(left, room) >= one.amount);
  const free = at(problem.capacities, queue) - at(used, queue);
  return uses.every(({ resource, amount }) => resource !== queue || amount <= free);
}
