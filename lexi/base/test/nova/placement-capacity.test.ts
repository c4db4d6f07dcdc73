import { expect, it } from 'vitest';
import { capacityUnits, isCandidate, judgeAllocation } from '../../src/nova/placement-capacity.ts';

const inventory = { total: 10, reserved: 1, allocationRatio: 1.5, minUnit: 2, maxUnit: 10, stepSize: 2 };

it('rounds capacity down', () => {
  expect(capacityUnits(inventory)).toBe(13);
  expect(isCandidate(inventory, 3, 10)).toBe(true);
  expect(isCandidate(inventory, 4, 10)).toBe(false);
});

it('checks units before capacity, amount by amount', () => {
  expect(judgeAllocation(inventory, 0, [12])).toBe('constraints');
  expect(judgeAllocation(inventory, 0, [3])).toBe('constraints');
  expect(judgeAllocation(inventory, 12, [2, 3])).toBe('capacity');
  expect(judgeAllocation(inventory, 0, [8, 6])).toBe('capacity');
  expect(judgeAllocation(inventory, 0, [8, 4])).toBe('ok');
});
