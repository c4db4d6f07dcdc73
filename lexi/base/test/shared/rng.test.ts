import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng, type Rng } from '../../src/shared/rng.ts';

const draw = (count: number, next: () => number) => Array.from({ length: count }, next);
const words = (rng: Rng) => draw(5, () => rng.nextUint32());

describe('createRng', () => {
  it("gives the numbers of PractRand's sfc32", () => {
    expect(words(createRng(1))).toEqual([3387734806, 1080862987, 3546521498, 2861869171, 428981239]);
    expect(words(createRng(0))).toEqual([4216505632, 947923937, 2491578854, 3964400089, 2091952393]);
  });

  it('uses every bit of the greatest seed and stream', () => {
    expect(words(createRng(Number.MAX_SAFE_INTEGER, 2 ** 32 - 1))).toEqual([
      2244433972, 2228909368, 1976297037, 2316481001, 830113521,
    ]);
  });

  it('gives each stream of a seed numbers of its own', () => {
    const firsts = draw(1000, () => 0).map((_, stream) => createRng(7, stream).nextUint32());

    expect(new Set(firsts).size).toBe(1000);
  });

  it('refuses seeds that it could not tell apart', () => {
    expect(() => createRng(-1)).toThrow('seed -1 is not an integer from 0 to 2^53 - 1');
    expect(() => createRng(0.5)).toThrow('seed 0.5 is not an integer from 0 to 2^53 - 1');
    expect(() => createRng(2 ** 53)).toThrow('seed 9007199254740992 is not an integer from 0 to 2^53 - 1');
    expect(() => createRng(1, 2 ** 32)).toThrow('stream 4294967296 is not a 32-bit integer');
  });
});

describe('nextInt', () => {
  it('stays below n', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 2 ** 32 }), (seed, n) => {
        const number = createRng(seed).nextInt(n);

        expect(Number.isInteger(number) && number >= 0 && number < n).toBe(true);
      }),
    );
  });

  it('gives each number about as often', () => {
    const rng = createRng(3);
    const counts = [0, 0, 0, 0, 0];

    for (const number of draw(50_000, () => rng.nextInt(5))) counts[number] = (counts[number] ?? 0) + 1;

    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400); // 4.5 standard deviations
  });

  it('gives only 0 below 1', () => {
    expect(createRng(9).nextInt(1)).toBe(0);
  });

  it('refuses an empty range', () => {
    expect(() => createRng(1).nextInt(0)).toThrow('nextInt(0): want an integer from 1 to 2^32');
  });
});

describe('nextFloat', () => {
  it('is the next word as a part of one', () => {
    expect(createRng(1).nextFloat()).toBe(3387734806 / 4294967296);
  });
});

describe('shuffle', () => {
  it('gives the same order for the same seed', () => {
    expect(createRng(5).shuffle([1, 2, 3, 4, 5, 6])).toEqual(createRng(5).shuffle([1, 2, 3, 4, 5, 6]));
  });

  it('keeps every item and leaves the input alone', () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.nat({ max: 9 })), (seed, items) => {
        const before = [...items];

        const shuffled = createRng(seed).shuffle(items);

        expect(items).toEqual(before);
        expect(shuffled.toSorted()).toEqual(items.toSorted());
      }),
    );
  });

  it('gives each order about as often', () => {
    const rng = createRng(11);
    const counts = new Map<string, number>();

    for (const order of Array.from({ length: 60_000 }, () => rng.shuffle(['a', 'b', 'c']).join(''))) {
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }

    expect([...counts.keys()].toSorted()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
    for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(450);
  });
});
