import { type Checked, passed, refused } from './checked.ts';
import { parseCpuSpec } from './cpu-spec.ts';
import type { CpuPolicy, EmulatorPolicy, FlavorFacts, ThreadPolicy } from './guest.ts';
import type { ImageProperties } from './image-properties.ts';
import { lookup } from './lookup.ts';
import { isTrueText, pythonStrip } from './python-text.ts';

/**
 * The CPU policy of flavor and image together; undefined when neither names one.
 *
 * The flavor wins, but an image may not ask for more pinning than the flavor grants.
 * Errors: `InvalidCPUAllocationPolicy`, `ImageCPUPinningForbidden`.
 * Source: `virt/hardware.py:get_cpu_policy_constraint`.
 */
export function cpuPolicy(flavor: FlavorFacts, image: ImageProperties): Checked<CpuPolicy | undefined> {
  const wanted = lookup(flavor.extraSpecs, 'hw:cpu_policy');
  switch (wanted) {
    case undefined:
    case '':
      return passed(image.cpuPolicy);
    case 'dedicated':
      return passed(wanted);
    case 'mixed':
      return image.cpuPolicy === 'dedicated' ? pinningForbidden(wanted, image.cpuPolicy) : passed(wanted);
    case 'shared':
      return image.cpuPolicy === 'dedicated' || image.cpuPolicy === 'mixed'
        ? pinningForbidden(wanted, image.cpuPolicy)
        : passed(wanted);
    default:
      return refused(
        'InvalidCPUAllocationPolicy',
        `hw:cpu_policy is ${wanted}, not shared, dedicated or mixed`,
      );
  }
}

/**
 * The thread policy of flavor and image together. The flavor wins; only `prefer` tolerates another one in the image.
 *
 * Errors: `InvalidCPUThreadAllocationPolicy`, `ImageCPUThreadPolicyForbidden`. An empty extra spec is kept as ''.
 * Source: `virt/hardware.py:get_cpu_thread_policy_constraint`.
 */
export function threadPolicy(
  flavor: FlavorFacts,
  image: ImageProperties,
): Checked<ThreadPolicy | '' | undefined> {
  const wanted = lookup(flavor.extraSpecs, 'hw:cpu_thread_policy');
  switch (wanted) {
    case undefined:
      return passed(image.threadPolicy);
    case 'prefer':
      return passed(wanted);
    case '':
    case 'isolate':
    case 'require':
      return image.threadPolicy !== undefined && image.threadPolicy !== wanted
        ? refused(
            'ImageCPUThreadPolicyForbidden',
            `image asks for thread policy ${image.threadPolicy}, flavor for ${wanted}`,
          )
        : passed(wanted);
    default:
      return refused(
        'InvalidCPUThreadAllocationPolicy',
        `hw:cpu_thread_policy is ${wanted}, not prefer, require or isolate`,
      );
  }
}

/** `hw:emulator_threads_policy`. Error: `InvalidEmulatorThreadsPolicy`. Source: `get_emulator_thread_policy_constraint`. */
export function emulatorPolicy(flavor: FlavorFacts): Checked<EmulatorPolicy | undefined> {
  const wanted = lookup(flavor.extraSpecs, 'hw:emulator_threads_policy');
  if (wanted === undefined || wanted === '') return passed(undefined);
  if (wanted === 'isolate' || wanted === 'share') return passed(wanted);
  return refused(
    'InvalidEmulatorThreadsPolicy',
    `hw:emulator_threads_policy is ${wanted}, not share or isolate`,
  );
}

/**
 * vCPU ids that run in real time; undefined when `hw:cpu_realtime` is not set. The image's mask counts first.
 *
 * Errors: `RealtimeMaskNotFoundOrInvalid`, `Invalid`. Source: `virt/hardware.py:get_realtime_cpu_constraint`.
 */
export function realtimeVcpus(
  flavor: FlavorFacts,
  image: ImageProperties,
): Checked<ReadonlySet<number> | undefined> {
  if (!isTrueText(lookup(flavor.extraSpecs, 'hw:cpu_realtime'))) return passed(undefined);
  const imageMask = image.realtimeMask ?? '';
  const mask = imageMask === '' ? lookup(flavor.extraSpecs, 'hw:cpu_realtime_mask') : imageMask;
  const vcpus = mask === undefined || mask === '' ? range(flavor.vcpus) : maskedVcpus(mask, flavor.vcpus);
  if (vcpus === undefined) return refused('Invalid', `real-time mask ${mask ?? ''} is no CPU list`);
  if (vcpus.size === 0) return refused('RealtimeMaskNotFoundOrInvalid', 'no vCPU is left for real time');
  const emulator = emulatorPolicy(flavor);
  if (!emulator.ok) return emulator;
  const outside = [...vcpus].find((vcpu) => vcpu >= flavor.vcpus);
  if (outside !== undefined) {
    return refused(
      'RealtimeMaskNotFoundOrInvalid',
      `real-time vCPU ${outside} is none of the flavor's ${flavor.vcpus}`,
    );
  }
  if (vcpus.size === flavor.vcpus && emulator.value === undefined) {
    return refused(
      'RealtimeMaskNotFoundOrInvalid',
      'all vCPUs are real-time and no emulator thread policy is set',
    );
  }
  return passed(vcpus);
}

/**
 * vCPU ids that `hw:cpu_dedicated_mask` pins; undefined when it is not set. At least one vCPU must be left on
 * either side. Errors: `InvalidMixedInstanceDedicatedMask`, `Invalid`.
 * Source: `virt/hardware.py:get_dedicated_cpu_constraint`.
 */
export function dedicatedMask(flavor: FlavorFacts): Checked<ReadonlySet<number> | undefined> {
  const mask = lookup(flavor.extraSpecs, 'hw:cpu_dedicated_mask');
  if (mask === undefined || mask === '') return passed(undefined);
  const dedicated = maskedVcpus(mask, flavor.vcpus);
  if (dedicated === undefined) return refused('Invalid', `hw:cpu_dedicated_mask ${mask} is no CPU list`);
  const inside = [...dedicated].filter((vcpu) => vcpu < flavor.vcpus).length;
  if (dedicated.size === 0 || inside === flavor.vcpus || inside < dedicated.size) {
    return refused(
      'InvalidMixedInstanceDedicatedMask',
      `hw:cpu_dedicated_mask ${mask} must pin some but not all of the flavor's ${flavor.vcpus} vCPUs, and no others`,
    );
  }
  return passed(dedicated);
}

/** The ids 0 to `count` - 1. */
export function range(count: number): ReadonlySet<number> {
  return new Set(Array.from({ length: count }, (_, id) => id));
}

/** A mask that begins with an exclusion excludes from all vCPUs. */
function maskedVcpus(mask: string, vcpus: number): ReadonlySet<number> | undefined {
  return parseCpuSpec(pythonStrip(mask).startsWith('^') ? `0-${vcpus - 1},${mask}` : mask);
}

function pinningForbidden(flavorPolicy: string, imagePolicy: string) {
  return refused(
    'ImageCPUPinningForbidden',
    `image asks for CPU policy ${imagePolicy}, flavor for ${flavorPolicy}`,
  );
}
