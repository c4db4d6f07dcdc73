import { expect, it } from 'vitest';
import type { ThreadPolicy } from '../../src/nova/guest.ts';
import type { NumaCell } from '../../src/model/numa.ts';
import { type CellState, hostState } from '../../src/nova/host-state.ts';
import { canPack, pack } from '../../src/nova/thread-packing.ts';
import { aHostCell, aLegacyCell } from './builders.ts';

function stateOf(cell: NumaCell): CellState {
  const [state] = hostState({ cells: [cell], pciPools: [] }).cells;
  if (state === undefined) throw new Error('the host has no cell');
  return state;
}

const threadsOf = (cell: NumaCell, vcpus: number, reserved: number, policy?: ThreadPolicy) =>
  pack(stateOf(cell), vcpus, reserved, policy).threads;

it('never packs a guest cell without pinned vCPUs, since Nova takes an empty pinning for a failed one', () => {
  const cell = stateOf(aHostCell());

  expect(canPack(cell, 0, 0, undefined)).toBe(false);
  expect(canPack(cell, 0, 1, 'prefer')).toBe(false);
});

it('fills whole cores first with policy prefer', () => {
  const cell = aLegacyCell([[0, 1], [2, 3], [4, 5]], { pinnedCpus: [1] }); // prettier-ignore

  expect(threadsOf(cell, 3, 0, 'prefer')).toEqual([
    [1, 2],
    [2, 1],
  ]);
});

it('falls back to any free threads with policy prefer', () => {
  const cell = aLegacyCell([[0, 1], [2, 3], [4, 5]], { pinnedCpus: [1, 3] }); // prettier-ignore

  expect(threadsOf(cell, 4, 0, 'prefer')).toEqual([
    [0, 1],
    [1, 1],
    [2, 2],
  ]);
});

it('takes an odd number of threads with policy require, and no lonely ones', () => {
  const fragmented = stateOf(aLegacyCell([[0, 1], [2, 3]], { pinnedCpus: [0, 2] })); // prettier-ignore
  const whole = aLegacyCell([[0, 1], [2, 3]]); // prettier-ignore

  expect(canPack(fragmented, 2, 0, 'require')).toBe(false);
  expect(canPack(fragmented, 2, 0, 'prefer')).toBe(true);
  expect(threadsOf(whole, 3, 0, 'require')).toEqual([
    [0, 2],
    [1, 1],
  ]);
});

it('refuses policy require without SMT', () => {
  expect(canPack(stateOf(aLegacyCell([[0], [1]])), 1, 0, 'require')).toBe(false);
});

it('refuses policy isolate on SMT cells unless all CPUs are shared and dedicated at once', () => {
  const modern = stateOf(aHostCell({ dedicatedCpus: [2, 3], siblings: [[2, 3], [0, 1]] })); // prettier-ignore
  const legacy = stateOf(aLegacyCell([[2, 3]]));

  expect(canPack(modern, 1, 0, 'isolate')).toBe(false);
  expect(canPack(legacy, 1, 0, 'isolate')).toBe(true);
});

it('counts shared CPUs when it tells whether a cell has SMT', () => {
  const onlySharedSmt = stateOf(aHostCell({ dedicatedCpus: [2, 3], siblings: [[0, 1], [2], [3]] })); // prettier-ignore
  const noSmt = stateOf(aHostCell({ dedicatedCpus: [2, 3], siblings: [[0], [1], [2], [3]] })); // prettier-ignore

  expect(canPack(onlySharedSmt, 1, 0, 'isolate')).toBe(false);
  expect(canPack(noSmt, 1, 0, 'isolate')).toBe(true);
});

it('takes whole cores with policy isolate', () => {
  expect(threadsOf(aLegacyCell([[0, 1], [2, 3]]), 2, 0, 'isolate')).toEqual([
    [0, 2],
    [1, 2],
  ]); // prettier-ignore
});

it('puts the isolated emulator CPU beside the vCPUs when policy isolate does not keep them apart', () => {
  expect(threadsOf(aLegacyCell([[0, 1], [2, 3]]), 1, 1, 'prefer')).toEqual([[0, 2]]); // prettier-ignore
});

it('accepts a partly used core for the emulator CPU of policy isolate and says that pinning will fail there', () => {
  const cell = stateOf(aLegacyCell([[0, 1], [2, 3]], { pinnedCpus: [3] })); // prettier-ignore

  expect(canPack(cell, 1, 1, 'isolate')).toBe(true);
  expect(pack(cell, 1, 1, 'isolate')).toEqual({
    threads: [
      [0, 2],
      [1, 2],
    ],
    collides: true,
  });
});

it('needs a core that the vCPUs do not use for the emulator CPU of policy isolate', () => {
  const cell = stateOf(aLegacyCell([[0, 1], [2, 3]], { pinnedCpus: [2, 3] })); // prettier-ignore

  expect(canPack(cell, 1, 0, 'isolate')).toBe(true);
  expect(canPack(cell, 1, 1, 'isolate')).toBe(false);
});
