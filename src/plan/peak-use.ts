/** How much of something is in use in [startSeconds, endSeconds). */
export interface Use {
  readonly step: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly amount: number;
}

/** The most that is in use at one instant. */
export interface PeakUse {
  readonly amount: number;
  /** The step with whose start it is; absent when nothing is in use. */
  readonly step?: string;
  readonly atSeconds: number;
}

interface Edge {
  readonly at: number;
  readonly by: number;
  readonly step: string;
}

/** In time; what ends at an instant makes room for what starts then. */
const endsFirst = (a: Edge, b: Edge): number => (a.at === b.at ? a.by - b.by : a.at - b.at);

/** The highest sum of uses that overlap, and when it is reached first. */
export function peakUse(uses: readonly Use[]): PeakUse {
  let peak: PeakUse = { amount: 0, atSeconds: 0 };
  for (const { at, step, now } of edgesOf(uses))
    if (now > peak.amount) peak = { amount: now, step, atSeconds: at };
  return peak;
}

/** What is in use from each instant on, in the order of time; from the last one on it is nothing. */
export function useOverTime(
  uses: readonly Use[],
): readonly { readonly atSeconds: number; readonly amount: number }[] {
  const amounts = new Map(edgesOf(uses).map(({ at, now }) => [at, now]));
  let last = 0;
  return [...amounts].flatMap(([atSeconds, amount]) => {
    const isNews = amount !== last;
    last = amount;
    return isNews ? [{ atSeconds, amount }] : [];
  });
}

/** Starts and ends in time, each with what is in use after it. */
function edgesOf(uses: readonly Use[]): readonly (Edge & { readonly now: number })[] {
  const edges = uses.flatMap(({ step, startSeconds, endSeconds, amount }): readonly Edge[] => [
    { at: startSeconds, by: amount, step },
    { at: endSeconds, by: -amount, step },
  ]);
  let now = 0;
  return edges.toSorted(endsFirst).map((edge) => {
    now += edge.by;
    return { ...edge, now };
  });
}
