import type { Host } from '../model/host.ts';
import type { Server } from '../model/server.ts';
import { type Claim, claimFromPins, type PlacedCellFacts } from '../nova/claim.ts';
import type { HostFacts } from '../nova/host-facts.ts';
import type { HostLayout } from '../nova/host-layout.ts';
import type { Demand } from './demand.ts';
import { poolOf } from './host-facts.ts';

/** What a server holds of the NUMA cells and devices of the host that it runs on; undefined when nothing is known. */
export function residentClaim(
  server: Server,
  demand: Demand | undefined,
  host: Host,
  facts: HostFacts,
  layout: HostLayout,
): Claim | undefined {
  const cells = placedCells(server, demand);
  const taken = new Map<number, number>();
  for (const device of host.pciDevices ?? []) {
    const pool = device.server === server.id ? poolOf(device, facts.pciPools) : -1;
    if (pool !== -1) taken.set(pool, (taken.get(pool) ?? 0) + 1);
  }
  return cells.length === 0 && taken.size === 0 ? undefined : claimFromPins(layout, cells, [...taken]);
}

/** The recorded topology of a server, in the form that claims are made from; empty when it has none. */
export function placedCells(server: Server, demand: Demand | undefined): readonly PlacedCellFacts[] {
  const isolatesThreads = demand?.fit?.threadPolicy === 'isolate';
  const placed = server.topology?.kind === 'placed' ? server.topology.topology.cells : [];
  return placed.map((cell) => ({
    hostCellId: cell.hostCellId,
    sharedVcpus: cell.sharedVcpus,
    pinning: cell.pinning ?? [],
    reservedCpus: cell.reservedCpus ?? [],
    memoryMiB: cell.memoryMiB,
    isolatesThreads,
    ...(cell.pageSizeKiB !== undefined && { pageSizeKiB: cell.pageSizeKiB }),
  }));
}
