import { invariant } from './invariant.ts';

/** Chance that can be repeated: the same seed and stream give the same numbers on every machine. */
export interface Rng {
  /** An integer from 0 to 4,294,967,295, each as likely as the others. */
  nextUint32(): number;
  /** An integer from 0 to `n` - 1, each exactly as likely as the others; `n` from 1 to 2^32. */
  nextInt(n: number): number;
  /** A number from 0 up to, but not including, 1, in steps of 2^-32. */
  nextFloat(): number;
  /** The items in a random order, every order as likely as the others; the input stays as it is. */
  shuffle<Item>(items: readonly Item[]): Item[];
}

const twoTo32 = 2 ** 32;
const warmUpRounds = 15; // as PractRand does for a seed of three words

/**
 * Makes a generator (sfc32, Chris Doty-Humphrey's Small Fast Counting generator).
 *
 * @param seed an integer from 0 to 2^53 - 1
 * @param stream an integer from 0 to 2^32 - 1; streams of one seed are independent, one for each searcher
 */
export function createRng(seed: number, stream = 0): Rng {
  invariant(Number.isSafeInteger(seed) && seed >= 0, `seed ${seed} is not an integer from 0 to 2^53 - 1`);
  invariant(
    Number.isInteger(stream) && stream >= 0 && stream < twoTo32,
    `stream ${stream} is not a 32-bit integer`,
  );

  let a = seed | 0;
  let b = Math.floor(seed / twoTo32) | 0;
  let c = stream | 0;
  let counter = 1;

  function nextUint32(): number {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  function nextInt(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > twoTo32)
      invariant(false, `nextInt(${n}): want an integer from 1 to 2^32`);
    const fair = twoTo32 - (twoTo32 % n); // draws from here on would favour small numbers
    let draw = nextUint32();
    while (draw >= fair) draw = nextUint32();
    return draw % n;
  }

  function shuffle<Item>(items: readonly Item[]): Item[] {
    const shuffled: Item[] = [];
    for (const [end, item] of items.entries()) {
      const at = nextInt(end + 1);
      shuffled.push(item);
      shuffled.copyWithin(end, at, at + 1);
      shuffled[at] = item;
    }
    return shuffled;
  }

  for (let round = 0; round < warmUpRounds; round += 1) nextUint32();
  return { nextUint32, nextInt, nextFloat: () => nextUint32() / twoTo32, shuffle };
}
