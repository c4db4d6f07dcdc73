import type { z } from 'zod';
import { guestDemand } from '../../src/nova/guest-demand.ts';
import type { PciRequestFacts } from '../../src/nova/guest.ts';
import { hostState } from '../../src/nova/host-state.ts';
import type { PciPoolFacts } from '../../src/nova/host-facts.ts';
import { type Fit, fitGuest } from '../../src/nova/numa-fit.ts';
import { fitInput } from './schema.ts';

export function numaFit(input: unknown) {
  return describe(judge(fitInput.parse(input)));
}

/** The case in the terms of `src/nova`. */
export function setUp(
  { host, guest, limits, cellOrder }: z.output<typeof fitInput>,
  pciPools: readonly PciPoolFacts[] = [],
  pciRequests: readonly PciRequestFacts[] = [],
) {
  return {
    state: hostState({ cells: host.cells, pciPools }),
    demand: guestDemand(guest, pciRequests, limits?.network ?? undefined),
    options: {
      ...(limits === undefined ? {} : { limits }),
      cellOrder,
      sparesDevices: true,
      pinnedChecksFreeSmallPages: false, // the verdicts are of 26.2.2
    },
  };
}

export function describe(fit: Fit) {
  if (!fit.fits) return { fits: false };
  return {
    fits: true,
    cells: fit.cells.map(({ hostCellId, pinnedCpuCount, reservedCpuCount, pageSizeKiB }) => ({
      hostCellId,
      pinnedCpuCount,
      reservedCpuCount,
      pageSizeKiB: pageSizeKiB ?? null,
    })),
  };
}

function judge(input: z.output<typeof fitInput>): Fit {
  const { state, demand, options } = setUp(input);
  return fitGuest(state, demand, options);
}
