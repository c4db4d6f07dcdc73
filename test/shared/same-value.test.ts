import fc from 'fast-check';
import { expect, it } from 'vitest';
import { differingMembers, sameValue } from '../../src/shared/same-value.ts';

it('agrees with JSON where values are JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      expect(sameValue(a, structuredClone(a))).toBe(true);
      if (sameValue(a, b)) expect(b).toEqual(a);
    }),
  );
});

it.each([
  [new Set([1, 2]), new Set([2, 1]), true],
  [new Set([1]), new Set([2]), false],
  [new Map([['a', [1]]]), new Map([['a', [1]]]), true],
  [new Map([['a', [1]]]), new Map([['a', [2]]]), false],
  [new Map([['a', undefined]]), new Map([['b', undefined]]), false],
  [{ a: 1, b: undefined }, { a: 1 }, true],
  [{ a: 1 }, { a: 1, b: 2 }, false],
  [{ a: undefined }, { b: 1 }, false],
  [[1], { 0: 1 }, false],
  [null, {}, false],
])('%o and %o: %s', (a, b, same) => {
  expect(sameValue(a, b)).toBe(same);
  expect(sameValue(b, a)).toBe(same);
});

it('names the members that differ', () => {
  expect(differingMembers({ b: 1, a: [1], c: 0 }, { a: [2], c: 0, d: 1 })).toEqual(['a', 'b', 'd']);
});
