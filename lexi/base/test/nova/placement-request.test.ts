import { expect, it } from 'vitest';
import { guestTopology } from '../../src/nova/guest-topology.ts';
import { placementRequest } from '../../src/nova/placement-request.ts';

function ask(
  extraSpecs: Record<string, string>,
  imageProperties: Record<string, string> = {},
  bootFromVolume = false,
) {
  const flavor = { vcpus: 4, memoryMiB: 8192, rootGiB: 20, ephemeralGiB: 5, swapMiB: 1025, extraSpecs };
  const derived = guestTopology(flavor, imageProperties);
  const topology = derived.kind === 'topology' ? derived.topology : undefined;
  return placementRequest({ flavor, imageProperties, topology, bootFromVolume });
}

it('asks for VCPU, memory and all local disk', () => {
  expect(ask({}).amounts).toEqual({ VCPU: 4, MEMORY_MB: 8192, DISK_GB: 27 });
  expect(ask({}).legacyAmounts).toEqual({ VCPU: 4, MEMORY_MB: 8192, DISK_GB: 27 });
});

it('leaves out the root disk of a server that boots from a volume', () => {
  expect(ask({}, {}, true).amounts).toEqual({ VCPU: 4, MEMORY_MB: 8192, DISK_GB: 7 });
});

it('asks for PCPU and one more for an isolated emulator, or for plain VCPU on old hosts', () => {
  const request = ask({ 'hw:cpu_policy': 'dedicated', 'hw:emulator_threads_policy': 'isolate' });

  expect(request.amounts).toEqual({ PCPU: 5, MEMORY_MB: 8192, DISK_GB: 27 });
  expect(request.legacyAmounts).toEqual({ VCPU: 4, MEMORY_MB: 8192, DISK_GB: 27 });
});

it('splits a mixed guest and has no second request for it', () => {
  const request = ask({ 'hw:cpu_policy': 'mixed', 'hw:cpu_dedicated_mask': '0' });

  expect(request.amounts).toMatchObject({ PCPU: 1, VCPU: 3 });
  expect(request.legacyAmounts).toEqual(request.amounts);
});

it('turns the thread policy into a trait, but not for old hosts', () => {
  const request = ask({
    'hw:cpu_policy': 'dedicated',
    'hw:cpu_thread_policy': 'isolate',
    'trait:CUSTOM_A': 'required',
  });

  expect(request).toMatchObject({
    requiredTraits: ['CUSTOM_A'],
    forbiddenTraits: ['HW_CPU_HYPERTHREADING'],
    legacyRequiredTraits: ['CUSTOM_A'],
    legacyForbiddenTraits: [],
  });
});

it('lets the flavor replace amounts and drop classes', () => {
  const request = ask({
    'resources:MEMORY_MB': '0',
    'resources:CUSTOM_GOLD': '2',
    'resources1:VGPU': '1',
    'resources:NONSENSE': '3',
  });

  expect(request.amounts).toEqual({ CUSTOM_GOLD: 2, VCPU: 4, DISK_GB: 27, VGPU: 1 });
  expect(request.groups.map((group) => group.suffix)).toEqual([undefined, '1']);
});

it('does not translate PCPU that the flavor asks for itself', () => {
  const request = ask({ 'resources:PCPU': '4' });

  expect(request.amounts).toEqual({ PCPU: 4, MEMORY_MB: 8192, DISK_GB: 27 });
  expect(request.legacyAmounts).toEqual(request.amounts);
});

it('asks for traits of the image and for what special hardware needs', () => {
  const request = ask(
    { 'hw:pmem': '6GB, 6GB', 'hw:tpm_version': '2.0', 'hw:pci_numa_affinity_policy': 'socket' },
    {
      'trait:HW_CPU_X86_AVX2': 'required',
      'trait:CUSTOM_B': 'forbidden',
      os_secure_boot: 'required',
      hw_mem_encryption: 'yes',
    },
  );

  expect(request.amounts).toMatchObject({ CUSTOM_PMEM_NAMESPACE_6GB: 2, MEM_ENCRYPTION_CONTEXT: 1 });
  expect(request.requiredTraits).toEqual([
    'COMPUTE_SECURITY_TPM_2_0',
    'COMPUTE_SECURITY_UEFI_SECURE_BOOT',
    'COMPUTE_SOCKET_PCI_NUMA_AFFINITY',
    'HW_CPU_X86_AVX2',
  ]);
});
