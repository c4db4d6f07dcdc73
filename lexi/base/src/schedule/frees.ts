import type { Demand } from '../constraints/demand.ts';
import type { HostId } from '../model/ids.ts';
import type { Server } from '../model/server.ts';

/** What a server that leaves a host gives back, in words: "frees 8 pinned CPUs and 2 PCI devices on cmp-07". */
export function freesInWords(server: Server, demand: Demand | undefined, host: HostId): string {
  const parts = [
    counted(pinnedCpus(demand), 'pinned CPU'),
    counted(devices(demand), 'PCI device'),
    hugePageMiB(demand) > 0 ? `${hugePageMiB(demand)} MiB of pages` : undefined,
  ].filter((part) => part !== undefined);
  if (parts.length === 0) parts.push(`${server.flavor.memoryMiB} MiB`);
  return `frees ${parts.join(' and ')} on ${host}`;
}

/** Dedicated host CPUs that the server takes, emulator thread included. */
export function pinnedCpus(demand: Demand | undefined): number {
  const fit = demand?.fit;
  if (fit?.pinned !== true) return 0;
  return fit.cells.reduce((sum, cell) => sum + cell.dedicatedVcpus, fit.isolatedEmulator ? 1 : 0);
}

function devices(demand: Demand | undefined): number {
  return (demand?.fit?.pciRequests ?? []).reduce((sum, request) => sum + request.count, 0);
}

function hugePageMiB(demand: Demand | undefined): number {
  return (demand?.fit?.cells ?? []).reduce(
    (sum, cell) => sum + (cell.pageSize === undefined ? 0 : cell.memoryMiB),
    0,
  );
}

const counted = (count: number, what: string): string | undefined =>
  count === 0 ? undefined : `${count} ${what}${count === 1 ? '' : 's'}`;
