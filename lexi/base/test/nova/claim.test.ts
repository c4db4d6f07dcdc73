import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addClaim, claimFromPins, claimGuest, poolOfDevice, releaseClaim } from '../../src/nova/claim.ts';
import { guestDemand } from '../../src/nova/guest-demand.ts';
import { hostLayout } from '../../src/nova/host-layout.ts';
import { copyHostState, hostState } from '../../src/nova/host-state.ts';
import { fitGuest } from '../../src/nova/numa-fit.ts';
import { aGuest, aHost, aLegacyCell, anyGuest, anyHost, aPool, zed } from './builders.ts';

const placedCell = {
  hostCellId: 0,
  sharedVcpus: [],
  pinning: [],
  reservedCpus: [],
  memoryMiB: 0,
  isolatesThreads: false,
};

it('restores a host exactly when a claim is taken back, in any order of claims', () => {
  const requests = [{ count: 1, specs: [{ vendor_id: '8086' }], numaPolicy: 'preferred' }] as const;
  fc.assert(
    fc.property(
      anyHost,
      fc.array(anyGuest, { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      (host, guests, reverse) => {
        const state = hostState(host);
        const before = copyHostState(state);
        const claims = guests.flatMap((guest, index) => {
          const demand = guestDemand(guest, index % 2 === 0 ? requests : []);
          const fit = fitGuest(state, demand, zed);
          return fit.fits ? [claimGuest(state, demand, fit)] : [];
        });
        if (claims.length > 0) expect(state).not.toEqual(before);

        for (const claim of reverse ? claims.toReversed() : claims) releaseClaim(state, claim);

        expect(state).toEqual(before);
      },
    ),
    { seed: 1, numRuns: 2000 },
  );
});

it('leaves room for a guest that has just left', () => {
  fc.assert(
    fc.property(anyHost, anyGuest, (host, guest) => {
      const state = hostState(host);
      const demand = guestDemand(guest);
      const fit = fitGuest(state, demand, zed);
      fc.pre(fit.fits);
      releaseClaim(state, claimGuest(state, demand, fit));

      expect(fitGuest(state, demand, zed)).toEqual(fit);
    }),
    { seed: 1, numRuns: 500 },
  );
});

it('restores a host that claims have over-committed', () => {
  const state = hostState(aHost([{ pinnedCpus: [2] }]));
  const before = copyHostState(state);
  const claim = claimFromPins(state.layout, [{ ...placedCell, pinning: [[0, 2], [1, 3]], memoryMiB: 99999 }]); // prettier-ignore

  addClaim(state, claim);
  expect(state.cells[0]?.freeThreads).toEqual(Int16Array.of(-1, 2));
  expect(state.cells[0]?.freeDedicatedCpus).toBe(2);
  releaseClaim(state, claim);

  expect(state).toEqual(before);
});

it('counts recorded pins and emulator CPUs by core', () => {
  const layout = hostLayout(aHost());

  const claim = claimFromPins(layout, [{ ...placedCell, pinning: [[0, 2], [1, 4]], reservedCpus: [5] }]); // prettier-ignore

  expect(claim.cells[0]?.threads).toEqual([
    [0, 1],
    [1, 2],
  ]);
});

it('takes whole cores for recorded pins of thread policy isolate', () => {
  const layout = hostLayout({ cells: [aLegacyCell([[0, 1], [2, 3]])], pciPools: [] }); // prettier-ignore

  const claim = claimFromPins(layout, [
    { ...placedCell, pinning: [[0, 0]], reservedCpus: [3], isolatesThreads: true },
  ]);

  expect(claim.cells[0]?.threads).toEqual([
    [0, 2],
    [1, 2],
  ]);
});

it('charges the smallest page size where none was asked for', () => {
  const state = hostState(aHost());
  const demand = guestDemand(aGuest([{ memoryMiB: 8 }]));
  const fit = fitGuest(state, demand, zed);
  if (!fit.fits) throw new Error('it fits');

  claimGuest(state, demand, fit);

  expect(state.cells[0]?.pagesUsed).toEqual(Float64Array.of(2048));
});

it('ignores cells that the host does not have', () => {
  const state = hostState(aHost());
  const before = copyHostState(state);

  addClaim(
    state,
    claimFromPins(state.layout, [{ ...placedCell, hostCellId: 7, pinning: [[0, 2]], memoryMiB: 5 }]),
  );

  expect(state).toEqual(before);
});

it('knows the pool of a device by node and attributes', () => {
  const layout = hostLayout(aHost([{}], [aPool({ numaNode: 0 }), aPool({ numaNode: 1 })]));

  expect(poolOfDevice(layout, aPool({ numaNode: 1 }))).toBe(1);
  expect(poolOfDevice(layout, aPool({ numaNode: 1, tags: { physical_network: 'a' } }))).toBeUndefined();
});
