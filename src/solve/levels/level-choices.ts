import { type Levels, lowestLevel, nextLevel, shedTo } from './highest-load.ts';

/** A level of load that hosts could be held under, and what that costs at least. */
export interface LevelChoice {
  readonly level: number;
  /** What the goal pays for the highest load; for the lowest of the levels that this choice stands for. */
  readonly price: number;
  /** No answer under this level, and above the choice before, is cheaper; infinite where there is none. */
  readonly bound: number;
  /** Who leaves for that. */
  readonly leavers: readonly number[];
}

/** More levels than this are looked at in steps of about equal height. */
const mostChoices = 200;

/**
 * Every level that could be worth a look, lowest first, up to today's or a hundred percent. With levels in steps, one
 * choice stands for all between the step before and its own: they pay for more than the one and lose no less than for
 * the other.
 */
export function levelChoices(levels: Levels, highest: number): readonly LevelChoice[] {
  const lowest = lowestLevel(levels);
  const top = Math.max(lowest, highest, 100);
  const least = (top - lowest) / mostChoices;
  const choices: LevelChoice[] = [];
  let from = lowest;
  while (from <= top && choices.length <= mostChoices + 1) {
    const own = stepFrom(levels, from, least);
    const shed = shedTo(levels, own);
    const price = levels.term.weight * from;
    choices.push({
      level: own,
      price,
      bound: price + (shed?.bound ?? Infinity),
      leavers: shed?.leavers ?? [],
    });
    from = nextLevel(levels, own);
  }
  return choices;
}

/** The highest level that is less than `least` above this one, at least this one. */
function stepFrom(levels: Levels, from: number, least: number): number {
  let level = from;
  for (let next = nextLevel(levels, level); next < from + least; next = nextLevel(levels, next)) level = next;
  return level;
}
