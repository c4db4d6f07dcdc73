import type { TimelineBar } from './timeline.ts';

/** Columns of a line, and the time that they stand for. */
export interface Scale {
  readonly columns: number;
  readonly seconds: number;
}

/** The columns that a bar takes: one at least, and none before its start or after its end. */
export function span(
  { startSeconds, endSeconds }: Pick<TimelineBar, 'startSeconds' | 'endSeconds'>,
  { columns, seconds }: Scale,
): { readonly first: number; readonly last: number } {
  const perColumn = Math.max(seconds, 1) / columns;
  const first = Math.min(columns - 1, Math.floor(startSeconds / perColumn));
  return { first, last: Math.min(columns - 1, Math.max(first, Math.ceil(endSeconds / perColumn) - 1)) };
}

/** How many bars run at most at one instant of each column; what ends at an instant is over then. */
export function atOnce(bars: readonly TimelineBar[], scale: Scale): readonly number[] {
  const most = new Array<number>(scale.columns).fill(0);
  const edges = bars
    .filter(({ startSeconds, endSeconds }) => endSeconds > startSeconds)
    .flatMap(({ startSeconds, endSeconds }) => [
      { at: startSeconds, by: 1 },
      { at: endSeconds, by: -1 },
    ])
    .sort((a, b) => (a.at === b.at ? a.by - b.by : a.at - b.at));
  let running = 0;
  for (const [index, { at, by }] of edges.entries()) {
    running += by;
    const until = edges[index + 1]?.at ?? at;
    if (until <= at) continue;
    const { first, last } = span({ startSeconds: at, endSeconds: until }, scale);
    for (let column = first; column <= last; column += 1) most[column] = Math.max(most[column] ?? 0, running);
  }
  return most;
}

const niceSeconds = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 172_800,
  604_800,
];

/** Round times that stand at least so many columns apart. */
export function ticks(scale: Scale, apart: number): readonly number[] {
  const least = (apart * scale.seconds) / scale.columns;
  const largest = niceSeconds.at(-1) ?? 1;
  const step = niceSeconds.find((nice) => nice >= least) ?? largest * Math.ceil(least / largest);
  return Array.from({ length: Math.floor(scale.seconds / step) + 1 }, (_, index) => index * step);
}
