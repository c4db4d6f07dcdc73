import type { Claim, StateView } from '../../constraints/state-view.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { Host } from '../../model/host.ts';
import type { HostId } from '../../model/ids.ts';
import type { Migration } from '../../model/migration.ts';
import type { NumaCell, PlacedGuestCell } from '../../model/numa.ts';
import type { PciDevice } from '../../model/pci.ts';
import type { Allocation } from '../../model/placement.ts';
import type { Server } from '../../model/server.ts';
import { omit } from '../../shared/omit.ts';
import type { SimMigration, SimServer, World } from './world.ts';

/** The CPUs and devices of a host that nobody holds, while those who came are served. */
interface Stock {
  readonly host: Host;
  readonly pinned: Map<number, Set<number>>;
  readonly devices: PciDevice[];
}

/**
 * The simulated cloud as it would be read now, while nothing is on its way: servers where they are, with the cells, CPUs
 * and devices that they hold there. Which CPU ids and devices of a cell it is, nobody predicts: the first free ones.
 */
export function cloudNow(world: World, capturedAt: string): Cloud {
  const { context, state, services } = world;
  const { cloud } = context;
  const stocks = new Map([...cloud.hosts].map(([id, host]) => [id, stockOf(host)]));
  const moved = [...cloud.servers.values()].filter(({ id, host }) => {
    const now = world.servers.get(id);
    return now?.host !== host || now?.hasLeft === true;
  });
  for (const server of moved) giveBack(server, stocks);
  const arrived = new Map(moved.map((server) => [server.id, settled(server, world, stocks)]));
  const servers = [...cloud.servers.values()].map((server): Server => {
    const now = arrived.get(server.id) ?? server;
    return { ...now, ...statusOf(world.servers.get(server.id), server) };
  });
  const hosts = [...stocks].map(([id, stock]) => {
    const { host } = stock;
    const seen = services.get(id);
    const service = {
      ...host.service,
      ...(seen !== undefined && { status: seen.status, state: seen.state }),
      ...(seen?.state === 'up' && { forcedDown: false }),
    };
    return [id, { ...host, ...usageOf(stock, state), service }] as const;
  });
  return {
    ...cloud,
    capturedAt,
    hosts: new Map(hosts),
    servers: new Map(servers.map((server) => [server.id, server])),
    migrations: [...world.servers.values()]
      .flatMap(({ migrations }) => migrations.map(recordOf))
      .toSorted((a, b) => a.id - b.id),
  };
}

const statusOf = (seen: SimServer | undefined, { status, vmState }: Server) => ({
  status: seen?.status ?? status,
  vmState: seen?.vmState ?? vmState,
});

const stockOf = (host: Host): Stock => ({
  host,
  pinned: new Map((host.cells ?? []).map(({ id, pinnedCpus }) => [id, new Set(pinnedCpus)])),
  devices: [...(host.pciDevices ?? [])],
});

/** What a server held where it was. */
function giveBack({ id, host, topology }: Server, stocks: ReadonlyMap<HostId, Stock>): void {
  const stock = host === undefined ? undefined : stocks.get(host);
  if (stock === undefined) return;
  for (const cell of topology?.kind === 'placed' ? topology.topology.cells : [])
    for (const cpu of [...(cell.pinning ?? []).map(([, pinned]) => pinned), ...(cell.reservedCpus ?? [])])
      stock.pinned.get(cell.hostCellId)?.delete(cpu);
  for (const [index, device] of stock.devices.entries()) {
    if (device.server !== id) continue;
    stock.devices[index] = { ...omit(device, 'server'), status: 'available' };
  }
}

