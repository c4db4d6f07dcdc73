import { expect, it } from 'vitest';
import { compareText, groupBy } from '../../src/shared/collections.ts';

it('groups items by key, in the order of the items', () => {
  expect([...groupBy(['b1', 'a1', 'b2'], (item) => item.charAt(0))]).toEqual([
    ['b', ['b1', 'b2']],
    ['a', ['a1']],
  ]);
});

it('orders text by code units, whatever the locale', () => {
  expect(['b', 'ä', 'a', 'B', 'a'].toSorted(compareText)).toEqual(['B', 'a', 'a', 'b', 'ä']);
});
