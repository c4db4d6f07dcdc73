import { amountsOn, type Demand } from '../../constraints/demand.ts';
import type { Host } from '../../model/host.ts';
import type { NumaCell } from '../../model/numa.ts';
import type { DemandCell } from '../../nova/guest-demand.ts';

/** The host with room for one server more: of Placement's amounts, and in its first NUMA cells; not of devices. */
export function withRoomFor(demand: Demand, host: Host): Host {
  const amounts = amountsOn(demand, host);
  const providers = host.providers.map((provider) => ({
    ...provider,
    inventories: new Map(
      [...provider.inventories].map(([resource, inventory]) => {
        const more = Math.ceil((amounts[resource] ?? 0) / Math.min(1, inventory.allocationRatio));
        return [resource, { ...inventory, total: inventory.total + more }];
      }),
    ),
  }));
  const wanted = demand.fit?.cells ?? [];
  const cells = host.cells?.map((cell, index) => {
    const guest = wanted[index];
    return guest === undefined
      ? cell
      : largerCell(cell, guest, demand.fit?.isolatedEmulator === true ? 1 : 0);
  });
  return { ...host, providers, ...(cells !== undefined && { cells }) };
}

function largerCell(cell: NumaCell, guest: DemandCell, reserved: number): NumaCell {
  const highest = Math.max(0, ...cell.siblings.flat());
  const cpus = Array.from(
    { length: guest.dedicatedVcpus + guest.sharedVcpus + reserved },
    (_, index) => firstNewCpu + highest + index,
  );
  const isLegacy = cell.sharedCpus.some((cpu) => cell.dedicatedCpus.includes(cpu));
  const toShared = isLegacy ? cpus : cpus.slice(0, guest.sharedVcpus);
  const toDedicated = isLegacy ? cpus : cpus.slice(guest.sharedVcpus);
  return {
    ...cell,
    sharedCpus: [...cell.sharedCpus, ...toShared],
    dedicatedCpus: [...cell.dedicatedCpus, ...toDedicated],
    siblings: [...cell.siblings, ...cpus.map((cpu) => [cpu])],
    memoryMiB: cell.memoryMiB + guest.memoryMiB,
    pages: cell.pages.map((pool) => ({
      ...pool,
      total: pool.total + Math.ceil((guest.memoryMiB * 1024) / pool.sizeKiB),
    })),
  };
}

/** Far from every CPU id that a host has. */
const firstNewCpu = 1_000_000;
