import { expect, it } from 'vitest';
import { type PinnedCell, usageWith } from '../../src/nova/usage.ts';
import { aHostCell, aLegacyCell } from './builders.ts';

function aPlacedCell(given: Partial<PinnedCell> = {}): PinnedCell {
  return {
    hostCellId: 0,
    sharedVcpus: [],
    pinning: [],
    reservedCpus: [],
    memoryMiB: 0,
    pageSizeKiB: undefined,
    cpuPolicy: 'dedicated',
    threadPolicy: undefined,
    ...given,
  };
}

it('frees one page more than it took where memory is no multiple of the page size', () => {
  const cell = aHostCell({ pages: [{ sizeKiB: 2048, total: 100, used: 10, reserved: 0 }] });
  const guest = [aPlacedCell({ memoryMiB: 3, pageSizeKiB: 2048 })];

  const placed = usageWith([cell], guest, 'place');
  const freed = placed.ok ? usageWith(placed.value, guest, 'free') : placed;

  expect(placed).toMatchObject({ value: [{ pages: [{ used: 11 }] }] });
  expect(freed).toMatchObject({ value: [{ pages: [{ used: 9 }] }] });
});

it('takes the siblings of pinned and reserved CPUs with thread policy isolate', () => {
  const cell = aLegacyCell([[0, 1], [2, 3]]); // prettier-ignore

  const guest = [aPlacedCell({ pinning: [[0, 0]], reservedCpus: [2], threadPolicy: 'isolate' })];

  expect(usageWith([cell], guest, 'place')).toMatchObject({ value: [{ pinnedCpus: [0, 1, 2, 3] }] });
  expect(usageWith([{ ...cell, pinnedCpus: [3] }], guest, 'place')).toMatchObject({
    ok: false,
    error: { errorClass: 'CPUPinningInvalid' },
  });
});

it('refuses CPUs that are not dedicated, and freeing what is not pinned', () => {
  const cell = aHostCell();

  expect(usageWith([cell], [aPlacedCell({ pinning: [[0, 0]] })], 'place')).toMatchObject({
    error: { errorClass: 'CPUPinningUnknown' },
  });
  expect(usageWith([cell], [aPlacedCell({ pinning: [[0, 2]] })], 'free')).toMatchObject({
    error: { errorClass: 'CPUUnpinningInvalid' },
  });
});

it('ignores guest cells on unknown host cells and never counts below zero', () => {
  const cell = aHostCell({ memoryUsedMiB: 5 });

  expect(usageWith([cell], [aPlacedCell({ hostCellId: 9, memoryMiB: 5 })], 'place')).toEqual({
    ok: true,
    value: [cell],
  });
  expect(usageWith([cell], [aPlacedCell({ memoryMiB: 50, cpuPolicy: 'shared' })], 'free')).toMatchObject({
    value: [{ memoryUsedMiB: 0 }],
  });
});
