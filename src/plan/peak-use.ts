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
  const edges = uses.flatMap(({ step, startSeconds, endSeconds, amount }): readonly Edge[] => [
    { at: startSeconds, by: amount, step },
    { at: endSeconds, by: -amount, step },
  ]);
  let now = 0;
  let peak: PeakUse = { amount: 0, atSeconds: 0 };
  for (const { at, by, step } of edges.toSorted(endsFirst)) {
    now += by;
    if (now > peak.amount) peak = { amount: now, step, atSeconds: at };
  }
  return peak;
}
