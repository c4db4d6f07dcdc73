import type { RuleContext } from '../../src/constraints/context.ts';
import { waysOf } from '../../src/constraints/context.ts';
import { rules } from '../../src/constraints/registry.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import type { Host } from '../../src/model/host.ts';
import type { NetworkLink } from '../../src/model/network.ts';
import { serverGroupId } from '../../src/model/ids.ts';
import type { NumaCell, PlacedGuestCell } from '../../src/model/numa.ts';
import type { PciDevice, PciPool } from '../../src/model/pci.ts';
import type { Server } from '../../src/model/server.ts';
import { isLegal } from '../../src/replay/legality.ts';
import { createState } from '../../src/replay/state.ts';
import type { Rng } from '../../src/shared/rng.ts';
import { aCell, aCloud, aContext, aGroup, aHost, aServer } from '../support/builders.ts';

/** What a random cloud is made of. */
export interface Shape {
  readonly hosts: number;
  /** How full the hosts are at the start, of 100. */
  readonly fill: number;
  /** Legal moves from the start to the target; the target may still need stop-overs, since paths are forgotten. */
  readonly walk: number;
  /** Two racks with narrow uplinks of one or two directions, a spine that blocks, and limits of the operator. */
  readonly racks?: true;
}

const cpusOfCell = 8;
const memoryOfCellGiB = 32;
const bigPagesOfCell = 16;
const kind = { vendorId: '8086', productId: '154c', devType: 'type-PCI', tags: {} } as const;
const device = { count: 1, specs: [{ vendor_id: '8086', product_id: '154c' }] } as const;

interface CellRoom {
  freeCpus: number[];
  freePages: number;
  freeDevices: string[];
  memoryUsedMiB: number;
}

/**
 * Full hosts with two NUMA cells and mixed servers: pinned, on huge pages, with PCI devices (stopped, since they only
 * travel cold), ordinary ones, an anti-affinity and an affinity group; and a target that a walk of legal moves reaches.
 */
export function randomCloud(rng: Rng, shape: Shape): { context: RuleContext; target: Map<string, string> } {
  const servers: Server[] = [];
  const hosts = Array.from({ length: shape.hosts }, (_, index) => {
    const name = `h${index}`;
    const cells = [0, 1].map((cell): CellRoom => {
      const cpus = aCell(cell, { cores: cpusOfCell / 2 }).dedicatedCpus;
      return {
        freeCpus: rng.shuffle(cpus),
        freePages: bigPagesOfCell,
        freeDevices: [`0000:${index}${cell}:00.0`, `0000:${index}${cell}:00.1`],
        memoryUsedMiB: 0,
      };
    });
    for (let tries = 0; tries < 12; tries += 1) {
      const used = cells.reduce((sum, cell) => sum + cpusOfCell - cell.freeCpus.length, 0);
      if (used * 100 >= shape.fill * 2 * cpusOfCell) break;
      const server = randomServer(rng, `s${servers.length}`, name, cells);
      if (server !== undefined) servers.push(server);
    }
    return hostOf(name, cells, servers, rng);
  });
  const ids = rng.shuffle(servers.map((server) => server.id));
  const groups = [
    aGroup(ids.slice(0, 3), { policy: 'anti-affinity', maxServersPerHost: 2 }),
    aGroup(ids.slice(3, 6), { policy: 'affinity', name: 'g2', id: serverGroupId('g2') }),
  ].slice(0, rng.nextInt(3) === 0 ? 2 : 1);
  const cloud = aCloud({ hosts, servers, groups });
  const context = aContext(shape.racks === true ? inRacks(cloud, rng) : cloud, {
    allow: rng.nextInt(2) === 0 ? ['cold'] : [],
  });
  return { context, target: walkedTarget(rng, context, shape.walk) };
}

function inRacks(cloud: Cloud, rng: Rng): Cloud {
  const link = (name: string, members: readonly string[]): NetworkLink => ({
    name,
    members,
    bandwidthMbps: [4000, 10_000, 25_000][rng.nextInt(3)] ?? 4000,
    fullDuplex: rng.nextInt(2) === 0,
  });
  const hosts = [...cloud.hosts.values()].map((host, at) => ({ ...host, rack: at % 2 === 0 ? 'a' : 'b' }));
  const links = [
    link('up-a', ['a']),
    link('up-b', ['b']),
    { ...link('spine', ['a', 'b']), kind: 'switch' as const },
  ];
  const config = { ...cloud.config, maxConcurrentLiveMigrations: { value: 1 + rng.nextInt(3), known: true } };
  const networkLimits = {
    maxInbound: 1 + rng.nextInt(3),
    migrationMbps: [1500, 4000, 20_000][rng.nextInt(3)] ?? 1500,
  };
  return {
    ...cloud,
    hosts: new Map(hosts.map((host) => [host.id, host])),
    links: links.slice(rng.nextInt(2)),
    config,
    networkLimits,
  };
}

