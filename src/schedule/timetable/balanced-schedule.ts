import { firstOpen } from '../../replay/calendar/intervals.ts';
import { at } from '../../shared/at.ts';
import type { Compiled, CompiledTask } from './compiled.ts';

/** How a balanced schedule chooses among tasks that may start. */
export interface Balance {
  /** How much more the busiest of a task's resources counts than the others: the exponent of their loads. */
  readonly steepness: number;
  /** What is added to the urgency of each task, as a share of the greatest load. */
  readonly bonus: ArrayLike<number>;
}

/**
 * Goes forward in time and at each instant starts those first whose resources have most work left:
 *
 *     urgency(j) = Σ_r in j (work left of r / most work of any) ^ steepness + bonus(j)
 *
 * Where links have to be kept busy at both ends at the same time (an open shop) this comes nearer to the bound than any
 * fixed order. Undefined when tasks wait for room that nobody gives back any more.
 */
export function balancedSchedule(problem: Compiled, balance: Balance): Int32Array | undefined {
  const pass = createPass(problem, balance);
  for (;;) {
    startAll(pass);
    const next = nextInstant(pass);
    if (next === undefined) break;
    pass.now = next;
    giveBackUntilNow(pass);
  }
  return pass.pending.length === 0 ? pass.starts : undefined;
}

interface Pass {
  readonly problem: Compiled;
  readonly balance: Balance;
  readonly starts: Int32Array;
  readonly used: Float64Array;
  readonly left: number[];
  /** Seconds of work that has not started, by resource. */
  readonly loads: Float64Array;
  readonly mostLoad: number;
  readonly apartEnds: number[];
  /** What is given back, by the second in which it is. */
  readonly returns: Map<number, (() => void)[]>;
  readonly instants: Set<number>;
  pending: number[];
  now: number;
}

function createPass(problem: Compiled, balance: Balance): Pass {
  const loads = new Float64Array(problem.capacities.length);
  for (const { uses } of problem.tasks)
    for (const { resource, amount, seconds } of uses)
      loads[resource] = at(loads, resource) + (amount * seconds) / at(problem.capacities, resource);
  return {
    problem,
    balance,
    starts: new Int32Array(problem.tasks.length).fill(notStarted),
    used: new Float64Array(problem.capacities.length),
    left: [...problem.left],
    loads,
    mostLoad: loads.reduce((most, load) => Math.max(most, load), 1),
    apartEnds: problem.gaps.map(() => Number.NEGATIVE_INFINITY),
    returns: new Map(),
    instants: new Set(),
    pending: problem.tasks.map((_, index) => index),
    now: 0,
  };
}

const notStarted = -1;

/** Starts what may start now, the most urgent first, until nothing more does. */
function startAll(pass: Pass): void {
  for (;;) {
    const open = pass.pending.filter((index) => mayStart(pass, index));
    if (open.length === 0) return;
    const powers = Float64Array.from(pass.loads, (load) => (load / pass.mostLoad) ** pass.balance.steepness);
    const urgency = new Map(open.map((index) => [index, urgencyOf(pass, index, powers)]));
    open.sort((a, b) => (urgency.get(b) ?? 0) - (urgency.get(a) ?? 0));
    for (const index of open) if (mayStart(pass, index)) start(pass, index, at(pass.problem.tasks, index));
    pass.pending = pass.pending.filter((index) => at(pass.starts, index) === notStarted);
  }
}

function urgencyOf({ problem, balance }: Pass, index: number, powers: Float64Array): number {
  let urgency = at(balance.bonus, index);
  for (const { resource } of at(problem.tasks, index).uses) urgency += at(powers, resource);
  return urgency;
}

/** Notes the second at which time alone would let it start. */
function mayStart(pass: Pass, index: number): boolean {
  const { problem, used, left, starts, now } = pass;
  const task = at(problem.tasks, index);
  for (const { resource, amount } of task.uses)
    if (at(used, resource) + amount > at(problem.capacities, resource)) return false;
  for (const { room, amount } of task.takes) if (at(left, room) < amount) return false;
  let time = now;
  for (const { task: other, lag } of task.after) {
    if (at(starts, other) === notStarted) return false;
    time = Math.max(time, at(starts, other) + lag);
  }
  for (const set of task.apart) time = Math.max(time, at(pass.apartEnds, set) + at(problem.gaps, set));
  time = firstOpen(task.closed, time, task.seconds);
  if (time > now && time < Number.POSITIVE_INFINITY) pass.instants.add(time);
  return time === now;
}

function start(pass: Pass, index: number, task: CompiledTask): void {
  const { starts, used, left, loads, apartEnds, problem, now } = pass;
  starts[index] = now;
  for (const { resource, amount, seconds } of task.uses) {
    used[resource] = at(used, resource) + amount;
    loads[resource] = at(loads, resource) - (amount * seconds) / at(problem.capacities, resource);
    giveBackAt(pass, now + seconds, () => (used[resource] = at(used, resource) - amount));
  }
  for (const { room, amount } of task.takes) left[room] = at(left, room) - amount;
  giveBackAt(pass, now + task.seconds, () => {
    for (const { room, amount } of task.frees) left[room] = at(left, room) + amount;
  });
  for (const set of task.apart) apartEnds[set] = Math.max(at(apartEnds, set), now + task.seconds);
}

function giveBackAt({ returns, instants }: Pass, time: number, giveBack: () => void): void {
  const others = returns.get(time);
  if (others === undefined) returns.set(time, [giveBack]);
  else others.push(giveBack);
  instants.add(time);
}

function giveBackUntilNow({ returns, now }: Pass): void {
  for (const giveBack of returns.get(now) ?? []) giveBack();
}

function nextInstant({ instants, now, pending }: Pass): number | undefined {
  if (pending.length === 0) return undefined;
  let next: number | undefined;
  for (const instant of instants)
    if (instant <= now) instants.delete(instant);
    else if (next === undefined || instant < next) next = instant;
  return next;
}
