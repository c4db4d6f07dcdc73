/** Seconds [from, to) since the start of a timetable. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** The same seconds, ascending and disjoint. */
export function united(intervals: readonly Interval[]): readonly Interval[] {
  const merged: Interval[] = [];
  for (const { from, to } of intervals
    .filter((one) => one.to > one.from)
    .toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last === undefined || from > last.to) merged.push({ from, to });
    else merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, to) };
  }
  return merged;
}

/** What of [from, to) lies in none of the intervals, which are ascending and disjoint. */
export function gaps(intervals: readonly Interval[], from: number, to: number): readonly Interval[] {
  const free: Interval[] = [];
  let at = from;
  for (const one of intervals) {
    if (one.from > at) free.push({ from: at, to: Math.min(one.from, to) });
    at = Math.max(at, one.to);
    if (at >= to) return free.filter((gap) => gap.to > gap.from);
  }
  return at < to ? [...free, { from: at, to }] : free;
}

/** The first second from `at` on from which so many seconds are in none of the intervals. */
export function firstOpen(closed: readonly Interval[], at: number, seconds: number): number {
  let start = at;
  for (const { from, to } of closed) {
    if (to <= start) continue;
    if (from >= start + seconds) return start;
    start = to;
  }
  return start;
}

/** The first of the intervals that shares a second with [from, to). */
export const overlapping = (closed: readonly Interval[], from: number, to: number): Interval | undefined =>
  closed.find((one) => one.from < to && from < one.to);
