import type { Server } from '../model/server.ts';
import { lookup } from '../nova/lookup.ts';

/** Asks for VGPU in any of its resource groups. */
export const hasVirtualGpu = ({ flavor }: Server): boolean =>
  Object.entries(flavor.extraSpecs).some(
    ([name, value]) => /^resources[a-zA-Z0-9_-]*:VGPU$/.test(name) && value !== '0',
  );

/** Has persistent memory (`hw:pmem`). */
export const hasPersistentMemory = ({ flavor }: Server): boolean =>
  (lookup(flavor.extraSpecs, 'hw:pmem') ?? '') !== '';
