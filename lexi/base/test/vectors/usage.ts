import { z } from 'zod';
import type { NumaCell } from '../../src/model/numa.ts';
import { usageWith } from '../../src/nova/usage.ts';
import { count, cpuPolicy, hostCell, optionalCount, threadPolicy } from './schema.ts';

const Input = z.object({
  host: z.object({ cells: z.array(hostCell) }),
  guests: z.array(
    z.object({
      cells: z.array(
        z.object({
          hostCellId: count,
          sharedVcpus: z.array(count),
          pinning: z.array(z.tuple([count, count])),
          reservedCpus: z.array(count),
          memoryMiB: count,
          pageSizeKiB: optionalCount,
          cpuPolicy,
          threadPolicy,
        }),
      ),
    }),
  ),
  place: z.array(count),
  free: z.array(count),
});

export function usage(input: unknown) {
  const { host, guests, place, free } = Input.parse(input);
  const cellsOf = (guest: number) => guests[guest]?.cells ?? [];
  let cells: readonly NumaCell[] = host.cells;
  for (const [step, guest] of place.entries()) {
    const changed = usageWith(cells, cellsOf(guest), 'place');
    if (!changed.ok) return { error: { class: changed.error.errorClass, phase: 'place', step } };
    cells = changed.value;
  }
  const afterPlacing = cells.map(describeCell);
  for (const [step, guest] of free.entries()) {
    const changed = usageWith(cells, cellsOf(guest), 'free');
    if (!changed.ok) return { afterPlacing, error: { class: changed.error.errorClass, phase: 'free', step } };
    cells = changed.value;
  }
  return { afterPlacing, afterFreeing: cells.map(describeCell) };
}

function describeCell({ id, memoryUsedMiB, sharedCpusUsed, pinnedCpus, pages }: NumaCell) {
  return { cellId: id, memoryUsedMiB, sharedCpusUsed, pinnedCpus, pagesUsed: pages.map((page) => page.used) };
}
