import type { MigrationStep } from './plan.ts';

interface Edge {
  readonly at: number;
  readonly by: number;
}

/** In time; what ends at an instant makes room for what starts then. */
const endsFirst = (a: Edge, b: Edge): number => (a.at === b.at ? a.by - b.by : a.at - b.at);

/** How many of the steps overlap at most, by the times [start, end) of the timetable. */
export function mostAtOnce(steps: readonly Pick<MigrationStep, 'predicted'>[]): number {
  const edges = steps.flatMap(({ predicted }): readonly Edge[] => [
    { at: predicted.startSeconds, by: 1 },
    { at: predicted.endSeconds, by: -1 },
  ]);
  let now = 0;
  let most = 0;
  for (const { by } of edges.toSorted(endsFirst)) {
    now += by;
    most = Math.max(most, now);
  }
  return most;
}
