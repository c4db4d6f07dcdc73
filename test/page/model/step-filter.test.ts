import { expect, it } from 'vitest';
import { chooseSteps, noFilter, type StepFilter, type SortKey } from '../../../src/page/model/step-filter.ts';
import { drawnPage } from '../../browser/support/drawn-page.ts';

const data = drawnPage({ hosts: 6, moves: 12 });
const chosen = (filter: Partial<StepFilter>) =>
  chooseSteps(data, { ...noFilter, ...filter }, { key: 'order', descending: false }).map(
    (i) => data.steps[i]?.id,
  );
const sorted = (key: SortKey, descending = false) =>
  chooseSteps(data, noFilter, { key, descending }).map((i) => data.steps[i]?.id);

it('keeps the steps that pass every part of the filter', () => {
  expect(chosen({ kind: 'cold' })).toEqual(['m10']);
  expect(chosen({ wave: 2 })).toEqual(['m9', 'm10', 'm11', 'm12']);
  expect(chosen({ freed: 4 })).toEqual(['m2', 'm5', 'm8', 'm11']);
  expect(chosen({ host: 'CMP-5' })).toEqual(['m2', 'm5', 'm8', 'm11']);
  expect(chosen({ search: 'web-11' })).toEqual(['m11']);
  expect(chosen({ search: 'frees a HOST' }).length).toBe(12);
  expect(chosen({ search: 'web', kind: 'live', wave: 2, host: 'cmp-5' })).toEqual(['m11']);
});

it('sorts names by the numbers in them, and leaves equal steps in the order of the plan', () => {
  expect(sorted('server').slice(0, 3)).toEqual(['m1', 'm2', 'm3']);
  expect(sorted('server', true)[0]).toBe('m12');
  expect(sorted('wave', true).slice(0, 5)).toEqual(['m9', 'm10', 'm11', 'm12', 'm1']);
  expect(sorted('kind')[0]).toBe('m10');
  expect(sorted('order', true)[0]).toBe('m12');
});
