import { at } from '../../../shared/at.ts';

/** Lists of numbers one after the other: those of i are `items[first[i]]` up to, not including, `items[first[i + 1]]`. */
export interface Lists {
  readonly first: Int32Array;
  readonly items: Int32Array;
}

export function joinLists(lists: readonly (readonly number[])[]): Lists {
  const first = new Int32Array(lists.length + 1);
  for (const [i, list] of lists.entries()) first[i + 1] = at(first, i) + list.length;
  return { first, items: Int32Array.from(lists.flat()) };
}
