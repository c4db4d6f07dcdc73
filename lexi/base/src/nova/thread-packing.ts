import type { ThreadPolicy } from './guest.ts';
import type { CellState } from './host-state.ts';

/** Threads taken of each core: [core index, threads], every core once. */
export type CoreThreads = readonly (readonly [core: number, threads: number])[];

/** How the pinned CPUs of one guest cell lie on the cores of a host cell. */
export interface Packing {
  /**
   * Threads that the guest takes out of use: its vCPUs and the emulator's CPU; with thread policy isolate the whole
   * core of each.
   */
  readonly threads: CoreThreads;
  /**
   * The fit says yes, yet Nova cannot pin: with thread policy isolate the emulator's CPU may stand on a core that is
   * partly used, whose other threads would have to be free.
   */
  readonly collides: boolean;
}

/**
 * Whether `vcpus` pinned vCPUs and `reserved` (0 or 1) emulator CPUs can be packed onto the free threads of a cell.
 *
 * - prefer: whenever enough threads are free;
 * - require: k vCPUs on each of enough cores with k free threads, for some k of at least 2;
 * - isolate: one vCPU on each of enough cores that are free altogether; with SMT only on a legacy host.
 *
 * An emulator CPU needs one more free thread, with isolate on a core that the vCPUs do not use. No vCPUs never fit:
 * Nova takes an empty pinning for a failed one. Source: `virt/hardware.py:_pack_instance_onto_cores`.
 */
export function canPack(
  cell: CellState,
  vcpus: number,
  reserved: number,
  policy: ThreadPolicy | undefined,
): boolean {
  if (vcpus === 0 || vcpus + reserved > cell.freeDedicatedCpus) return false;
  switch (policy) {
    case undefined:
    case 'prefer':
      return true;
    case 'require':
      return siblingsToUse(cell, vcpus, 2) > 0;
    case 'isolate':
      if (!supportsIsolate(cell) || countCores(cell, cell.layout.threadsPerCore) < vcpus) return false;
      return reserved === 0 || countCores(cell, 1) > vcpus;
  }
}

/** The packing that Nova chooses; call it only where `canPack` says yes. */
export function pack(
  cell: CellState,
  vcpus: number,
  reserved: number,
  policy: ThreadPolicy | undefined,
): Packing {
  if (policy === 'isolate') return packIsolated(cell, vcpus, reserved);
  const perCore = siblingsToUse(cell, vcpus, policy === 'require' ? 2 : 1);
  const taken = new Map<number, number>();
  // No number of siblings goes round: Nova fills the cores one after the other.
  takeThreads(cell, vcpus, perCore === 0 ? 1 : perCore, perCore === 0 ? Infinity : perCore, taken);
  takeThreads(cell, reserved, 1, Infinity, taken);
  return { threads: [...taken], collides: false };
}

/** The most threads a core, at least `least`, of which there are enough cores for `vcpus`; 0 when there is no such k. */
function siblingsToUse(cell: CellState, vcpus: number, least: number): number {
  for (let threads = cell.layout.threadsPerCore; threads >= least; threads--) {
    if (threads * countCores(cell, threads) >= vcpus) return threads;
  }
  return 0;
}

/**
 * SMT cells serve isolate only when configured by `vcpu_pin_set`, where a pinned core takes its siblings along
 * (Nova bug 1889633).
 */
function supportsIsolate(cell: CellState): boolean {
  return cell.layout.threadsPerCore === 1 || cell.layout.legacy;
}

function countCores(cell: CellState, freeAtLeast: number): number {
  let count = 0;
  for (const free of cell.freeThreads) if (free >= freeAtLeast) count++;
  return count;
}

/** Takes up to `perCore` threads of each core with at least `freeAtLeast` left, in order, until `wanted` are taken. */
function takeThreads(
  cell: CellState,
  wanted: number,
  freeAtLeast: number,
  perCore: number,
  taken: Map<number, number>,
): void {
  let missing = wanted;
  for (const [core, all] of cell.freeThreads.entries()) {
    if (missing === 0) return;
    const before = taken.get(core) ?? 0;
    const free = all - before;
    if (free < freeAtLeast) continue;
    const threads = Math.min(perCore, free, missing);
    taken.set(core, before + threads);
    missing -= threads;
  }
}

function packIsolated(cell: CellState, vcpus: number, reserved: number): Packing {
  const { coreThreads, threadsPerCore } = cell.layout;
  const threads: [core: number, threads: number][] = [];
  for (const [core, free] of cell.freeThreads.entries()) {
    if (threads.length === vcpus) break;
    if (free >= threadsPerCore) threads.push([core, coreThreads[core] ?? 0]);
  }
  if (reserved === 0) return { threads, collides: false };
  const used = new Set(threads.map(([core]) => core));
  const core = cell.freeThreads.findIndex((free, index) => free >= 1 && !used.has(index));
  const whole = coreThreads[core] ?? 0;
  return { threads: [...threads, [core, whole]], collides: (cell.freeThreads[core] ?? 0) < whole };
}
