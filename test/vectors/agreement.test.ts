import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { claimFromFit, claimFromPins } from '../../src/nova/claim.ts';
import { mayDiffer } from '../../src/nova/may-differ.ts';
import { fitGuest } from '../../src/nova/numa-fit.ts';
import { agreementOf, moreFiles, recordedFiles } from './agreement.ts';
import { readCases } from './cases.ts';
import { setUp } from './numa-fit.ts';
import { pciFitInput } from './numa-pci-fit.ts';
import { suites } from './registry.ts';
import { fitInput } from './schema.ts';

const files = recordedFiles().map((file) => [basename(file, '.jsonl.gz'), file] as const);

it('has recorded verdicts for every suite', () => {
  expect(files.map(([suite]) => suite)).toEqual([...suites.keys()].sort());
});

it.each(files)('agrees with every recorded verdict of %s', async (_, file) => {
  const { disagreeing, cases, quirks } = await agreementOf(file);

  expect(disagreeing).toEqual([]);
  expect(cases + quirks).toBeGreaterThan(500);
});

it.each(moreFiles().map((file) => [basename(file, '.jsonl.gz'), file] as const))(
  'agrees with the verdicts of %s that were recorded later',
  async (suite, file) => {
    const { disagreeing, cases } = await agreementOf(file);

    expect(suites.has(suite)).toBe(true);
    expect(disagreeing).toEqual([]);
    expect(cases).toBeGreaterThan(50);
  },
);

const Recorded = z.object({
  quirk: z.boolean().optional(),
  input: z.unknown(),
  expected: z.object({
    fits: z.boolean(),
    exactPinning: z
      .array(
        z.object({
          pinning: z.array(z.tuple([z.number(), z.number()])),
          reserved: z.array(z.number()),
        }),
      )
      .optional(),
  }),
});

const fitFiles = files.filter(([suite]) => suite === 'numa-fit' || suite === 'numa-pci-fit');

const moreFitFiles = moreFiles()
  .map((file) => [basename(file, '.jsonl.gz'), file] as const)
  .filter(([suite]) => suite === 'numa-fit' || suite === 'numa-pci-fit');

function read(suite: string, input: unknown) {
  if (suite === 'numa-fit') return setUp(fitInput.parse(input));
  const { pciPools, pciRequests, ...rest } = pciFitInput.parse(input);
  return setUp(rest, pciPools, pciRequests);
}

it.each([...fitFiles, ...moreFitFiles])(
  'warns of every case of %s in which the search of Nova differs from its rules',
  async (suite, file) => {
    let quirks = 0;
    for await (const { line } of readCases(file)) {
      const recorded = Recorded.parse(JSON.parse(line));
      if (recorded.quirk !== true) continue;
      quirks++;
      const { demand, state } = read(suite, recorded.input);
      expect(mayDiffer(demand, state.layout)).not.toEqual([]);
    }
    expect(quirks).toBeGreaterThan(0);
  },
);

it.each(fitFiles)('takes the same threads of each core as Nova pinned in %s', async (suite, file) => {
  for await (const { line } of readCases(file)) {
    const { quirk, input, expected } = Recorded.parse(JSON.parse(line));
    if (quirk === true || expected.exactPinning === undefined) continue;
    const { state, demand, options } = read(suite, input);
    // Nova may then return the name of one cell with the pins of another.
    if (mayDiffer(demand, state.layout).includes('cell-cache')) continue;
    const fit = fitGuest(state, demand, options);
    if (!fit.fits) throw new Error(`does not fit: ${line}`);
    const claim = claimFromFit(state.layout, demand, fit);
    const pins = expected.exactPinning.map(({ pinning, reserved }, index) => ({
      hostCellId: fit.cells[index]?.hostCellId ?? -1,
      sharedVcpus: Array.from({ length: demand.cells[index]?.sharedVcpus ?? 0 }, (_, vcpu) => vcpu),
      pinning,
      reservedCpus: reserved,
      memoryMiB: demand.cells[index]?.memoryMiB ?? 0,
      isolatesThreads: demand.threadPolicy === 'isolate',
      ...(fit.cells[index]?.pageSizeKiB === undefined ? {} : { pageSizeKiB: fit.cells[index].pageSizeKiB }),
    }));

    const recorded = claimFromPins(state.layout, pins, fit.pci);

    expect(sorted(claim)).toEqual(sorted(recorded));
  }
});

function sorted(claim: ReturnType<typeof claimFromPins>) {
  return claim.cells.map((cell) => ({ ...cell, threads: cell.threads.toSorted(([a], [b]) => a - b) }));
}
