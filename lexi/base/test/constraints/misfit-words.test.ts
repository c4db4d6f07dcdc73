import { describe, expect, it } from 'vitest';
import { describeMisfit, showPageSize } from '../../src/constraints/misfit-words.ts';
import type { Misfit } from '../../src/nova/misfit.ts';

const where = { guestCell: 0, hostCellId: 1 };
const pages = {
  kind: 'page-size',
  of: 'free',
  unit: 'pages',
  where,
  pageSize: 'large',
  unevenMemory: false,
} as const;

const cases: readonly (readonly [Misfit, string])[] = [
  [
    { kind: 'too-few-cells', measured: 2, limit: 1, unit: 'cells', where: undefined },
    'needs 2 NUMA cells, the host has 1',
  ],
  [
    { kind: 'assignment', measured: 3, limit: 2, unit: 'cells', where: undefined },
    'only 2 of 3 guest cells find a NUMA cell at the same time',
  ],
  [{ ...pages, measured: 4, limit: 3, pageSizeKiB: 1048576 }, 'needs 4 1G pages, 3 free on one cell'],
  [
    { ...pages, of: 'total', measured: 4, limit: 3, pageSizeKiB: 4 },
    'needs 4 4K pages, the cell has 3 in all',
  ],
  [
    { ...pages, of: 'total', measured: 1, limit: 0, pageSizeKiB: undefined },
    'needs 1 pages of the size asked for, the cell has 0 in all',
  ],
  [
    { ...pages, measured: 1, limit: 9, pageSizeKiB: 2048, unevenMemory: true },
    'its memory is no multiple of 2M pages',
  ],
  [
    { kind: 'pcpus', of: 'total', measured: 9, limit: 8, unit: 'cpus', where },
    'needs 9 pinned CPUs, 8 in all',
  ],
  [{ kind: 'pcpus', of: 'free', measured: 4, limit: 3, unit: 'cpus', where }, 'needs 4 pinned CPUs, 3 free'],
  [
    { kind: 'vcpus', of: 'total', measured: 4, limit: 3, unit: 'cpus', where },
    'needs 4 shared CPUs, the cell has 3',
  ],
  [
    { kind: 'vcpus', of: 'ratio', measured: 18, limit: 16, unit: 'cpus', where },
    'would put 18 floating vCPUs on the cell, the ratio allows 16',
  ],
  [{ kind: 'memory', of: 'total', measured: 9, limit: 8, unit: 'MiB', where }, 'needs 9 MiB, 8 in all'],
  [{ kind: 'memory', of: 'free', measured: 9, limit: 8, unit: 'MiB', where }, 'needs 9 MiB, 8 free'],
  [
    { kind: 'memory', of: 'ratio', measured: 9, limit: 8, unit: 'MiB', where },
    'would use 9 MiB of the cell, the ratio allows 8',
  ],
  [
    { kind: 'threads', measured: 2, limit: 3, unit: 'cpus', where },
    'needs 2 CPUs on cores as the thread policy asks; 3 are free but lie otherwise',
  ],
  [
    {
      kind: 'pci',
      request: 0,
      step: 'numa-policy',
      measured: 2,
      limit: 1,
      unit: 'devices',
      where: undefined,
    },
    'needs 2 PCI devices near it, 1 found',
  ],
  [
    { kind: 'network', network: 'net1', measured: 1, limit: 0, unit: 'networks', where: undefined },
    'network net1 is not near the chosen NUMA cells',
  ],
];

describe('describeMisfit', () => {
  it.each(cases)('puts %o in words with both numbers', (misfit, words) => {
    expect(describeMisfit(misfit)).toBe(words);
  });
});

describe('showPageSize', () => {
  it('uses the biggest unit that leaves a whole number', () => {
    expect([4, 64, 2048, 1048576, 16777216].map(showPageSize)).toEqual([
      '4K pages',
      '64K pages',
      '2M pages',
      '1G pages',
      '16G pages',
    ]);
  });
});
