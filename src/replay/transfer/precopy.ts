/** A downtime that is allowed from some second on. */
export interface DowntimeLimit {
  readonly fromSeconds: number;
  readonly milliseconds: number;
}

/** The copy of a running guest's memory. */
export interface Precopy {
  /** Bytes that the first round sends. */
  readonly memory: number;
  readonly bytesPerSecond: number;
  /** Bytes that are dirty after the guest has run for so many seconds; never fewer after more. */
  readonly dirtyAfter: (seconds: number) => number;
  /** Ascending in both members. */
  readonly limits: readonly DowntimeLimit[];
  /** Seconds after which it is not waited for any more. */
  readonly patienceSeconds: number;
  /** The hypervisor may slow the guest down (auto-converge). */
  readonly throttles?: boolean;
}

export interface PrecopyCourse {
  /** Whether the guest switches over by itself. */
  readonly converges: boolean;
  /** Seconds with the guest running at the source; at most the patience. */
  readonly seconds: number;
  /** Bytes that remain then: copied while the guest stands still, if it comes to that. */
  readonly left: number;
  /** Largest share of its time that the guest was stopped for by then, 0 to 1. */
  readonly throttled: number;
}

/** Rounds that are followed: past these nothing that matters shrinks. */
const maxRounds = 10_000;

/**
 * Pre-copy, round by round. Each round sends what the one before left dirty:
 *
 *     V(0) = memory,  V(i+1) = min(memory, dirtyAfter(V(i) / B)),  t(i) = (V(0) + … + V(i−1)) / B
 *
 * The guest switches over at the first instant t ≥ t(i) at which the limit in force is at least V(i) / B; what it
 * waits for meanwhile may be a smaller round or a later limit. The link is full all the time, so B · seconds + left
 * bytes are sent. Never falls with more memory, more dirt or less bandwidth, unless throttled.
 */
export function precopy(copy: Precopy): PrecopyCourse {
  const { bytesPerSecond, limits, memory, patienceSeconds } = copy;
  const brake = createBrake(copy.throttles === true);
  let left = memory;
  let seconds = 0;
  let over: PrecopyCourse | undefined;
  for (let round = 0; round < maxRounds; round += 1) {
    const downtime = left / bytesPerSecond;
    const ready = allowedFrom(downtime, limits, seconds);
    if (ready <= (over?.seconds ?? patienceSeconds))
      over = { converges: true, seconds: ready, left, throttled: brake.share() };
    if (seconds >= (over?.seconds ?? patienceSeconds)) break;
    const next = Math.min(memory, copy.dirtyAfter(downtime * (1 - brake.share())));
    seconds += downtime;
    brake.afterRound(next, left);
    if (next === left && brake.isSpent()) break;
    left = next;
  }
  return over ?? { converges: false, seconds: patienceSeconds, left, throttled: brake.share() };
}

/** The first second, not before `earliest`, from which on a downtime of so many seconds is allowed. */
function allowedFrom(downtime: number, limits: readonly DowntimeLimit[], earliest: number): number {
  const limit = limits.find(({ milliseconds }) => milliseconds >= downtime * 1000);
  return limit === undefined ? Number.POSITIVE_INFINITY : Math.max(limit.fromSeconds, earliest);
}

/** QEMU's `throttle-trigger-threshold`, `cpu-throttle-initial`, `cpu-throttle-increment`, `max-cpu-throttle`. */
const throttle = { trigger: 0.5, initial: 0.2, increment: 0.1, most: 0.99 } as const;

interface Brake {
  /** Share of its time for which the guest is stopped. */
  readonly share: () => number;
  readonly afterRound: (dirty: number, sent: number) => void;
  /** It cannot brake any harder. */
  readonly isSpent: () => boolean;
}

/**
 * Auto-converge: each second time that more than half of what a round sent is dirty after it, the guest is slowed down,
 * first to 80 %, then by 10 % more, to 1 % at last. Source: QEMU migration/ram.c migration_trigger_throttle.
 */
function createBrake(works: boolean): Brake {
  let share = 0;
  let high = 0;
  return {
    share: () => share,
    afterRound: (dirty, sent) => {
      if (!works || dirty <= sent * throttle.trigger) return;
      high += 1;
      if (high % 2 === 0)
        share = share === 0 ? throttle.initial : Math.min(throttle.most, share + throttle.increment);
    },
    isSpent: () => !works || share >= throttle.most,
  };
}
