import type { FlavorFacts, GuestTopology } from './guest.ts';
import { persistentMemoryLabels } from './guest-memory.ts';
import { lookup } from './lookup.ts';
import { isTrueText } from './python-text.ts';
import { RequestGroups, type ResourceGroup } from './request-groups.ts';

/** What of a server decides its Placement request. */
export interface PlacementSubject {
  readonly flavor: FlavorFacts & {
    readonly rootGiB: number;
    readonly ephemeralGiB: number;
    readonly swapMiB: number;
  };
  /** As Glance writes them. */
  readonly imageProperties: Readonly<Record<string, string>>;
  /** Of `guestTopology`; undefined for a guest without one. It holds the CPU policies of flavor and image. */
  readonly topology: GuestTopology | undefined;
  readonly bootFromVolume: boolean;
}

/** What a server asks of Placement. Ports and device profiles add groups of their own, which are not here. */
export interface PlacementRequest {
  /** Amounts by resource class over all groups; none is zero. */
  readonly amounts: Readonly<Record<string, number>>;
  readonly requiredTraits: readonly string[];
  readonly forbiddenTraits: readonly string[];
  /**
   * The second request that Nova makes for CPU policy dedicated, for hosts still configured by `vcpu_pin_set`, which
   * report no PCPU: plain VCPU, and no trait for the thread policy (`[workarounds] disable_fallback_pcpu_query` turns
   * it off). The same as the first for all other guests.
   */
  readonly legacyAmounts: Readonly<Record<string, number>>;
  readonly legacyRequiredTraits: readonly string[];
  readonly legacyForbiddenTraits: readonly string[];
  /** The first request by group: what stands in one group must come from one provider, but for the unnamed one. */
  readonly groups: readonly ResourceGroup[];
}

/**
 * The amounts and traits that Nova asks of Placement for a server.
 *
 * Pinned vCPUs are PCPU, one more for an isolated emulator thread; `resources:` extra specs replace what follows from
 * the flavor. DISK_GB is ephemeral + ⌈swap / 1024⌉, + root unless it boots from a volume.
 * Source: `scheduler/utils.py:ResourceRequest.from_request_spec`.
 */
export function placementRequest(subject: PlacementSubject): PlacementRequest {
  const groups = buildGroups(subject, true);
  const legacy = subject.topology?.cells[0]?.cpuPolicy === 'dedicated' ? buildGroups(subject, false) : groups;
  return {
    amounts: totalAmounts(groups),
    requiredTraits: allTraits(groups, 'requiredTraits'),
    forbiddenTraits: allTraits(groups, 'forbiddenTraits'),
    legacyAmounts: totalAmounts(legacy),
    legacyRequiredTraits: allTraits(legacy, 'requiredTraits'),
    legacyForbiddenTraits: allTraits(legacy, 'forbiddenTraits'),
    groups,
  };
}

function buildGroups(subject: PlacementSubject, translatesPinning: boolean): readonly ResourceGroup[] {
  const { flavor, imageProperties, topology, bootFromVolume } = subject;
  const groups = new RequestGroups();
  groups.addExtraSpecs(flavor.extraSpecs);
  for (const [name, value] of Object.entries(imageProperties)) {
    if (name.startsWith('trait:') && value === 'required')
      groups.addTrait(name.slice('trait:'.length), value);
  }
  // Amounts that the flavor names itself are not translated a second time.
  if (topology !== undefined && translatesPinning && !groups.has('PCPU')) addPinning(groups, topology);
  if (!groups.has('VCPU') && !groups.has('PCPU')) groups.addResource('VCPU', flavor.vcpus);
  if (!groups.has('MEMORY_MB')) groups.addResource('MEMORY_MB', flavor.memoryMiB);
  if (!groups.has('DISK_GB')) {
    const localGiB = flavor.ephemeralGiB + Math.ceil(flavor.swapMiB / 1024);
    groups.addResource('DISK_GB', localGiB + (bootFromVolume ? 0 : flavor.rootGiB));
  }
  addDevices(groups, subject);
  return groups.list();
}

function addPinning(groups: RequestGroups, { cells, emulatorPolicy }: GuestTopology): void {
  const policy = cells[0]?.cpuPolicy;
  if (policy !== 'dedicated' && policy !== 'mixed') return;
  const pinned = cells.reduce((sum, cell) => sum + cell.dedicatedVcpus.length, 0);
  if (policy === 'mixed') {
    const floating = cells.reduce((sum, cell) => sum + cell.sharedVcpus.length, 0);
    groups.addResource('VCPU', floating);
  }
  groups.addResource('PCPU', pinned + (emulatorPolicy === 'isolate' ? 1 : 0));
  const threads = cells[0]?.threadPolicy;
  if (threads === 'isolate') groups.addTrait('HW_CPU_HYPERTHREADING', 'forbidden');
  if (threads === 'require') groups.addTrait('HW_CPU_HYPERTHREADING', 'required');
}

/** Encrypted memory, persistent memory, TPM, PCI by socket, secure boot. */
function addDevices(groups: RequestGroups, { flavor, imageProperties }: PlacementSubject): void {
  const wish = (extraSpec: string, property: string) =>
    lookup(flavor.extraSpecs, extraSpec) ?? lookup(imageProperties, property);
  const encrypted = [
    lookup(flavor.extraSpecs, 'hw:mem_encryption'),
    lookup(imageProperties, 'hw_mem_encryption'),
  ];
  if (encrypted.some(isTrueText)) groups.addResource('MEM_ENCRYPTION_CONTEXT', 1);
  const namespaces = persistentMemoryLabels(flavor).map(
    (label) => `CUSTOM_PMEM_NAMESPACE_${label.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}`,
  );
  for (const name of namespaces)
    groups.addResource(name, namespaces.filter((other) => other === name).length);
  const tpm = wish('hw:tpm_version', 'hw_tpm_version');
  if (tpm !== undefined) groups.addTrait(`COMPUTE_SECURITY_TPM_${tpm.replace('.', '_')}`, 'required');
  if (wish('hw:pci_numa_affinity_policy', 'hw_pci_numa_affinity_policy') === 'socket') {
    groups.addTrait('COMPUTE_SOCKET_PCI_NUMA_AFFINITY', 'required');
  }
  if (wish('os:secure_boot', 'os_secure_boot') === 'required') {
    groups.addTrait('COMPUTE_SECURITY_UEFI_SECURE_BOOT', 'required');
  }
}

function totalAmounts(groups: readonly ResourceGroup[]): Readonly<Record<string, number>> {
  const totals = new Map<string, number>();
  for (const group of groups) {
    for (const [name, amount] of Object.entries(group.resources)) {
      totals.set(name, (totals.get(name) ?? 0) + amount);
    }
  }
  return Object.fromEntries(totals);
}

function allTraits(
  groups: readonly ResourceGroup[],
  kind: 'requiredTraits' | 'forbiddenTraits',
): readonly string[] {
  return [...new Set(groups.flatMap((group) => group[kind]))].sort();
}
