/** How one rehearsal ended. */
export interface Rehearsal {
  readonly seed: number;
  readonly outcome: 'done' | 'stopped' | 'failed';
  readonly seconds: number;
  readonly text: string;
}

/** What many rehearsals come to. */
export interface Rehearsals {
  readonly runs: number;
  /** Runs that came to the end of the plan. */
  readonly done: number;
  /** Of those that did; absent when none did. */
  readonly seconds?: { readonly least: number; readonly median: number; readonly most: number };
  /** Why the others did not, most frequent first, with a seed that shows it. */
  readonly reasons: readonly { readonly text: string; readonly runs: number; readonly seed: number }[];
}

/** Adds rehearsals up. */
export function sumUp(rehearsals: readonly Rehearsal[]): Rehearsals {
  const done = rehearsals.filter(({ outcome }) => outcome === 'done');
  const seconds = done.map((rehearsal) => Math.round(rehearsal.seconds)).toSorted((a, b) => a - b);
  const [least] = seconds;
  const median = seconds[Math.floor((seconds.length - 1) / 2)];
  const most = seconds.at(-1);
  const reasons = new Map<string, { text: string; runs: number; seed: number }>();
  for (const { outcome, text, seed } of rehearsals) {
    if (outcome === 'done') continue;
    const known = reasons.get(text) ?? { text, runs: 0, seed };
    reasons.set(text, { ...known, runs: known.runs + 1 });
  }
  return {
    runs: rehearsals.length,
    done: done.length,
    ...(least !== undefined &&
      median !== undefined &&
      most !== undefined && { seconds: { least, median, most } }),
    reasons: [...reasons.values()].toSorted((a, b) => b.runs - a.runs),
  };
}
