import type { RuleContext } from '../../src/constraints/context.ts';
import { amountsOn } from '../../src/constraints/demand.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import type { Host } from '../../src/model/host.ts';
import type { NumaCell, PlacedGuestCell } from '../../src/model/numa.ts';
import type { PciDevice } from '../../src/model/pci.ts';
import type { Server } from '../../src/model/server.ts';
import type { State } from '../../src/replay/state.ts';

/**
 * The cloud as it would be read after a plan: servers where the end state has them, with the cells, CPUs and devices
 * that they hold there. Exact CPU ids are drawn from the free ones of the cores that the state names.
 */
export function afterPlan(context: RuleContext, end: State): Cloud {
  const { cloud, demands } = context;
  const hosts = new Map([...cloud.hosts].map(([id, host]) => [id, cleared(host)] as const));
  const servers = new Map<Server['id'], Server>();
  const homes = end.assignment();
  const stayed = [...cloud.servers.values()].filter((s) => s.host === homes.get(s.id));
  const moved = [...cloud.servers.values()].filter((s) => s.host !== homes.get(s.id));
  for (const server of stayed) {
    servers.set(server.id, server);
    const host = server.host === undefined ? undefined : hosts.get(server.host);
    if (host === undefined) continue;
    if (server.topology?.kind === 'placed')
      for (const cell of server.topology.topology.cells) occupy(host, cell);
    for (const address of server.pciDevices ?? [])
      take(host, server.id, (device) => device.address === address);
  }
  for (const server of moved) {
    const to = homes.get(server.id);
    const host = to === undefined ? undefined : hosts.get(to);
    const demand = demands.get(server.id);
    const claim = end.claimsOf(server.id).find((c) => c.host === to);
    const root = host?.base.providers[0];
    if (to === undefined || host === undefined || demand === undefined || root === undefined) continue;
    const guest = demand.guest.kind === 'topology' ? demand.guest.topology.cells : [];
    const cells = (claim?.guest?.cells ?? []).map((held, index): PlacedGuestCell => {
      const cell = host.cells.find((c) => c.id === held.hostCellId);
      const layout = end.hostState(to)?.cells.find((c) => c.layout.id === held.hostCellId)?.layout;
      const cpus = held.threads.flatMap(([core, count]) =>
        [...(layout?.coreOfCpu ?? [])]
          .filter(([cpu, c]) => c === core && cell?.pinnedCpus.has(cpu) === false)
          .map(([cpu]) => cpu)
          .slice(0, count),
      );
      const dedicated = guest[index]?.dedicatedVcpus ?? [];
      const placed: PlacedGuestCell = {
        hostCellId: held.hostCellId,
        sharedVcpus: guest[index]?.sharedVcpus ?? [],
        dedicatedVcpus: dedicated,
        pinning: dedicated.map((vcpu, k) => [vcpu, cpus[k] ?? -1] as const),
        memoryMiB: held.memoryMiB,
        ...(guest[index]?.pageSize !== undefined &&
          held.pageSizeKiB !== undefined && { pageSizeKiB: held.pageSizeKiB }),
      };
      occupy(host, placed);
      return placed;
    });
    const nodes = new Set(
      (claim?.guest?.pci ?? []).flatMap(([pool, n]) =>
        Array.from({ length: n }, () => end.hostState(to)?.layout.pools[pool]?.numaNode),
      ),
    );
    const addresses = [...nodes].map((node) =>
      take(host, server.id, (d) => d.status === 'available' && d.numaNode === node),
    );
    servers.set(server.id, {
      ...server,
      host: to,
      topology: cells.length === 0 ? { kind: 'none' } : { kind: 'placed', topology: { cells } },
      pciDevices: addresses.filter((address) => address !== undefined),
      allocations: [{ provider: root.id, resources: amountsOn(demand, host.base) }],
    });
  }
  const order = [...cloud.servers.keys()];
  return {
    ...cloud,
    hosts: new Map([...hosts].map(([id, host]) => [id, filled(host, end.serviceStatus(id))])),
    servers: new Map(
      order.flatMap((id) => {
        const s = servers.get(id);
        return s === undefined ? [] : [[id, s] as const];
      }),
    ),
  };
}

interface Filling {
  readonly base: Host;
  readonly cells: readonly {
    readonly id: number;
    readonly cell: NumaCell;
    readonly pinnedCpus: Set<number>;
    memoryMiB: number;
    readonly pages: Map<number, number>;
  }[];
  readonly devices: PciDevice[];
}

const cleared = (host: Host): Filling => ({
  base: host,
  cells: (host.cells ?? []).map((cell) => ({
    id: cell.id,
    cell,
    pinnedCpus: new Set(),
    memoryMiB: 0,
    pages: new Map(),
  })),
  devices: (host.pciDevices ?? []).map(freed),
});

function freed(device: PciDevice): PciDevice {
  const { server, ...rest } = device;
  return server === undefined ? device : { ...rest, status: 'available' };
}

function occupy(host: Filling, placed: PlacedGuestCell): void {
  const cell = host.cells.find((c) => c.id === placed.hostCellId);
  if (cell === undefined) return;
  for (const [, cpu] of placed.pinning ?? []) cell.pinnedCpus.add(cpu);
  cell.memoryMiB += placed.memoryMiB;
  const size = placed.pageSizeKiB ?? 4;
  cell.pages.set(size, (cell.pages.get(size) ?? 0) + Math.floor((placed.memoryMiB * 1024) / size));
}

function take(host: Filling, server: string, wanted: (device: PciDevice) => boolean): string | undefined {
  const index = host.devices.findIndex(wanted);
  const device = host.devices[index];
  if (device === undefined) return undefined;
  host.devices[index] = { ...device, status: 'allocated', server };
  return device.address;
}

function filled({ base, cells, devices }: Filling, status: 'enabled' | 'disabled'): Host {
  const free = new Map<number, number>();
  for (const d of devices)
    if (d.status === 'available' && d.numaNode !== undefined)
      free.set(d.numaNode, (free.get(d.numaNode) ?? 0) + 1);
  return {
    ...base,
    service: { ...base.service, status },
    cells: cells.map(({ cell, pinnedCpus, memoryMiB, pages }) => ({
      ...cell,
      pinnedCpus: [...pinnedCpus].toSorted((a, b) => a - b),
      memoryUsedMiB: memoryMiB,
      pages: cell.pages.map((page) => ({ ...page, used: pages.get(page.sizeKiB) ?? 0 })),
    })),
    pciDevices: devices,
    pciPools: [...free].map(([numaNode, count]) => ({
      vendorId: '8086',
      productId: '154c',
      devType: 'type-VF',
      numaNode,
      count,
      tags: {},
    })),
  };
}
