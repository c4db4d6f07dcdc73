import type { Claim, Watch } from './engine.ts';

/** The limit to give to a solver that runs on a logical clock, in seconds; it is never reached by counting. */
export const logicalSeconds = 1000;
const epoch = 1e12; // milliseconds
const leap = 1e7; // milliseconds, past any limit of `logicalSeconds`, small enough for a solver's own arithmetic

/** Runs solver calls on its clock and knows what stopped them. */
export interface LogicalClock {
  run<T>(solve: () => T): T;
  /** What made the clock leap; undefined while it has not. */
  readonly stoppedBy: Claim['stoppedBy'] | undefined;
}

/**
 * A clock for solvers that know one limit only, time, and look at `Date.now` once a node or iteration. It stands
 * still and counts how often it is read; after `readings` of them, at the deadline or on cancellation it leaps, and
 * the solver ends in good order with its best solution. So effort is counted exactly and cancelling loses nothing.
 */
export function createLogicalClock(
  limits: { readonly readings: number; readonly timeLimitSeconds: number },
  watch: Watch,
): LogicalClock {
  const realNow = Date.now;
  const deadline = realNow() + limits.timeLimitSeconds * 1000;
  let readings = 0;
  let time = epoch;
  let stoppedBy: LogicalClock['stoppedBy'];
  const now = (): number => {
    readings += 1;
    if (watch.isCancelled()) stoppedBy ??= 'cancel';
    else if (readings > limits.readings) stoppedBy ??= 'effort';
    else if (realNow() >= deadline) stoppedBy ??= 'time';
    if (stoppedBy !== undefined) time += leap; // again each time: the first reading may be what the solver counts from
    return time;
  };
  return {
    run(solve) {
      Date.now = now;
      try {
        return solve();
      } finally {
        Date.now = realNow;
      }
    },
    get stoppedBy() {
      return stoppedBy;
    },
  };
}
