import type { Cloud } from '../model/cloud.ts';
import type { Host } from '../model/host.ts';
import type { PciDevice } from '../model/pci.ts';
import type { HostFacts, PciPoolFacts } from '../nova/host-facts.ts';

/**
 * A host's facts for `nova`: its cells as they are, and pools that also list the kinds of device of which none is
 * free at the moment, so that devices can come back. Undefined when no source told the cells.
 */
export function hostFacts(host: Host, cloud: Cloud): HostFacts | undefined {
  if (host.cells === undefined) return undefined;
  return { cells: host.cells, pciPools: poolsOf(host, cloud) };
}

/** Position of the pool that a device belongs to, or -1. Tags that no source told of a device do not count. */
export const poolOf = (device: PciDevice, pools: readonly PciPoolFacts[]): number =>
  pools.findIndex(
    (pool) =>
      sameKind(pool, device) &&
      pool.numaNode === device.numaNode &&
      Object.entries(device.tags).every(([name, value]) => pool.tags[name] === value),
  );

function poolsOf(host: Host, cloud: Cloud): readonly PciPoolFacts[] {
  const pools: PciPoolFacts[] = [...(host.pciPools ?? [])];
  for (const device of host.pciDevices ?? []) {
    if (device.status !== 'claimed' && device.status !== 'allocated') continue;
    if (poolOf(device, pools) !== -1) continue;
    const { vendorId, productId, devType, numaNode } = device;
    const tags = { ...tagsOfKind(device, pools, cloud), ...device.tags };
    pools.push({ vendorId, productId, devType, count: 0, tags, ...(numaNode !== undefined && { numaNode }) });
  }
  return pools;
}

/** Nova keeps a pool's tags with its free devices only; the tags of the same kind elsewhere stand in. */
function tagsOfKind(
  device: PciDevice,
  pools: readonly PciPoolFacts[],
  cloud: Cloud,
): Readonly<Record<string, string>> {
  const here = pools.find((pool) => sameKind(pool, device));
  if (here !== undefined) return here.tags;
  for (const host of cloud.hosts.values()) {
    const there = host.pciPools?.find((pool) => sameKind(pool, device));
    if (there !== undefined) return there.tags;
  }
  return {};
}

const sameKind = (pool: PciPoolFacts, device: PciDevice): boolean =>
  pool.vendorId === device.vendorId && pool.productId === device.productId && pool.devType === device.devType;
