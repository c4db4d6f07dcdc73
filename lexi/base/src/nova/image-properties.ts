import { parseCpuSpec } from './cpu-spec.ts';
import { type Checked, passed, refused } from './checked.ts';
import type { CpuPolicy, PciNumaPolicy, ThreadPolicy } from './guest.ts';
import { canonicalArchitecture, canonicalHypervisorType, canonicalVmMode } from './image-names.ts';
import { lookup } from './lookup.ts';
import { isTrueText, pythonInt } from './python-text.ts';
import { parseVersionPredicate, type VersionPredicate } from './version-predicate.ts';

/** Image properties that decide where a server may run, checked and typed. Absent properties are undefined. */
export interface ImageProperties {
  readonly architecture: string | undefined;
  readonly hypervisorType: string | undefined;
  readonly hypervisorVersion: VersionPredicate | undefined;
  readonly vmMode: string | undefined;
  readonly cpuPolicy: CpuPolicy | undefined;
  readonly threadPolicy: ThreadPolicy | undefined;
  readonly realtimeMask: string | undefined;
  readonly memoryPageSize: string | undefined;
  readonly lockedMemory: boolean | undefined;
  readonly numaNodes: number | undefined;
  /** vCPU ids by guest cell, from `hw_numa_cpus.N`. */
  readonly numaCpus: readonly ReadonlySet<number>[] | undefined;
  /** MiB by guest cell, from `hw_numa_mem.N`. */
  readonly numaMemoryMiB: readonly number[] | undefined;
  readonly pciNumaPolicy: PciNumaPolicy | undefined;
  /** Names of the traits that `trait:X=required` asks for. */
  readonly requiredTraits: readonly string[];
}

/** More guest cells are not read, neither from an image nor from a flavor. */
const maxGuestCells = 128;

/** Legacy names count too; a current name beside them wins, but both are checked. */
const legacyNames = {
  hw_architecture: 'architecture',
  hw_vm_mode: 'vm_mode',
  img_hv_type: 'hypervisor_type',
  img_hv_requested_version: 'hypervisor_version_requires',
} as const;

/** Nova reads the legacy names first, in this order. */
const legacyReaders: readonly (readonly [name: string, read: (text: string) => unknown])[] = [
  ['architecture', canonicalArchitecture],
  ['vm_mode', canonicalVmMode],
  ['hypervisor_version_requires', parseVersionPredicate],
  ['hypervisor_type', canonicalHypervisorType],
];

const cpuPolicies: readonly CpuPolicy[] = ['dedicated', 'shared', 'mixed'];
const threadPolicies: readonly ThreadPolicy[] = ['prefer', 'isolate', 'require'];
const pciNumaPolicies: readonly PciNumaPolicy[] = ['required', 'legacy', 'preferred', 'socket'];

/**
 * Reads the image properties that this folder's rules need, as Glance writes them (all text).
 *
 * A value that Nova's image object cannot hold is refused: `ValueError`, or `Invalid` for a bad CPU list.
 * Properties of no weight here (disk bus, video model, …) are not checked: later releases allow more. Source: `objects/image_meta.py`.
 */
export function readImageProperties(raw: Readonly<Record<string, string>>): Checked<ImageProperties> {
  const bad = (name: string) =>
    refused('ValueError', `image property ${name} has an invalid value: ${lookup(raw, name) ?? ''}`);
  for (const [name, read] of legacyReaders) {
    const text = lookup(raw, name);
    if (text !== undefined && read(text) === undefined) return bad(name);
  }
  const architecture = named(raw, 'hw_architecture', canonicalArchitecture);
  if (!architecture.ok) return bad(architecture.name);
  const cpuPolicy = named(raw, 'hw_cpu_policy', (text) => cpuPolicies.find((policy) => policy === text));
  if (!cpuPolicy.ok) return bad(cpuPolicy.name);
  const threadPolicy = named(raw, 'hw_cpu_thread_policy', (text) => threadPolicies.find((p) => p === text));
  if (!threadPolicy.ok) return bad(threadPolicy.name);
  const numaNodes = named(raw, 'hw_numa_nodes', pythonInt);
  if (!numaNodes.ok) return bad(numaNodes.name);
  const numaCpus = byCell(raw, 'hw_numa_cpus', parseCpuSpec);
  if (!numaCpus.ok) return refused('Invalid', `image property ${numaCpus.name} is no CPU list`);
  const numaMemoryMiB = byCell(raw, 'hw_numa_mem', pythonInt);
  if (!numaMemoryMiB.ok) return bad(numaMemoryMiB.name);
  const pciNumaPolicy = named(raw, 'hw_pci_numa_affinity_policy', (text) =>
    pciNumaPolicies.find((policy) => policy === text),
  );
  if (!pciNumaPolicy.ok) return bad(pciNumaPolicy.name);
  const vmMode = named(raw, 'hw_vm_mode', canonicalVmMode);
  if (!vmMode.ok) return bad(vmMode.name);
  const hypervisorVersion = named(raw, 'img_hv_requested_version', parseVersionPredicate);
  if (!hypervisorVersion.ok) return bad(hypervisorVersion.name);
  const hypervisorType = named(raw, 'img_hv_type', canonicalHypervisorType);
  if (!hypervisorType.ok) return bad(hypervisorType.name);
  const lockedMemory = lookup(raw, 'hw_locked_memory');
  return passed({
    architecture: architecture.value,
    hypervisorType: hypervisorType.value,
    hypervisorVersion: hypervisorVersion.value,
    vmMode: vmMode.value,
    cpuPolicy: cpuPolicy.value,
    threadPolicy: threadPolicy.value,
    realtimeMask: lookup(raw, 'hw_cpu_realtime_mask'),
    memoryPageSize: lookup(raw, 'hw_mem_page_size'),
    lockedMemory: lockedMemory === undefined ? undefined : isTrueText(lockedMemory),
    numaNodes: numaNodes.value,
    numaCpus: numaCpus.value,
    numaMemoryMiB: numaMemoryMiB.value,
    pciNumaPolicy: pciNumaPolicy.value,
    requiredTraits: Object.entries(raw)
      .filter(([key, value]) => key.startsWith('trait:') && value === 'required')
      .map(([key]) => key.slice('trait:'.length)),
  });
}

/**
 * Values of `prefix.0`, `prefix.1`, … up to the first gap; undefined when there is no `prefix.0`.
 * Fails with the name of the first value that `read` does not accept.
 */
export function byCell<T>(
  raw: Readonly<Record<string, string>>,
  prefix: string,
  read: (text: string) => T | undefined,
): Read<readonly T[]> {
  const values: T[] = [];
  for (let cell = 0; cell < maxGuestCells; cell++) {
    const name = `${prefix}.${cell}`;
    const text = lookup(raw, name);
    if (text === undefined) break;
    const value = read(text);
    if (value === undefined) return { ok: false, name };
    values.push(value);
  }
  return { ok: true, value: values.length === 0 ? undefined : values };
}

/** A value that was read, undefined when it is not set, or the name of the property that cannot be read. */
export type Read<T> =
  { readonly ok: true; readonly value: T | undefined } | { readonly ok: false; readonly name: string };

function named<T>(
  raw: Readonly<Record<string, string>>,
  name: string,
  read: (text: string) => T | undefined,
): Read<T> {
  let value: T | undefined;
  for (const key of [lookup<string>(legacyNames, name), name]) {
    const text = key === undefined ? undefined : lookup(raw, key);
    if (key === undefined || text === undefined) continue;
    value = read(text);
    if (value === undefined) return { ok: false, name: key };
  }
  return { ok: true, value };
}
