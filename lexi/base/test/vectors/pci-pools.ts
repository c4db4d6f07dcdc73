import { z } from 'zod';
import { guestDemand } from '../../src/nova/guest-demand.ts';
import { type HostState, hostState } from '../../src/nova/host-state.ts';
import { type FoundFit, fitGuest } from '../../src/nova/numa-fit.ts';
import { pciPools as pools, pciRequests as requests } from './schema.ts';

const Input = z.object({ pools, requests });

export function pciPools(input: unknown) {
  const parsed = Input.parse(input);
  const state = hostState({ cells: [], pciPools: parsed.pools });
  const options = { cellOrder: 'spread', pinnedChecksFreeSmallPages: false } as const;
  const fit = fitGuest(state, guestDemand(undefined, parsed.requests), options);
  return fit.fits ? { supported: true, remaining: remainingDevices(state, fit) } : { supported: false };
}

/** Devices left per pool, in input order. */
export function remainingDevices(state: HostState, fit: FoundFit): number[] {
  const left = [...state.pciFree];
  for (const [pool, devices] of fit.pci) left[pool] = (left[pool] ?? 0) - devices;
  return left;
}
