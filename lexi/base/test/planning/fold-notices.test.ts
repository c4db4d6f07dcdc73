import { expect, it } from 'vitest';
import { foldNotices } from '../../src/planning/fold-notices.ts';

const rule = { summary: 'servers are far' };
const notice = (text: string, key: string) => ({ text, key });

it('tells few texts one by one, each with everything that it is about, once', () => {
  expect(
    foldNotices(rule, [notice('a', 'm1'), notice('b', 'm2'), notice('a', 'm3'), notice('a', 'm3')]),
  ).toEqual([
    { text: 'a', keys: ['m1', 'm3'] },
    { text: 'b', keys: ['m2'] },
  ]);
  expect(foldNotices(rule, [])).toEqual([]);
});

it('counts many different texts in one line with an example', () => {
  const many = ['a', 'b', 'c', 'd'].map((text, index) => notice(text, `m${index}`));

  expect(foldNotices(rule, many)).toEqual([
    { text: 'servers are far: 4 times, such as: a', keys: ['m0', 'm1', 'm2', 'm3'] },
  ]);
  expect(foldNotices(rule, many.slice(1))).toHaveLength(3);
});
