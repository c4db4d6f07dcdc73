import type { PciRequestFacts } from './guest.ts';
import { type DemandPciRequest, pciDemand } from './guest-demand.ts';
import { type PciPoolLayout, poolLayout } from './host-layout.ts';
import { filterPools, type PoolHost } from './pci-pools.ts';

/** A device that Nova may hand out. */
export interface PciDeviceFacts {
  readonly address: string;
  readonly vendorId: string;
  readonly productId: string;
  readonly devType: string;
  readonly numaNode?: number;
  /** Address of the PF of a VF or vdpa device. */
  readonly parentAddress?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The devices of one host with their pools: mutable, changed by `claimDevices` and `freeDevices`. Here, unlike in the
 * pools of `host-state.ts`, a PF and its VFs exclude each other.
 */
export interface DeviceState {
  /** In address order. */
  readonly devices: readonly Device[];
  /** Pools of free devices in Nova's order: fewer attributes first. */
  readonly pools: DevicePool[];
  /** NUMA cells of the host, for policy `socket`. */
  readonly cells: PoolHost['cells'];
}

interface Device {
  readonly address: string;
  readonly devType: string;
  readonly pool: PciPoolLayout;
  /** Its attributes as they are written: devices share a pool only when all are the same, case included. */
  readonly poolKey: string;
  readonly parent: Device | undefined;
  readonly children: Device[];
  status: 'available' | 'taken' | 'blocked';
  holder: string | undefined;
}

interface DevicePool {
  readonly layout: PciPoolLayout;
  readonly key: string;
  /** Nova's own count. It can lag behind `devices` while one claim is served. */
  count: number;
  /** Taken from the end. */
  readonly devices: Device[];
}

/** How a claim ended. */
export type DeviceClaim =
  | { readonly kind: 'claimed'; readonly addresses: readonly string[] }
  /** The scheduler's count of free devices does not suffice; nothing changed. */
  | { readonly kind: 'refused' }
  /**
   * The scheduler agreed and the claim failed, since one request took what excludes another's device. Nova loses the
   * devices it had dropped from its pools meanwhile, so nothing can be told about this state any more.
   */
  | { readonly kind: 'lost' };

const virtualTypes: ReadonlySet<string> = new Set(['type-VF', 'vdpa']);

/** All devices free. Source: `pci/manager.py:PciDevTracker`, `_build_device_tree`. */
export function deviceState(facts: readonly PciDeviceFacts[], cells: PoolHost['cells'] = []): DeviceState {
  const functions = new Map<string, Device>();
  const devices: Device[] = [];
  for (const fact of facts.toSorted((a, b) => (a.address < b.address ? -1 : 1))) {
    const isVirtual = virtualTypes.has(fact.devType);
    const parent = isVirtual ? functions.get(fact.parentAddress ?? '') : undefined;
    const { address, devType } = fact;
    const tags = tagsOf(fact);
    const pool = poolLayout({ ...fact, tags });
    const device: Device = {
      address,
      devType,
      pool,
      poolKey: poolKey(fact, tags),
      parent,
      children: [],
      status: 'available',
      holder: undefined,
    };
    parent?.children.push(device);
    if (devType === 'type-PF') functions.set(address, device);
    devices.push(device);
  }
  const state: DeviceState = { devices, pools: [], cells };
  for (const device of devices) addToPool(state.pools, device);
  return state;
}

/** Addresses that a request can still get, in order. */
export function freeAddresses(state: DeviceState): readonly string[] {
  return state.pools.flatMap((pool) => pool.devices.map((device) => device.address)).sort();
}

/**
 * Takes devices for a guest. `cellIds` are the host cells that it sits on; undefined for a guest without a NUMA
 * topology. Source: `pci/stats.py:PciDeviceStats.consume_requests`, `objects/pci_device.py:PciDevice.claim`.
 */
export function claimDevices(
  state: DeviceState,
  guest: string,
  requests: readonly PciRequestFacts[],
  cellIds: readonly number[] | undefined,
): DeviceClaim {
  const wanted = requests.map(pciDemand);
  if (!schedulerAccepts(state, wanted, cellIds)) return { kind: 'refused' };
  const taken: Device[] = [];
  for (const request of wanted) {
    const found = filter(state, state.pools, request, cellIds);
    if (found === undefined || !consume(state, found, request.count, taken)) return { kind: 'lost' };
  }
  for (const device of taken) {
    device.status = 'taken';
    device.holder = guest;
    for (const child of device.children) child.status = 'blocked';
    if (device.parent?.status === 'available') device.parent.status = 'blocked';
  }
  return { kind: 'claimed', addresses: taken.map((device) => device.address).sort() };
}

/** Gives back what a guest holds; nothing when it holds none. Source: `PciDevice.free`, `PciDevTracker._free_device`. */
export function freeDevices(state: DeviceState, guest: string): void {
  for (const device of state.devices) {
    if (device.holder !== guest) continue;
    const freed: Device[] = [...device.children];
    for (const child of device.children) child.status = 'available';
    const { parent } = device;
    if (parent?.children.every((sibling) => sibling === device || sibling.status === 'available') === true) {
      parent.status = 'available';
      freed.push(parent);
    }
    device.status = 'available';
    device.holder = undefined;
    for (const each of [...freed, device]) addToPool(state.pools, each);
  }
}

/** The scheduler counts devices and does not see that a PF and its VFs exclude each other within one set of requests. */
function schedulerAccepts(
  state: DeviceState,
  requests: readonly DemandPciRequest[],
  cellIds: readonly number[] | undefined,
): boolean {
  const pools = state.pools.map((pool) => ({ ...pool }));
  for (const request of requests) {
    const found = filter(state, pools, request, cellIds);
    if (found === undefined) return false;
    let missing = request.count;
    for (const pool of found) {
      const taken = Math.min(missing, pool.count);
      pool.count -= taken;
      missing -= taken;
    }
  }
  return true;
}

function filter(
  state: DeviceState,
  pools: readonly DevicePool[],
  request: DemandPciRequest,
  cellIds: readonly number[] | undefined,
): readonly DevicePool[] | undefined {
  const host = { cells: state.cells, pools: pools.map((pool) => pool.layout) };
  const free = Int32Array.from(pools, (pool) => pool.count);
  const positions = pools.map((_, index) => index);
  const found = filterPools(host, free, positions, request, cellIds);
  return found.ok
    ? pools.filter((_, index) => found.pools.includes(index)).sort(byPosition(pools, found.pools))
    : undefined;
}

/** The filter's order, which policy `preferred` changes. */
function byPosition(pools: readonly DevicePool[], positions: readonly number[]) {
  const rank = new Map(positions.map((position, index) => [pools[position], index]));
  return (a: DevicePool, b: DevicePool) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0);
}

