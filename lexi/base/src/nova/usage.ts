import type { CpuPolicy, ThreadPolicy } from './guest.ts';
import type { NumaCell, PagePool } from '../model/numa.ts';
import { type Checked, passed, refused } from './checked.ts';

/** One placed guest cell with its exact pins (Nova `InstanceNUMACell`). */
export interface PinnedCell {
  readonly hostCellId: number;
  readonly sharedVcpus: readonly number[];
  /** [guest vCPU, host CPU]. */
  readonly pinning: readonly (readonly [vcpu: number, cpu: number])[];
  readonly reservedCpus: readonly number[];
  readonly memoryMiB: number;
  /** Undefined or 0 when none was requested: the smallest size of the host cell is charged. */
  readonly pageSizeKiB: number | undefined;
  readonly cpuPolicy: CpuPolicy | undefined;
  readonly threadPolicy: ThreadPolicy | undefined;
}

/**
 * The host cells after `guest` was placed (or freed), with exact host CPU ids, as Nova's resource tracker counts them.
 *
 * Guest cells on unknown host cells are ignored. Pages are charged as Nova truncates them: memory that is no multiple
 * of the page size frees one page more than it took. Thread policy isolate takes and frees whole cores.
 * Errors: `CPUPinningUnknown`, `CPUPinningInvalid`, `CPUUnpinningUnknown`, `CPUUnpinningInvalid`, and `IndexError` for a
 * host cell without page sizes. Source: `virt/hardware.py:numa_usage_from_instance_numa`.
 */
export function usageWith(
  host: readonly NumaCell[],
  guest: readonly PinnedCell[],
  step: 'place' | 'free',
): Checked<readonly NumaCell[]> {
  const cells: NumaCell[] = [];
  for (const cell of host) {
    const changed = changeCell(cell, guest, step);
    if (!changed.ok) return changed;
    cells.push(changed.value);
  }
  return passed(cells);
}

function changeCell(cell: NumaCell, guest: readonly PinnedCell[], step: 'place' | 'free'): Checked<NumaCell> {
  const sign = step === 'place' ? 1 : -1;
  let { memoryUsedMiB, sharedCpusUsed, pages, pinnedCpus } = cell;
  for (const part of guest) {
    if (part.hostCellId !== cell.id) continue;
    const charged = chargePages(pages, part, sign);
    if (!charged.ok) return charged;
    pages = charged.value;
    memoryUsedMiB += sign * part.memoryMiB;
    sharedCpusUsed += sign * part.sharedVcpus.length;
    if (part.cpuPolicy === undefined || part.cpuPolicy === 'shared') continue;
    const pinned = changePins(cell, pinnedCpus, cpusOf(cell, part), step);
    if (!pinned.ok) return pinned;
    pinnedCpus = pinned.value;
  }
  return passed({
    ...cell,
    memoryUsedMiB: Math.max(0, memoryUsedMiB),
    sharedCpusUsed: Math.max(0, sharedCpusUsed),
    pages,
    pinnedCpus,
  });
}

function chargePages(
  pages: readonly PagePool[],
  part: PinnedCell,
  sign: number,
): Checked<readonly PagePool[]> {
  const asked = part.pageSizeKiB === 0 ? undefined : part.pageSizeKiB;
  if (asked === undefined && pages.length === 0)
    return refused('IndexError', 'the host cell reports no page sizes');
  const sizeKiB = asked ?? Math.min(...pages.map((page) => page.sizeKiB));
  return passed(
    pages.map((page) =>
      page.sizeKiB === sizeKiB
        ? { ...page, used: Math.trunc(Math.max(0, page.used + ((part.memoryMiB * 1024) / sizeKiB) * sign)) }
        : page,
    ),
  );
}

function cpusOf(cell: NumaCell, part: PinnedCell): ReadonlySet<number> {
  const cpus = new Set([...part.pinning.map(([, cpu]) => cpu), ...part.reservedCpus]);
  if (part.threadPolicy !== 'isolate') return cpus;
  return new Set(cell.siblings.filter((core) => core.some((cpu) => cpus.has(cpu))).flat());
}

function changePins(
  cell: NumaCell,
  pinned: readonly number[],
  cpus: ReadonlySet<number>,
  step: 'place' | 'free',
): Checked<readonly number[]> {
  const verb = step === 'place' ? 'CPUPinning' : 'CPUUnpinning';
  const unknown = [...cpus].filter((cpu) => !cell.dedicatedCpus.includes(cpu));
  if (unknown.length > 0)
    return refused(`${verb}Unknown`, `CPUs ${unknown.join()} of cell ${cell.id} are not dedicated`);
  const wrong = [...cpus].filter((cpu) => pinned.includes(cpu) === (step === 'place'));
  if (wrong.length > 0) {
    const state = step === 'place' ? 'pinned already' : 'not pinned';
    return refused(`${verb}Invalid`, `CPUs ${wrong.join()} of cell ${cell.id} are ${state}`);
  }
  return passed(
    step === 'place' ? [...pinned, ...cpus].sort((a, b) => a - b) : pinned.filter((cpu) => !cpus.has(cpu)),
  );
}
