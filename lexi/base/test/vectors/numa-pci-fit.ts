import { fitGuest } from '../../src/nova/numa-fit.ts';
import { describe, setUp } from './numa-fit.ts';
import { remainingDevices } from './pci-pools.ts';
import { fitInput, pciPools, pciRequests } from './schema.ts';

export const pciFitInput = fitInput.extend({ pciPools, pciRequests });

export function numaPciFit(input: unknown) {
  const parsed = pciFitInput.parse(input);
  const { state, demand, options } = setUp(parsed, parsed.pciPools, parsed.pciRequests);
  const fit = fitGuest(state, demand, options);
  return fit.fits ? { ...describe(fit), remainingPci: remainingDevices(state, fit) } : { fits: false };
}