/** False when a pool turns out emptier than its count said: Nova's claim then fails. */
function consume(state: DeviceState, pools: readonly DevicePool[], count: number, taken: Device[]): boolean {
  let missing = count;
  for (const pool of pools) {
    const share = Math.min(missing, pool.count);
    missing -= share;
    pool.count -= share;
    for (let i = 0; i < share; i++) {
      const device = pool.devices.pop();
      if (device === undefined) return false;
      dropDependents(state.pools, device);
      taken.push(device);
    }
    if (missing === 0) break;
  }
  return true;
}

function dropDependents(pools: DevicePool[], device: Device): void {
  for (const child of device.children) removeFromPool(pools, child);
  if (device.parent !== undefined) removeFromPool(pools, device.parent);
}

function removeFromPool(pools: DevicePool[], device: Device): void {
  const index = pools.findIndex((pool) => pool.devices.includes(device));
  const pool = pools[index];
  if (pool === undefined) return;
  pool.devices.splice(pool.devices.indexOf(device), 1);
  // Nova takes the last device's pool off its list and leaves the count of the pool itself as it is.
  if (pool.count > 1) pool.count--;
  else pools.splice(index, 1);
}

function addToPool(pools: DevicePool[], device: Device): void {
  let pool = pools.find((candidate) => candidate.key === device.poolKey);
  if (pool === undefined) {
    pool = { layout: device.pool, key: device.poolKey, count: 0, devices: [] };
    pools.push(pool);
    pools.sort((a, b) => a.layout.attributes.size - b.layout.attributes.size);
  }
  pool.count++;
  pool.devices.push(device);
}

function poolKey(fact: PciDeviceFacts, tags: Readonly<Record<string, string>>): string {
  const { numaNode = null, vendorId, productId, devType } = fact;
  const pairs = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([numaNode, vendorId, productId, devType, pairs]);
}

/** Functions of network cards are marked as managed by the host unless they say otherwise. */
function tagsOf(fact: PciDeviceFacts): Readonly<Record<string, string>> {
  const isFunction = fact.devType === 'type-PF' || virtualTypes.has(fact.devType);
  return isFunction ? { remote_managed: 'false', ...fact.tags } : fact.tags;
}
