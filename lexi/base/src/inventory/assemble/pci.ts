import { isDeepStrictEqual } from 'node:util';
import type { PciDevice, PciPool } from '../../model/pci.ts';
import type { PciDevicesRecord, PciPoolRecord } from '../document/pci.ts';
import { present } from '../present.ts';
import { addressAt, placeOf } from '../pci-address.ts';
import { firstDifference } from '../order.ts';

/** Devices by address; free ones that are equal and follow on each other (the VFs of a PF) as one range. */
export function toDeviceRecords(
  devices: readonly PciDevice[],
  pools: readonly PciPool[] | undefined,
): PciDevicesRecord[] {
  const ranges: { first: PciDevice; count: number }[] = [];
  for (const device of devices.map((each) => withPoolTags(each, pools ?? [])).sort(byAddress)) {
    const last = ranges.at(-1);
    if (last !== undefined && follows(last, device)) last.count += 1;
    else ranges.push({ first: device, count: 1 });
  }
  return ranges.map(({ first, count }) =>
    present({
      address: first.address,
      count: count === 1 ? undefined : count,
      vendorId: first.vendorId,
      productId: first.productId,
      devType: first.devType,
      numaNode: first.numaNode,
      parentAddress: first.parentAddress,
      status: first.status,
      server: first.server,
      requestId: first.requestId,
      tags: tagsOf(first.tags),
    }),
  );
}

export const toPoolRecords = (pools: readonly PciPool[]): PciPoolRecord[] =>
  pools.map(({ tags, ...pool }) => present({ ...pool, tags: tagsOf(tags) }));

const tagsOf = (tags: Readonly<Record<string, string>>): Record<string, string> | undefined =>
  Object.keys(tags).length === 0 ? undefined : { ...tags };

function follows({ first, count }: { first: PciDevice; count: number }, device: PciDevice): boolean {
  if (first.server !== undefined || device.server !== undefined) return false;
  if (device.address !== addressAt(first.address, count)) return false;
  return isDeepStrictEqual({ ...first, address: '' }, { ...device, address: '' });
}

function byAddress(a: PciDevice, b: PciDevice): number {
  const [x, y] = [placeOf(a.address), placeOf(b.address)];
  return firstDifference(x.domain - y.domain, x.index - y.index);
}

/** `physical_network` and other tags of nova.conf are not in the rows of devices: the pool of its equals has them. */
function withPoolTags(device: PciDevice, pools: readonly PciPool[]): PciDevice {
  const pool = pools.find(
    (each) =>
      each.vendorId === device.vendorId &&
      each.productId === device.productId &&
      each.devType === device.devType &&
      each.numaNode === device.numaNode &&
      Object.entries(device.tags).every(([name, value]) => each.tags[name] === value),
  );
  return pool === undefined ? device : { ...device, tags: { ...pool.tags, ...device.tags } };
}
