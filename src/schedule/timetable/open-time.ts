import type { Interval } from '../../replay/calendar/intervals.ts';

/** The seconds in all of the lists. */
export function commonClosed(lists: readonly (readonly Interval[])[]): readonly Interval[] {
  const [first = [], ...others] = new Set(lists);
  let common = first;
  for (const list of others) {
    if (common.length === 0) break;
    common = overlaps(common, list);
  }
  return common;
}

function overlaps(a: readonly Interval[], b: readonly Interval[]): readonly Interval[] {
  return a.flatMap((one) =>
    b
      .map((other) => ({ from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) }))
      .filter(({ from, to }) => from < to),
  );
}

/** When so many seconds that are not closed have passed since `from`. */
export function openSecondsAfter(closed: readonly Interval[], from: number, seconds: number): number {
  let end = from + seconds;
  for (const interval of closed) {
    if (interval.to <= from) continue;
    if (interval.from >= end) break;
    end += interval.to - Math.max(interval.from, from);
  }
  return end;
}
