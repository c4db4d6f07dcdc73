import { expect, it } from 'vitest';
import { cellsInOrder } from '../../src/nova/cell-order.ts';
import { guestDemand } from '../../src/nova/guest-demand.ts';
import { hostState } from '../../src/nova/host-state.ts';
import { aGuest, aHost, aPool } from './builders.ts';

const pinned = guestDemand(aGuest());
const floating = guestDemand(aGuest([{ sharedVcpus: [0], dedicatedVcpus: [], cpuPolicy: 'shared' }]));

it('keeps equal cells in the order of the host, also where it sorts downwards', () => {
  const state = hostState(aHost([{ memoryUsedMiB: 4096 }, {}, { memoryUsedMiB: 4096 }, {}]));

  expect(cellsInOrder(state, pinned, { cellOrder: 'spread' })).toEqual([1, 3, 0, 2]);
  expect(cellsInOrder(state, pinned, { cellOrder: 'pack' })).toEqual([0, 2, 1, 3]);
});

it('does not sort when the guest has as many cells as the host', () => {
  const state = hostState(aHost([{ memoryUsedMiB: 4096 }, {}]));

  expect(cellsInOrder(state, guestDemand(aGuest([{}, {}])), { cellOrder: 'spread' })).toEqual([0, 1]);
});

it('looks at free dedicated CPUs before memory for pinned guests', () => {
  const state = hostState(aHost([{ pinnedCpus: [2] }, { memoryUsedMiB: 4096 }]));

  expect(cellsInOrder(state, pinned, { cellOrder: 'spread' })).toEqual([1, 0]);
});

it('looks at floating vCPUs before memory for other guests', () => {
  const state = hostState(aHost([{ sharedCpusUsed: 1 }, { memoryUsedMiB: 4096 }]));

  expect(cellsInOrder(state, floating, { cellOrder: 'spread' })).toEqual([1, 0]);
  expect(cellsInOrder(state, floating, { cellOrder: 'pack' })).toEqual([0, 1]);
});

it('tries cells with PCI devices first for guests that want some, and last only in the scheduler for those that do not', () => {
  const state = hostState(aHost([{}, {}, {}], [aPool({ numaNode: 1, count: 2 })]));
  const wantsDevice = guestDemand(aGuest(), [{ count: 1, specs: [{ vendor_id: '8086' }] }]);

  expect(cellsInOrder(state, pinned, { cellOrder: 'spread' })).toEqual([0, 1, 2]);
  expect(cellsInOrder(state, pinned, { cellOrder: 'pack' })).toEqual([0, 1, 2]);
  expect(cellsInOrder(state, wantsDevice, { cellOrder: 'spread' })).toEqual([1, 0, 2]);
  expect(cellsInOrder(state, pinned, { cellOrder: 'spread', sparesDevices: true })).toEqual([0, 2, 1]);
});