function randomServer(rng: Rng, name: string, host: string, cells: readonly CellRoom[]): Server | undefined {
  const cell = rng.nextInt(2);
  const room = cells[cell];
  if (room === undefined) return undefined;
  switch (rng.nextInt(6)) {
    case 0:
      return aServer(name, host, { vcpus: 1, memoryGiB: 1 + rng.nextInt(12), ...power(rng) });
    case 1: {
      const pages = [2, 4, 8][rng.nextInt(3)] ?? 2;
      if (room.freePages < pages) return undefined;
      room.freePages -= pages;
      room.memoryUsedMiB += pages * 1024;
      const placed = { ...placedCell(cell, pages), pageSizeKiB: 1048576, sharedVcpus: [0] };
      const extraSpecs = { 'hw:mem_page_size': '1GB' };
      return aServer(name, host, {
        vcpus: 1,
        memoryGiB: pages,
        extraSpecs,
        topology: topologyOf([placed]),
        ...power(rng),
      });
    }
    case 2: {
      const address = room.freeDevices[0];
      if (address === undefined) return undefined;
      room.freeDevices.shift();
      const request = { ...device, source: { kind: 'alias', alias: 'nic' } } as const;
      return aServer(name, host, { vcpus: 1, pciRequests: [request], pciDevices: [address], ...stopped });
    }
    case 3: {
      const placed = cells.map((one, id) => pin(one, id, 2, 2));
      if (placed.some((one) => one === undefined)) return undefined;
      const extraSpecs = { 'hw:cpu_policy': 'dedicated', 'hw:numa_nodes': '2' };
      const both = placed.flatMap((one, id) =>
        one === undefined ? [] : [{ ...one, dedicatedVcpus: [2 * id, 2 * id + 1] }],
      );
      return aServer(name, host, {
        vcpus: 4,
        memoryGiB: 4,
        extraSpecs,
        topology: topologyOf(both),
        ...power(rng),
      });
    }
    default: {
      const cpus = [2, 3, 4, 6][rng.nextInt(4)] ?? 2;
      const placed = pin(room, cell, cpus, 2 * cpus);
      if (placed === undefined) return undefined;
      const extraSpecs = { 'hw:cpu_policy': 'dedicated' };
      return aServer(name, host, {
        vcpus: cpus,
        memoryGiB: 2 * cpus,
        extraSpecs,
        topology: topologyOf([placed]),
        ...power(rng),
      });
    }
  }
}

const stopped = { vmState: 'stopped', status: 'SHUTOFF', powerState: 'shutdown' } as const;
const power = (rng: Rng): Partial<Server> => (rng.nextInt(4) === 0 ? stopped : {});

const topologyOf = (cells: readonly PlacedGuestCell[]) => ({ kind: 'placed', topology: { cells } }) as const;

const placedCell = (hostCellId: number, memoryGiB: number): PlacedGuestCell => ({
  hostCellId,
  sharedVcpus: [],
  dedicatedVcpus: [],
  memoryMiB: memoryGiB * 1024,
});

function pin(room: CellRoom, cell: number, cpus: number, memoryGiB: number): PlacedGuestCell | undefined {
  if (
    room.freeCpus.length < cpus ||
    room.memoryUsedMiB + memoryGiB * 1024 > (memoryOfCellGiB - bigPagesOfCell) * 1024
  )
    return undefined;
  const taken = room.freeCpus.splice(0, cpus);
  room.memoryUsedMiB += memoryGiB * 1024;
  const dedicatedVcpus = taken.map((_, vcpu) => vcpu);
  return {
    ...placedCell(cell, memoryGiB),
    dedicatedVcpus,
    pinning: taken.map((cpu, vcpu) => [vcpu, cpu] as const),
  };
}

function hostOf(name: string, rooms: readonly CellRoom[], servers: readonly Server[], rng: Rng): Host {
  const cells = rooms.map((room, id): NumaCell => {
    const bare = aCell(id, {
      cores: cpusOfCell / 2,
      memoryMiB: memoryOfCellGiB * 1024,
      bigPages: bigPagesOfCell,
      bigPagesUsed: bigPagesOfCell - room.freePages,
      memoryUsedMiB: room.memoryUsedMiB,
    });
    const free = new Set(room.freeCpus);
    return {
      ...bare,
      sharedCpus: bare.dedicatedCpus,
      pinnedCpus: bare.dedicatedCpus.filter((cpu) => !free.has(cpu)),
    };
  });
  const pciPools: PciPool[] = [];
  const pciDevices: PciDevice[] = [];
  for (const [numaNode, room] of rooms.entries()) {
    if (room.freeDevices.length > 0) pciPools.push({ ...kind, numaNode, count: room.freeDevices.length });
    const index = Number(name.slice(1));
    for (const address of [`0000:${index}${numaNode}:00.0`, `0000:${index}${numaNode}:00.1`]) {
      const holder = servers.find((server) => server.pciDevices?.includes(address) === true);
      const status = holder === undefined ? 'available' : 'allocated';
      pciDevices.push({
        ...kind,
        address,
        numaNode,
        status,
        ...(holder !== undefined && { server: holder.id }),
      });
    }
  }
  const nics = [{ name: 'eth0', bandwidthMbps: [10_000, 25_000][rng.nextInt(2)] ?? 10_000 }];
  return aHost(name, {
    vcpu: 64,
    pcpu: 2 * cpusOfCell,
    memoryMiB: 2 * memoryOfCellGiB * 1024,
    cells,
    pciPools,
    pciDevices,
    nics,
  });
}

/** Where a walk of legal moves, each ended before the next, leaves the servers. */
function walkedTarget(rng: Rng, context: RuleContext, moves: number): Map<string, string> {
  const state = createState(context);
  const servers = [...context.cloud.servers.values()];
  const hosts = [...context.cloud.hosts.keys()];
  for (let step = 0; step < moves; step += 1) {
    const server = servers[rng.nextInt(servers.length)];
    const to = hosts[rng.nextInt(hosts.length)];
    const from = server === undefined ? undefined : state.assignment().get(server.id);
    if (server === undefined || from === undefined || to === undefined || from === to) continue;
    for (const way of waysOf(server, context)) {
      const arrival = { server, from, to, ...way };
      if (!isLegal(arrival, state, rules)) continue;
      state.apply({ kind: 'request', arrival });
      state.apply({ kind: 'complete', server: server.id });
      if (way.method === 'cold') state.apply({ kind: 'confirm', server: server.id });
      break;
    }
  }
  return new Map(state.assignment());
}
