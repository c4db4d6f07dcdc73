import { describe, expect, it } from 'vitest';
import { fitOptions } from '../../src/constraints/fit-options.ts';
import type { Host } from '../../src/model/host.ts';
import { aCloud, aContext, aHost, hostId } from '../support/builders.ts';
import { aProvider } from '../support/parts.ts';

describe('overcommit ratios', () => {
  const limits = (over: Partial<Host>) =>
    fitOptions(aContext(aCloud({ hosts: [aHost('h1', over)] })))(hostId('h1')).limits;
  const root = aProvider('h1', {});
  const inventory = { total: 10, reserved: 0, minUnit: 1, maxUnit: 10, stepSize: 1 };
  const providers = [
    {
      ...root,
      inventories: new Map([
        ['VCPU', { ...inventory, allocationRatio: 16 }],
        ['MEMORY_MB', { ...inventory, allocationRatio: 1.5 }],
      ]),
    },
  ];

  it("are those of the compute node, then Placement's, then the strictest default", () => {
    expect(limits({ cpuAllocationRatio: 8, ramAllocationRatio: 1.2, providers })).toEqual({
      cpuRatio: 8,
      ramRatio: 1.2,
    });
    expect(limits({ providers })).toEqual({ cpuRatio: 16, ramRatio: 1.5 });
    expect(limits({ providers: [] })).toEqual({ cpuRatio: 4, ramRatio: 1 });
  });
});
