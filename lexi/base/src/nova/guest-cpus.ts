import { type Checked, passed, refused } from './checked.ts';
import {
  cpuPolicy,
  dedicatedMask,
  emulatorPolicy,
  range,
  realtimeVcpus,
  threadPolicy,
} from './cpu-policies.ts';
import type { CpuPolicy, EmulatorPolicy, FlavorFacts, ThreadPolicy } from './guest.ts';
import type { ImageProperties } from './image-properties.ts';
import { pythonInt } from './python-text.ts';

/** How the vCPUs of a guest are to be served. */
export interface GuestCpus {
  readonly cpuPolicy: CpuPolicy | undefined;
  /** '' when the flavor sets an empty one: Nova then fails as soon as it builds a topology. */
  readonly threadPolicy: ThreadPolicy | '' | undefined;
  readonly emulatorPolicy: EmulatorPolicy | undefined;
  /** vCPU ids to pin. */
  readonly dedicated: ReadonlySet<number>;
}

/**
 * CPU policies and masks of flavor and image, checked against each other in Nova's order.
 *
 * `resources:PCPU` stands for policy dedicated, `resources:VCPU` for shared; the hyperthreading trait stands for a
 * thread policy. Errors: those of `cpu-policies.ts`, `InvalidRequest`, `CPUThreadPolicyConfigurationInvalid`,
 * `BadRequirementEmulatorThreadsPolicy`, `RequiredMixedInstancePolicy`, `RealtimeConfigurationInvalid`,
 * `RequiredMixedOrRealtimeCPUMask`. Source: first half of `virt/hardware.py:numa_get_constraints`.
 */
export function guestCpus(flavor: FlavorFacts, image: ImageProperties): Checked<GuestCpus> {
  const policy = cpuPolicy(flavor, image);
  if (!policy.ok) return policy;
  const threads = threadPolicy(flavor, image);
  if (!threads.ok) return threads;
  const realtime = realtimeVcpus(flavor, image);
  if (!realtime.ok) return realtime;
  const mask = dedicatedMask(flavor);
  if (!mask.ok) return mask;
  const emulator = emulatorPolicy(flavor);
  if (!emulator.ok) return emulator;
  const effectivePolicy = policyFromResources(flavor, policy.value, emulator.value);
  if (!effectivePolicy.ok) return effectivePolicy;
  const effectiveThreads = threadPolicyFromTrait(flavor, image, threads.value);
  if (!effectiveThreads.ok) return effectiveThreads;
  const wanted = {
    policy: effectivePolicy.value,
    threads: effectiveThreads.value,
    emulator: emulator.value,
    mask: mask.value,
    realtime: realtime.value,
  };
  const dedicated = dedicatedVcpus(flavor, wanted);
  if (!dedicated.ok) return dedicated;
  return passed({
    cpuPolicy: wanted.policy,
    threadPolicy: wanted.threads,
    emulatorPolicy: wanted.emulator,
    dedicated: dedicated.value,
  });
}

interface Wanted {
  readonly policy: CpuPolicy | undefined;
  readonly threads: ThreadPolicy | '' | undefined;
  readonly emulator: EmulatorPolicy | undefined;
  readonly mask: ReadonlySet<number> | undefined;
  readonly realtime: ReadonlySet<number> | undefined;
}

function dedicatedVcpus(flavor: FlavorFacts, wanted: Wanted): Checked<ReadonlySet<number>> {
  switch (wanted.policy) {
    case undefined:
    case 'shared':
      return floatingOnly(wanted);
    case 'dedicated':
      return wanted.mask === undefined
        ? passed(range(flavor.vcpus))
        : refused('RequiredMixedInstancePolicy', 'hw:cpu_dedicated_mask needs CPU policy mixed');
    case 'mixed': {
      const dedicated = wanted.mask ?? wanted.realtime;
      return dedicated === undefined || (wanted.mask !== undefined && wanted.realtime !== undefined)
        ? refused(
            'RequiredMixedOrRealtimeCPUMask',
            'CPU policy mixed needs hw:cpu_dedicated_mask or a real-time mask, and not both',
          )
        : passed(dedicated);
    }
  }
}

function floatingOnly(wanted: Wanted): Checked<ReadonlySet<number>> {
  if (wanted.threads !== undefined && wanted.threads !== '') {
    return refused(
      'CPUThreadPolicyConfigurationInvalid',
      'a thread policy needs CPU policy dedicated or mixed',
    );
  }
  if (wanted.emulator === 'isolate') {
    return refused(
      'BadRequirementEmulatorThreadsPolicy',
      'hw:emulator_threads_policy=isolate needs CPU policy dedicated or mixed',
    );
  }
  if (wanted.mask !== undefined) {
    return refused('RequiredMixedInstancePolicy', 'hw:cpu_dedicated_mask needs CPU policy mixed');
  }
  if (wanted.realtime !== undefined) {
    return refused('RealtimeConfigurationInvalid', 'hw:cpu_realtime needs CPU policy dedicated or mixed');
  }
  return passed(new Set());
}

function policyFromResources(
  flavor: FlavorFacts,
  policy: CpuPolicy | undefined,
  emulator: EmulatorPolicy | undefined,
): Checked<CpuPolicy | undefined> {
  const vcpu = requestedAmount(flavor, 'VCPU');
  const pcpu = requestedAmount(flavor, 'PCPU');
  if (vcpu === 0 && pcpu === 0) return passed(policy);
  if (policy !== undefined) {
    return refused(
      'InvalidRequest',
      'resources:VCPU and resources:PCPU exclude a CPU policy of flavor or image',
    );
  }
  if (vcpu !== 0 && pcpu !== 0)
    return refused('InvalidRequest', 'resources:VCPU and resources:PCPU exclude each other');
  if (pcpu === 0) return passed('shared');
  const needed = flavor.vcpus + (emulator === 'isolate' ? 1 : 0);
  return pcpu === needed
    ? passed('dedicated')
    : refused('InvalidRequest', `resources:PCPU asks for ${pcpu}, the flavor needs exactly ${needed}`);
}

/** Sum over `resources:CLASS` and `resourcesN:CLASS`; what is no number does not count. */
function requestedAmount(flavor: FlavorFacts, resourceClass: 'VCPU' | 'PCPU'): number {
  const key = new RegExp(`^resources([1-9][0-9]*)?:${resourceClass}`);
  return Object.entries(flavor.extraSpecs)
    .filter(([name]) => key.test(name))
    .reduce((sum, [, text]) => sum + (pythonInt(text) ?? 0), 0);
}

function threadPolicyFromTrait(
  flavor: FlavorFacts,
  image: ImageProperties,
  policy: ThreadPolicy | '' | undefined,
): Checked<ThreadPolicy | '' | undefined> {
  const trait = hyperthreadingTrait(flavor, image);
  if (trait === undefined || trait === '') return passed(policy);
  if (policy !== undefined && policy !== '') {
    return refused('InvalidRequest', `trait:HW_CPU_HYPERTHREADING=${trait} excludes thread policy ${policy}`);
  }
  if (trait === 'forbidden') return passed('isolate');
  return passed(trait === 'required' ? 'require' : policy);
}

function hyperthreadingTrait(flavor: FlavorFacts, image: ImageProperties): string | undefined {
  const own = Object.entries(flavor.extraSpecs).find(([key]) =>
    /^trait([1-9][0-9]*)?:HW_CPU_HYPERTHREADING/.test(key),
  );
  if (own !== undefined) return own[1];
  return image.requiredTraits.includes('HW_CPU_HYPERTHREADING') ? 'required' : undefined;
}
