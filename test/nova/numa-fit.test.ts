import fc from 'fast-check';
import { expect, it } from 'vitest';
import { failedCheck } from '../../src/nova/cell-fit.ts';
import { cellsInOrder } from '../../src/nova/cell-order.ts';
import { guestDemand } from '../../src/nova/guest-demand.ts';
import type { NumaCell } from '../../src/model/numa.ts';
import { hostState } from '../../src/nova/host-state.ts';
import { explainMisfit } from '../../src/nova/misfit.ts';
import { missedNetwork } from '../../src/nova/network-affinity.ts';
import { canFit, chooseCells, fitGuest } from '../../src/nova/numa-fit.ts';
import { aGuest, aHost, aHostCell, anyGuest, anyHost, aPool, ids, zed } from './builders.ts';

const noLimits = { cellOrder: 'spread', pinnedChecksFreeSmallPages: false } as const;
const floatingCell = { sharedVcpus: [0], dedicatedVcpus: [], cpuPolicy: 'shared' } as const;

it('never puts two guest cells on one host cell', () => {
  const demand = guestDemand(aGuest([{}, {}]));

  expect(fitGuest(hostState(aHost([{}])), demand, zed)).toEqual({ fits: false });
  expect(fitGuest(hostState(aHost([{}, {}])), demand, zed)).toMatchObject({
    cells: [{ hostCellId: 0 }, { hostCellId: 1 }],
  });
});

it('never places a mixed guest of which a cell has no pinned vCPUs', () => {
  const mixed = { cpuPolicy: 'mixed', sharedVcpus: [0], dedicatedVcpus: [1] } as const;
  const state = hostState(aHost([{}, {}]));

  expect(canFit(state, guestDemand(aGuest([mixed, mixed])), zed)).toBe(true);
  expect(canFit(state, guestDemand(aGuest([mixed, { ...mixed, dedicatedVcpus: [] }])), zed)).toBe(false);
});

it('does not check ratios or networks when no limits are passed', () => {
  const state = hostState(
    aHost([{ sharedCpusUsed: 32 }, { networks: { physnets: ['a'], tunneled: false } }]),
  );
  const demand = guestDemand(aGuest([floatingCell]), [], { physnets: ['a'], tunneled: false });

  expect(fitGuest(state, demand, zed)).toMatchObject({ cells: [{ hostCellId: 1 }] });
  expect(fitGuest(state, demand, noLimits)).toMatchObject({ cells: [{ hostCellId: 1 }] });
  const full = hostState(aHost([{ sharedCpusUsed: 32 }]));
  expect(canFit(full, demand, zed)).toBe(false);
  expect(canFit(full, demand, noLimits)).toBe(true);
});

it('lets a guest use up a cell, whatever the ratio, and no more', () => {
  const state = hostState(aHost([{}]));
  const demandOf = (vcpus: number) => guestDemand(aGuest([{ ...floatingCell, sharedVcpus: ids(vcpus) }]));

  expect(canFit(state, demandOf(2), zed)).toBe(true);
  expect(canFit(state, demandOf(3), zed)).toBe(false);
});

it('compares memory of pinned guests with the cell before 30.0.0 and with free pages since', () => {
  const state = hostState(aHost([{ memoryUsedMiB: 8000 }]));
  const demand = guestDemand(aGuest());

  expect(canFit(state, demand, zed)).toBe(false);
  expect(canFit(state, demand, { ...zed, pinnedChecksFreeSmallPages: true })).toBe(true);
});

it('moves on to other cells where the devices are', () => {
  const host = aHost([{}, {}], [aPool({ numaNode: 1 })]);
  const request = { count: 1, specs: [{ product_id: '154C' }], numaPolicy: 'required' } as const;

  const fit = fitGuest(hostState(host), guestDemand(aGuest(), [request]), zed);

  expect(fit).toMatchObject({ cells: [{ hostCellId: 1 }], pci: [[0, 1]] });
});

it('lets PFs near the guest hide VFs farther away, since the NUMA policy counts both', () => {
  const pools = [aPool({ devType: 'type-PF', numaNode: 0 }), aPool({ devType: 'type-VF', numaNode: 1 })];
  const state = hostState(aHost([{}], pools));
  const request = { count: 1, specs: [{ vendor_id: '8086' }], numaPolicy: 'preferred' } as const;

  expect(canFit(state, guestDemand(aGuest(), [request]), zed)).toBe(false);
  expect(canFit(state, guestDemand(undefined, [request]), zed)).toBe(true);
});