/** A server with what it holds where it is now. */
function settled(
  server: Server,
  { state, context, servers }: World,
  stocks: ReadonlyMap<HostId, Stock>,
): Server {
  const host = servers.get(server.id)?.host;
  const claim = state.claimsOf(server.id).find((one) => one.host === host);
  const stock = host === undefined ? undefined : stocks.get(host);
  if (host === undefined || claim === undefined || stock === undefined) return server;
  const guest = context.demands.get(server.id)?.guest;
  const wished = guest?.kind === 'topology' ? guest.topology.cells : [];
  const cells = (claim.guest?.cells ?? []).map((held, index): PlacedGuestCell => {
    const { sharedVcpus = [], dedicatedVcpus = [], pageSize } = wished[index] ?? {};
    const cpus = takeCpus(stock, held, state);
    return {
      hostCellId: held.hostCellId,
      sharedVcpus,
      dedicatedVcpus,
      pinning: dedicatedVcpus.flatMap((vcpu, at) => {
        const cpu = cpus[at];
        return cpu === undefined ? [] : [[vcpu, cpu] as const];
      }),
      ...(cpus.length > dedicatedVcpus.length && { reservedCpus: cpus.slice(dedicatedVcpus.length) }),
      memoryMiB: held.memoryMiB,
      ...(pageSize !== undefined && held.pageSizeKiB !== undefined && { pageSizeKiB: held.pageSizeKiB }),
    };
  });
  const pciDevices = (claim.guest?.pci ?? []).flatMap(([pool, count]) =>
    takeDevices(stock, server, pool, count),
  );
  return {
    ...server,
    host,
    topology: cells.length === 0 ? { kind: 'none' } : { kind: 'placed', topology: { cells } },
    allocations: allocationsOf(claim),
    ...(server.pciDevices !== undefined && { pciDevices }),
  };
}

type Held = NonNullable<Claim['guest']>['cells'][number];

function takeCpus(
  { host, pinned }: Stock,
  { hostCellId, threads }: Held,
  state: StateView,
): readonly number[] {
  const taken = pinned.get(hostCellId);
  const layout = state.hostState(host.id)?.cells.find((cell) => cell.layout.id === hostCellId)?.layout;
  const cpus = threads.flatMap(([core, count]) =>
    [...(layout?.coreOfCpu ?? [])]
      .filter(([cpu, of]) => of === core && taken?.has(cpu) === false)
      .map(([cpu]) => cpu)
      .slice(0, count),
  );
  for (const cpu of cpus) taken?.add(cpu);
  return cpus;
}

function takeDevices(
  { host, devices }: Stock,
  { id }: Server,
  pool: number,
  count: number,
): readonly string[] {
  const kind = host.pciPools?.[pool];
  const free = devices.filter(
    ({ status, vendorId, productId, devType, numaNode }) =>
      status === 'available' &&
      (kind === undefined ||
        (vendorId === kind.vendorId &&
          productId === kind.productId &&
          devType === kind.devType &&
          numaNode === kind.numaNode)),
  );
  return free.slice(0, count).map((device) => {
    devices[devices.indexOf(device)] = { ...device, status: 'allocated', server: id };
    return device.address;
  });
}

function allocationsOf({ amounts }: Claim): readonly Allocation[] {
  const byProvider = new Map<Allocation['provider'], Record<string, number>>();
  for (const { provider, resource, amount } of amounts) {
    const resources = byProvider.get(provider) ?? {};
    resources[resource] = amount;
    byProvider.set(provider, resources);
  }
  return [...byProvider].map(([provider, resources]) => ({ provider, resources }));
}

/** What of a host's cells and devices is in use. */
function usageOf({ host, pinned, devices }: Stock, state: StateView): Partial<Host> {
  const seen = state.hostState(host.id);
  if (seen === undefined) return {};
  const cells = (host.cells ?? []).map((cell): NumaCell => {
    const used = seen.cells.find(({ layout }) => layout.id === cell.id);
    if (used === undefined) return cell;
    const { layout, pagesUsed, memoryUsedMiB } = used;
    return {
      ...cell,
      pinnedCpus: [...(pinned.get(cell.id) ?? [])].toSorted((a, b) => a - b),
      memoryUsedMiB,
      pages: cell.pages.map((page) => ({
        ...page,
        used: pagesUsed[layout.pageSizesKiB.indexOf(page.sizeKiB)] ?? page.used,
      })),
    };
  });
  return {
    cells,
    ...(host.pciDevices !== undefined && { pciDevices: devices }),
    ...(host.pciPools !== undefined && {
      pciPools: host.pciPools.map((pool, index) => ({ ...pool, count: seen.pciFree[index] ?? pool.count })),
    }),
  };
}

const types = new Map<string, Migration['type']>([
  ['live-migration', 'live-migration'],
  ['migration', 'migration'],
  ['resize', 'resize'],
  ['evacuation', 'evacuation'],
]);

const recordOf = ({ id, server, type, status, source, destination }: SimMigration): Migration => ({
  id,
  server,
  type: types.get(type) ?? 'migration',
  status,
  ...(source !== undefined && { source }),
  ...(destination !== undefined && { destination }),
});
