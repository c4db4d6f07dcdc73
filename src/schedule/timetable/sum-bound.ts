import { at } from '../../shared/at.ts';
import { firstDifference } from '../first-difference.ts';
import type { Compiled } from './compiled.ts';

/** At least so much is the sum of ends of the tasks that have not started (start −1), none of them before `last`. */
export type SumBound = (problem: Compiled, starts: Int32Array, heads: Float64Array, last: number) => number;

/**
 * The greater of the sum of earliest ends, and for some ways of sharing the tasks out among resources
 *
 *     Σ_r Σ_j in r  w(j, r) · (M(j) + seconds(j) / 2),     Σ_r w(j, r) = 1
 *
 * where M(j) is the mean instant at which j's volume is worked off. A task that runs without a break has its end half its
 * seconds after that; and Σ w · M is least when each resource works off volume as fast as those under way let it, by
 * w / volume, the greatest first.
 */
export function createSumBound(problem: Compiled): SumBound {
  const sharings = sharingsOf(problem);
  const orders = sharings.map((sharing) => ordersOf(problem, sharing));
  return (_, starts, heads, last) => {
    let most = earliestEnds(problem, starts, heads, last);
    const releases = problem.capacities.map((__, resource) => releasesOf(problem, starts, resource, last));
    for (const order of orders) {
      let sum = 0;
      for (const [resource, parts] of order.entries())
        sum += workedOff(at(problem.capacities, resource), at(releases, resource), parts, starts, last);
      most = Math.max(most, sum);
    }
    return Math.ceil(most - 1e-6);
  };
}

/** What of a task counts at one resource. */
interface Part {
  readonly task: number;
  readonly weight: number;
  readonly volume: number;
  readonly seconds: number;
}

/** Weights of each task by resource. */
type Sharing = readonly ReadonlyMap<number, number>[];

/** All to the busiest resource of each task, all to the next, and even shares of both; the rest to nobody. */
function sharingsOf({ tasks, capacities }: Compiled): readonly Sharing[] {
  const loads = capacities.map((capacity, index) =>
    tasks.reduce((sum, { uses }) => {
      const use = uses.find(({ resource }) => resource === index);
      return use === undefined ? sum : sum + (use.amount * use.seconds) / capacity;
    }, 0),
  );
  const byLoad = tasks.map(({ uses, seconds }) =>
    uses
      .filter((use) => use.amount > 0 && use.seconds === seconds)
      .map(({ resource }) => resource)
      .sort((a, b) => firstDifference(at(loads, b) - at(loads, a), a - b)),
  );
  const mixes = [
    [1, 0],
    [0, 1],
    [0.5, 0.5],
    [0.75, 0.25],
  ];
  return mixes.map((mix) =>
    byLoad.map((resources): ReadonlyMap<number, number> => {
      const [first, second] = resources;
      if (first === undefined) return new Map();
      if (second === undefined) return new Map([[first, 1]]);
      return new Map([
        [first, at(mix, 0)],
        [second, at(mix, 1)],
      ]);
    }),
  );
}

/** For each resource its parts, by weight for volume. */
function ordersOf({ tasks, capacities }: Compiled, sharing: Sharing): readonly (readonly Part[])[] {
  return capacities.map((_, resource) =>
    tasks
      .flatMap(({ uses, seconds }, task): readonly Part[] => {
        const use = uses.find((one) => one.resource === resource);
        const weight = at(sharing, task).get(resource) ?? 0;
        return use === undefined || weight === 0
          ? []
          : [{ task, weight, volume: use.amount * seconds, seconds }];
      })
      .sort((a, b) => firstDifference(b.weight / b.volume - a.weight / a.volume, a.task - b.task)),
  );
}

interface Release {
  readonly time: number;
  readonly amount: number;
}

/** What is held of a resource after `last`, and until when; the earliest first. */
function releasesOf(
  { tasks }: Compiled,
  starts: Int32Array,
  resource: number,
  last: number,
): readonly Release[] {
  return tasks
    .flatMap(({ uses }, index): readonly Release[] => {
      const start = at(starts, index);
      if (start < 0) return [];
      return uses
        .filter((use) => use.resource === resource && start + use.seconds > last)
        .map(({ amount, seconds }) => ({ time: start + seconds, amount }));
    })
    .sort((a, b) => a.time - b.time);
}

/** Weighted ends of the parts that have not started, when their volumes are worked off one after the other. */
function workedOff(
  capacity: number,
  releases: readonly Release[],
  parts: readonly Part[],
  starts: Int32Array,
  last: number,
): number {
  let time = last;
  let next = 0;
  let rate = releases.reduce((left, { amount }) => left - amount, capacity);
  let sum = 0;
  for (const { task, weight, volume, seconds } of parts) {
    if (at(starts, task) >= 0) continue;
    let left = volume;
    let moment = 0;
    while (left > 0) {
      const until = next < releases.length ? at(releases, next).time : Number.POSITIVE_INFINITY;
      const done = Math.min(left, rate * (until - time));
      const to = rate > 0 ? Math.min(until, time + done / rate) : until;
      moment += (done * (time + to)) / 2;
      left -= done;
      if (left <= 1e-9) left = 0;
      time = to;
      if (time === until && next < releases.length) {
        rate += at(releases, next).amount;
        next += 1;
      }
    }
    sum += weight * (moment / volume + seconds / 2);
  }
  return sum;
}

function earliestEnds({ tasks }: Compiled, starts: Int32Array, heads: Float64Array, last: number): number {
  let sum = 0;
  for (const [index, { seconds }] of tasks.entries())
    if (at(starts, index) < 0) sum += Math.max(last, at(heads, index)) + seconds;
  return sum;
}
