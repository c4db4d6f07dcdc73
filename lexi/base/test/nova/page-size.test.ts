import { expect, it } from 'vitest';
import type { PageSizeRequest } from '../../src/nova/guest.ts';
import { guestDemand } from '../../src/nova/guest-demand.ts';
import type { PagePool } from '../../src/model/numa.ts';
import { hostState } from '../../src/nova/host-state.ts';
import { choosePageSize, noPageSizes, pagesDoNotFit } from '../../src/nova/page-size.ts';
import { aGuest, aHost } from './builders.ts';

function choose(
  pages: readonly PagePool[],
  guest: { memoryMiB: number; pageSize?: PageSizeRequest },
  needsFreePages = false,
): number {
  const [cell] = hostState(aHost([{ pages }])).cells;
  const [wanted] = guestDemand(aGuest([guest])).cells;
  if (cell === undefined || wanted === undefined) throw new Error('nothing to compare');
  return choosePageSize(cell, wanted, needsFreePages);
}

const small = (total: number, used = 0): PagePool => ({ sizeKiB: 4, total, used, reserved: 0 });
const huge = (total: number, used = 0, reserved = 0): PagePool => ({ sizeKiB: 2048, total, used, reserved });

it('checks the smallest size, in total and not in free pages, when none is asked for', () => {
  expect(choose([huge(8), small(256, 256)], { memoryMiB: 1 })).toBe(0);
  expect(choose([huge(8), small(255)], { memoryMiB: 1 })).toBe(pagesDoNotFit);
});

it('checks free pages of the smallest size where the release does', () => {
  expect(choose([small(256, 256)], { memoryMiB: 1 }, true)).toBe(pagesDoNotFit);
  expect(choose([small(512, 256)], { memoryMiB: 1 }, true)).toBe(0);
});

it('wants memory to be a multiple of the size even when none is asked for', () => {
  expect(choose([huge(8)], { memoryMiB: 3 })).toBe(pagesDoNotFit);
  expect(choose([huge(8)], { memoryMiB: 4 })).toBe(0);
});

it('looks at the memory of the cell when the host reports no pages', () => {
  expect(choose([], { memoryMiB: 8192 })).toBe(noPageSizes);
  expect(choose([], { memoryMiB: 8193 })).toBe(pagesDoNotFit);
  expect(choose([], { memoryMiB: 1, pageSize: 'small' })).toBe(pagesDoNotFit);
});

it('never gives the smallest size to large, and gives any the biggest that fits', () => {
  expect(choose([small(4096)], { memoryMiB: 4, pageSize: 'large' })).toBe(pagesDoNotFit);
  expect(choose([small(4096), huge(8)], { memoryMiB: 4, pageSize: 'large' })).toBe(1);
  expect(choose([small(4096), huge(8, 7)], { memoryMiB: 4, pageSize: 'any' })).toBe(0);
  expect(choose([small(4096), huge(8)], { memoryMiB: 3, pageSize: 'any' })).toBe(0);
});

it('keeps reserved pages out of reach', () => {
  expect(choose([huge(8, 0, 6)], { memoryMiB: 4, pageSize: 2048 })).toBe(0);
  expect(choose([huge(8, 0, 7)], { memoryMiB: 4, pageSize: 2048 })).toBe(pagesDoNotFit);
});

it('knows only sizes that the host has', () => {
  expect(choose([small(4096)], { memoryMiB: 4, pageSize: 2048 })).toBe(pagesDoNotFit);
});