it('takes policy socket only where every cell of the host tells its socket', () => {
  const request = { count: 1, specs: [{ vendor_id: '8086' }], numaPolicy: 'socket' } as const;
  const demand = guestDemand(aGuest([{ dedicatedVcpus: ids(4) }]), [request]);
  const fitsWithSockets = (own: number, other: number, more: readonly NumaCell[] = []) => {
    const host = aHost([{ socket: own }, { socket: other, pinnedCpus: [2] }], [aPool({ numaNode: 1 })]);
    return canFit(hostState({ ...host, cells: [...host.cells, ...more] }), demand, zed);
  };
  const { id, sharedCpus, dedicatedCpus, siblings, ...rest } = aHostCell({ id: 2 });
  const { memoryMiB, memoryUsedMiB, sharedCpusUsed, pages, networks } = rest;
  const usage = { memoryMiB, memoryUsedMiB, sharedCpusUsed, pages, networks };
  const withoutSocket = { id, sharedCpus, dedicatedCpus, siblings, pinnedCpus: dedicatedCpus, ...usage };

  expect(fitsWithSockets(0, 0)).toBe(true);
  expect(fitsWithSockets(0, 1)).toBe(false);
  expect(fitsWithSockets(0, 0, [withoutSocket])).toBe(false);
});

it('chooses what trying all orders one after the other finds first', () => {
  const networks = fc.option(fc.constant({ physnets: ['physnet0'], tunneled: true }), { nil: undefined });
  fc.assert(
    fc.property(
      anyHost,
      anyGuest,
      networks,
      fc.constantFrom(...(['spread', 'pack'] as const)),
      (host, guest, nets, cellOrder) => {
        const state = hostState(host);
        const demand = guestDemand(guest, [], nets);
        const options = { ...zed, cellOrder };
        const fitsAll = (chosen: readonly number[]) =>
          chosen.every((index, guestCell) => {
            const cell = state.cells[index];
            return cell !== undefined && failedCheck(cell, demand, guestCell, options) === undefined;
          });

        const first = permutations(cellsInOrder(state, demand, { cellOrder }), demand.cells.length).find(
          (chosen) =>
            fitsAll(chosen) && (nets === undefined || missedNetwork(state, chosen, nets) === undefined),
        );

        expect(chooseCells(state, demand, options)).toEqual(first);
      },
    ),
    { seed: 1, numRuns: 2000 },
  );
});

function permutations(items: readonly number[], length: number): number[][] {
  if (length === 0) return [[]];
  return items.flatMap((item) =>
    permutations(
      items.filter((other) => other !== item),
      length - 1,
    ).map((rest) => [item, ...rest]),
  );
}

it('finds its way on hosts of many cells whose networks are nowhere near', () => {
  const networks = { physnets: ['a'], tunneled: false };
  const host = aHost([...ids(15).map(() => ({})), { networks, pinnedCpus: [2, 3, 4, 5] }]);

  const demand = guestDemand(aGuest(ids(8).map(() => ({}))), [], networks);

  expect(canFit(hostState(host), demand, zed)).toBe(false);
});

it('says why exactly when it says no', () => {
  const request = fc.record({
    count: fc.integer({ min: 1, max: 3 }),
    specs: fc.constantFrom([{ vendor_id: '8086' }], [{ dev_type: 'type-PF' }], [{ vendor_id: '10de' }]),
    numaPolicy: fc.constantFrom('required', 'legacy', 'preferred', 'socket'),
  });
  const networks = fc.option(fc.constant({ physnets: ['physnet0'], tunneled: true }), { nil: undefined });
  fc.assert(
    fc.property(
      anyHost,
      anyGuest,
      fc.array(request, { maxLength: 2 }),
      networks,
      (host, guest, requests, nets) => {
        const state = hostState(host);
        const demand = guestDemand(guest, requests, nets);

        const { fits } = fitGuest(state, demand, zed);

        expect(canFit(state, demand, zed)).toBe(fits);
        const misfit = explainMisfit(state, demand, zed);
        expect(misfit === undefined).toBe(fits);
      },
    ),
    { seed: 1, numRuns: 2000 },
  );
});
