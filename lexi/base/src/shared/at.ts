import { InvariantError } from './invariant.ts';

/** The item at an index that the caller knows to be in range. */
export function at<Item>(items: ArrayLike<Item>, index: number): Item {
  const item = items[index];
  if (item === undefined) throw new InvariantError(`index ${index} is outside 0 … ${items.length - 1}`);
  return item;
}
