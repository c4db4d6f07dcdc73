import { expect, it } from 'vitest';
import type { PageStep } from '../../../src/report/page/page-data.ts';
import { byWaves, neighbourhood } from '../../../src/page/model/graph-layout.ts';

const step = (id: string, wave: number, ...waits: readonly number[]): PageStep => ({
  id,
  kind: 'live',
  wave,
  startSeconds: 0,
  endSeconds: 1,
  reason: 0,
  facts: [],
  waitsFor: waits.map((other) => ({ step: other, until: 'ended' })),
});

// a <- b <- d, a <- c <- d, d <- e
const steps = [step('a', 1), step('b', 2, 0), step('c', 2, 0), step('d', 3, 1, 2), step('e', 4, 3)];
const waiting = [[1, 2], [3], [3], [4], []];

it('puts what a step waits for to the left and what waits for it to the right, each where it is met first', () => {
  const { columns, edges } = neighbourhood(steps, waiting, 3, 2, 14);

  expect(columns.map(({ title, steps: list }) => [title, list])).toEqual([
    ['2 steps before', [0]],
    ['waits for', [1, 2]],
    ['this step', [3]],
    ['waits for this step', [4]],
  ]);
  expect(edges.map(({ from, to }) => `${from}-${to}`)).toEqual(['0-1', '0-2', '1-3', '2-3', '3-4']);
});

it('stops at the depth, and says how many more a column has', () => {
  const { columns } = neighbourhood(steps, waiting, 0, 1, 1);

  expect(columns).toEqual([
    { title: 'this step', steps: [0], more: 0 },
    { title: 'waits for this step', steps: [1], more: 1 },
  ]);
});

it('draws the whole plan a column a wave, and not at all where it is too large', () => {
  expect(byWaves(steps)?.columns.map((column) => column.steps)).toEqual([[0], [1, 2], [3], [4]]);
  expect(byWaves(Array.from({ length: 151 }, (_, i) => step(`m${i}`, 1)))).toBeUndefined();
  const tangle = Array.from({ length: 60 }, (_, i) =>
    step(`m${i}`, 1, ...Array.from({ length: i }, (_x, j) => j)),
  );
  expect(byWaves(tangle)).toBeUndefined();
});
