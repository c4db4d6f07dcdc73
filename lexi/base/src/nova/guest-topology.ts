import type { FlavorFacts, GuestTopology } from './guest.ts';
import { guestCellCount, guestCellShares } from './guest-cells.ts';
import { guestCpus } from './guest-cpus.ts';
import { checkLockedMemory, pageSizeWish, persistentMemoryLabels } from './guest-memory.ts';
import { readImageProperties } from './image-properties.ts';
import type { NovaError } from './checked.ts';

/**
 * The NUMA topology of a guest, `none`, or why Nova refuses the flavor with that image. Stage `image`: a property has
 * a value that is invalid by itself; stage `constraints`: the combination is. `errorClass` is Nova's exception.
 */
export type GuestTopologyResult =
  | { readonly kind: 'none' }
  | { readonly kind: 'topology'; readonly topology: GuestTopology }
  | ({ readonly kind: 'error'; readonly stage: 'image' | 'constraints' } & NovaError);

/**
 * Derives the topology that Nova gives a server of this flavor and image.
 *
 * It has one when a number of NUMA nodes, any page size (`any` too), persistent memory or pinning is asked for, and
 * for nothing else. With several flaws the first in Nova's order of checks is reported.
 * `imageProperties` are as Glance writes them. Source: `virt/hardware.py:numa_get_constraints`.
 */
export function guestTopology(
  flavor: FlavorFacts,
  imageProperties: Readonly<Record<string, string>>,
): GuestTopologyResult {
  const image = readImageProperties(imageProperties);
  if (!image.ok) return { kind: 'error', stage: 'image', ...image.error };
  const cpus = guestCpus(flavor, image.value);
  if (!cpus.ok) return flawed(cpus.error);
  const count = guestCellCount(flavor, image.value);
  if (!count.ok) return flawed(count.error);
  const pages = pageSizeWish(flavor, image.value);
  if (!pages.ok) return flawed(pages.error);
  const locked = checkLockedMemory(flavor, image.value);
  if (!locked.ok) return flawed(locked.error);
  const { cpuPolicy, threadPolicy, emulatorPolicy, dedicated } = cpus.value;
  const pinned = cpuPolicy === 'dedicated' || cpuPolicy === 'mixed';
  const wantsTopology = count.value !== undefined || pages.value.impliesTopology || pinned;
  if (!wantsTopology && persistentMemoryLabels(flavor).length === 0) return { kind: 'none' };
  const shares = guestCellShares(count.value ?? 1, flavor, image.value);
  if (!shares.ok) return flawed(shares.error);
  if (threadPolicy === '')
    return flawed({ errorClass: 'ValueError', message: 'hw:cpu_thread_policy is empty' });
  const cells = shares.value.map(({ vcpus, memoryMiB }, id) => ({
    id,
    sharedVcpus: vcpus.filter((vcpu) => !dedicated.has(vcpu)),
    dedicatedVcpus: vcpus.filter((vcpu) => dedicated.has(vcpu)),
    memoryMiB,
    pageSize: pages.value.pageSize,
    cpuPolicy,
    threadPolicy,
  }));
  return { kind: 'topology', topology: { emulatorPolicy, cells } };
}

function flawed(error: NovaError): GuestTopologyResult {
  return { kind: 'error', stage: 'constraints', ...error };
}
