import { providerId } from '../../src/model/ids.ts';
import type { PlacedGuestCell } from '../../src/model/numa.ts';
import type { PciDevice, PciPool } from '../../src/model/pci.ts';
import type { ResourceInventory, ResourceProvider } from '../../src/model/placement.ts';
import type { Server } from '../../src/model/server.ts';

/** Placement's inventory of so many units: ratio 1, nothing reserved. */
export const anInventory = (total: number, over: Partial<ResourceInventory> = {}): ResourceInventory => ({
  total,
  reserved: 0,
  allocationRatio: 1,
  minUnit: 1,
  maxUnit: total,
  stepSize: 1,
  ...over,
});

/** A resource provider with these totals, ratio 1, nothing reserved. */
export const aProvider = (
  name: string,
  totals: Readonly<Record<string, number>>,
  { traits = [], ...over }: { traits?: readonly string[] } & Partial<Omit<ResourceProvider, 'traits'>> = {},
): ResourceProvider => ({
  id: providerId(`rp-${name}`),
  name,
  inventories: new Map(Object.entries(totals).map(([resource, total]) => [resource, anInventory(total)])),
  traits: new Set(traits),
  aggregates: [],
  ...over,
});

/** A free VF on NUMA node 0. */
export const aDevice = (address: string, over: Partial<PciDevice> = {}): PciDevice => ({
  address,
  vendorId: '8086',
  productId: '154c',
  devType: 'type-VF',
  numaNode: 0,
  status: 'available',
  tags: {},
  ...over,
});

/** So many free VFs on NUMA node 0. */
export const aPool = (count: number, over: Partial<PciPool> = {}): PciPool => ({
  vendorId: '8086',
  productId: '154c',
  devType: 'type-VF',
  numaNode: 0,
  count,
  tags: {},
  ...over,
});

/** A guest cell of 4 GiB on a NUMA cell of its host, pinned to these host CPUs; vCPU ids count from 0. */
export const aPlacedCell = (
  hostCellId: number,
  cpus: readonly number[],
  over: Partial<PlacedGuestCell> = {},
): PlacedGuestCell => ({
  hostCellId,
  sharedVcpus: [],
  dedicatedVcpus: cpus.map((_, vcpu) => vcpu),
  pinning: cpus.map((cpu, vcpu) => [vcpu, cpu] as const),
  memoryMiB: 4096,
  ...over,
});

/** The topology of a server that sits on these cells. */
export const placedOn = (...cells: readonly PlacedGuestCell[]): NonNullable<Server['topology']> => ({
  kind: 'placed',
  topology: { cells },
});

/** A value without some of its optional members: facts that no source told. */
export function without<Value extends object, Key extends keyof Value>(
  value: Value,
  ...keys: readonly Key[]
): Omit<Value, Key> {
  const gone = new Set<PropertyKey>(keys);
  return Object.fromEntries(Object.entries(value).filter(([key]) => !gone.has(key))) as Omit<Value, Key>;
}
