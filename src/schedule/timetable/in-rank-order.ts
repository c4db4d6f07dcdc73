import { at } from '../../shared/at.ts';
import { groupBy } from '../../shared/collections.ts';
import { firstDifference } from '../first-difference.ts';
import type { Compiled, CompiledTask } from './compiled.ts';

/** Starts by task; tasks that differ in nothing but their rank change places, so that lower ranks go first. */
export function inRankOrder({ tasks }: Compiled, starts: Int32Array): readonly (readonly [string, number])[] {
  const hasRanks = tasks.some(({ rank }) => rank !== 0);
  const indices = tasks.map((_, index) => index);
  const alike = groupBy(indices, (index) => (hasRanks ? signatureOf(at(tasks, index)) : index));
  return [...alike.values()].flatMap((members) => {
    const byRank = members.toSorted((a, b) => firstDifference(at(tasks, a).rank - at(tasks, b).rank, a - b));
    const times = members.map((index) => at(starts, index)).sort((a, b) => a - b);
    return byRank.map((index, place): readonly [string, number] => [at(tasks, index).id, at(times, place)]);
  });
}

/** Equal for tasks that can stand in for each other. */
function signatureOf({ seconds, uses, after, before, closed, takes, frees, apart }: CompiledTask): string {
  return JSON.stringify([seconds, uses, after, before, closed, takes, frees, apart]);
}
