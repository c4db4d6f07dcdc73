import type { Step } from '../plan.ts';

/** A step is requested, or it ends. */
export interface Moment {
  readonly step: Step;
  readonly what: 'requested' | 'ended';
  readonly atSeconds: number;
}

/**
 * Requests and ends of steps in the order of time. At one instant what is under way ends first and makes room, then
 * requests follow in the order of the plan; what takes no time ends before the next request.
 */
export function momentsOf(steps: readonly Step[]): readonly Moment[] {
  const moments: Moment[] = [];
  let underWay: readonly Step[] = [];
  const endUntil = (atSeconds: number): void => {
    const over = underWay
      .filter(({ endSeconds }) => endSeconds <= atSeconds)
      .toSorted((a, b) => a.endSeconds - b.endSeconds); // stable
    if (over.length === 0) return;
    underWay = underWay.filter(({ endSeconds }) => endSeconds > atSeconds);
    for (const step of over) moments.push({ step, what: 'ended', atSeconds: step.endSeconds });
  };
  for (const step of steps.toSorted((a, b) => a.startSeconds - b.startSeconds)) {
    endUntil(step.startSeconds);
    moments.push({ step, what: 'requested', atSeconds: step.startSeconds });
    underWay = [...underWay, step];
  }
  endUntil(Infinity);
  return moments;
}
