/** A stretch of time of one step. */
export interface Stretch {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/**
 * Lines for stretches, so that no two on a line overlap: each takes the first line that is free at its start. As many
 * lines as ever run at once; one that takes no time counts as a second.
 */
export function packLanes(stretches: readonly Stretch[]): {
  readonly lanes: readonly number[];
  readonly count: number;
} {
  const freeFrom: number[] = [];
  const lanes = new Array<number>(stretches.length).fill(0);
  const order = [...stretches.keys()].sort((one, other) => earlier(one, other));

  function start(i: number): number {
    return stretches[i]?.startSeconds ?? 0;
  }

  function earlier(one: number, other: number): number {
    return start(one) === start(other) ? one - other : start(one) - start(other);
  }

  for (const i of order) {
    const free = freeFrom.findIndex((from) => from <= start(i));
    const lane = free === -1 ? freeFrom.length : free;
    lanes[i] = lane;
    freeFrom[lane] = Math.max(stretches[i]?.endSeconds ?? 0, start(i) + 1);
  }
  return { lanes, count: freeFrom.length };
}
