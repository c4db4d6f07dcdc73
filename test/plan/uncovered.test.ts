import { expect, it } from 'vitest';
import { uncovered } from '../../src/plan/uncovered.ts';

const held = (...steps: readonly string[]) => steps.map((step) => ({ step, amount: 1 }));
const among = (pairs: readonly string[]) => (step: string, by: string) => pairs.includes(`${step}<${by}`);

it('gives each part away once', () => {
  expect(uncovered(held('a', 'b', 'c'), 1, among(['a<b', 'a<c']))).toEqual([
    { step: 'c', amount: 1, atMost: 2 },
  ]);
});

it('finds other parts for takers where there are some', () => {
  const order = among(['a<c', 'b<c', 'b<d']);

  expect(uncovered(held('a', 'b', 'c', 'd'), 2, order)).toEqual([]);
});
