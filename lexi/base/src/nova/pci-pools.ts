import type { DemandPciRequest } from './guest-demand.ts';
import type { CellLayout, HostLayout, PciPoolLayout } from './host-layout.ts';
import { isTrueText } from './python-text.ts';

/** A PCI request that cannot be served. */
export interface MissedPciRequest {
  /** Position of the request. */
  readonly request: number;
  readonly wanted: number;
  /** Devices left that match the request, at the step of the filter where they became too few. */
  readonly found: number;
  /** What left too few: the attributes, the NUMA policy, or that the rest are kinds nobody asked for. */
  readonly step: 'attributes' | 'numa-policy' | 'device-kind';
}

/**
 * Takes the devices of all requests from `free` (by pool, changed in place) in Nova's order. Returns the first request
 * that cannot be served, or undefined; after a miss `free` holds what the requests before it left.
 *
 * `hostCells` are the positions of the host cells that the guest sits on; undefined for a guest without a NUMA
 * topology, whose requests have no NUMA policy. Source: `pci/stats.py:PciDeviceStats.apply_requests`.
 */
export function takePciDevices(
  layout: HostLayout,
  free: Int32Array,
  requests: readonly DemandPciRequest[],
  hostCells: readonly number[] | undefined,
): MissedPciRequest | undefined {
  const cellIds = hostCells?.map((index) => layout.cells[index]?.id);
  for (const [index, request] of requests.entries()) {
    const pools = layout.poolOrder.filter((pool) => (free[pool] ?? 0) > 0);
    const found = filterPools(layout, free, pools, request, cellIds);
    if (!found.ok) return { request: index, wanted: request.count, found: found.count, step: found.step };
    let missing = request.count;
    for (const pool of found.pools) {
      const taken = Math.min(missing, free[pool] ?? 0);
      free[pool] = (free[pool] ?? 0) - taken;
      missing -= taken;
    }
  }
  return undefined;
}

/** The pools that may serve a request, in order, or the step that left too few devices. */
export type FilteredPools =
  | { readonly ok: true; readonly pools: readonly number[] }
  | { readonly ok: false; readonly count: number; readonly step: MissedPciRequest['step'] };

/** What the filter must know of a host. */
export interface PoolHost {
  readonly cells: readonly Pick<CellLayout, 'id' | 'socket'>[];
  readonly pools: readonly PciPoolLayout[];
}

/**
 * Filters `pools` (positions, in Nova's order) for one request: attributes, then NUMA policy, then kinds that must be
 * asked for by name (PF, vdpa, remote-managed). `cellIds` are the guest's NUMA nodes; undefined: no NUMA policy. The NUMA policy counts devices before the last step drops some: PFs
 * near the guest can make Nova overlook farther VFs. Source: `pci/stats.py:PciDeviceStats._filter_pools`.
 */
export function filterPools(
  host: PoolHost,
  free: Int32Array,
  pools: readonly number[],
  request: DemandPciRequest,
  cellIds: readonly (number | undefined)[] | undefined,
): FilteredPools {
  const layoutOf = (pool: number) => host.pools[pool];
  const matching = pools.filter((pool) => matchesAnySpec(layoutOf(pool), request));
  if (countDevices(free, matching) < request.count) return missed(free, matching, 'attributes');
  const near = cellIds === undefined ? matching : filterByNumaPolicy(host, free, matching, request, cellIds);
  if (countDevices(free, near) < request.count) return missed(free, near, 'numa-policy');
  const allowed = near.filter((pool) => mayServe(layoutOf(pool), request));
  if (allowed.length === 0 || countDevices(free, allowed) < request.count)
    return missed(free, allowed, 'device-kind');
  return { ok: true, pools: allowed };
}

function missed(free: Int32Array, pools: readonly number[], step: MissedPciRequest['step']): FilteredPools {
  return { ok: false, count: countDevices(free, pools), step };
}

function matchesAnySpec(pool: PciPoolLayout | undefined, request: DemandPciRequest): boolean {
  return request.specs.some((spec) => spec.every(([name, value]) => pool?.attributes.get(name) === value));
}

function mayServe(pool: PciPoolLayout | undefined, request: DemandPciRequest): boolean {
  const devType = pool?.attributes.get('dev_type');
  if (devType === 'type-pf' && !request.wantsPf) return false;
  if (devType === 'vdpa' && !request.wantsVdpa) return false;
  return request.wantsRemoteManaged || !isTrueText(pool?.attributes.get('remote_managed'));
}

function filterByNumaPolicy(
  host: PoolHost,
  free: Int32Array,
  pools: readonly number[],
  request: DemandPciRequest,
  cellIds: readonly (number | undefined)[],
): readonly number[] {
  const within = (nodes: readonly (number | undefined)[]) =>
    pools.filter((pool) => nodes.includes(host.pools[pool]?.numaNode));
  const affine = within(cellIds);
  if (request.numaPolicy === 'required' || countDevices(free, affine) >= request.count) return affine;
  if (request.numaPolicy === 'socket') return within(nodesOfSockets(host.cells, cellIds));
  const nodesOrNone = [...cellIds, undefined];
  const affineOrNone = within(nodesOrNone);
  if (request.numaPolicy === 'legacy' || countDevices(free, affineOrNone) >= request.count)
    return affineOrNone;
  return [...affineOrNone, ...pools.filter((pool) => !nodesOrNone.includes(host.pools[pool]?.numaNode))];
}

/** NUMA nodes on the sockets of the guest's; none when any cell of the host does not tell its socket. */
function nodesOfSockets(
  cells: PoolHost['cells'],
  cellIds: readonly (number | undefined)[],
): readonly number[] {
  if (cells.some((cell) => cell.socket === undefined)) return [];
  const sockets = new Set(cells.filter((cell) => cellIds.includes(cell.id)).map((cell) => cell.socket));
  return cells.filter((cell) => sockets.has(cell.socket)).map((cell) => cell.id);
}

function countDevices(free: Int32Array, pools: readonly number[]): number {
  let count = 0;
  for (const pool of pools) count += free[pool] ?? 0;
  return count;
}
