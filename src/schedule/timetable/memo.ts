import { at } from '../../shared/at.ts';
import type { Compiled, CompiledTask } from './compiled.ts';
import type { Aim } from './exact.ts';

/** Sequences of the same tasks that were gone into. */
export interface Memo {
  /** False when an earlier sequence of the set leaves as much free at every instant and has cost no more. */
  isNew(set: number, starts: Int32Array, last: number, sumOfEnds: number, aim: Aim['kind']): boolean;
}

/** Sequences kept for each set; more are let through. */
const mostKept = 40;
/** Sets kept; more are let through. */
const mostSets = 400_000;

export function createMemo({ tasks }: Compiled): Memo {
  const kept = new Map<number, Int32Array[]>();
  const exact = tasks.map(countsAfterEnd);
  return {
    isNew(set, starts, last, sumOfEnds, aim) {
      const entry = new Int32Array(tasks.length + 3);
      let makespan = 0;
      for (const [index, { seconds }] of tasks.entries()) {
        const start = at(starts, index);
        if (start < 0) continue;
        const end = start + seconds;
        makespan = Math.max(makespan, end);
        entry[index] = exact[index] === true ? end : Math.max(end, last);
      }
      entry[tasks.length] = last;
      entry[tasks.length + 1] = makespan;
      if (aim === 'sum') entry[tasks.length + 2] = sumOfEnds;
      const others = kept.get(set);
      if (others === undefined) {
        if (kept.size < mostSets) kept.set(set, [entry]);
        return true;
      }
      if (others.some((other) => isNowhereAbove(other, entry))) return false;
      const left = others.filter((other) => !isNowhereAbove(entry, other));
      if (left.length < mostKept) left.push(entry);
      kept.set(set, left);
      return true;
    },
  };
}

/** Whether it matters when a task ended, although others have started since. */
const countsAfterEnd = ({ seconds, before, apart, uses }: CompiledTask): boolean =>
  apart.length > 0 || before.some(({ lag }) => lag > seconds) || uses.some((use) => use.seconds < seconds);

function isNowhereAbove(one: Int32Array, other: Int32Array): boolean {
  for (let index = 0; index < one.length; index += 1) if (at(one, index) > at(other, index)) return false;
  return true;
}
