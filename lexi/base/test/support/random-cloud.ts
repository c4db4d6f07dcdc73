import fc from 'fast-check';
import type { Cloud } from '../../src/model/cloud.ts';
import type { Host } from '../../src/model/host.ts';
import { serverGroupId } from '../../src/model/ids.ts';
import type { NumaCell, PlacedGuestCell } from '../../src/model/numa.ts';
import type { PciDevice } from '../../src/model/pci.ts';
import type { Server } from '../../src/model/server.ts';
import type { ServerGroup } from '../../src/model/server-group.ts';
import { type HostKind, hostKinds, type ServerKind, serverKinds, withExtras } from './random-extras.ts';
import { aCell, aCloud, aGroup, aHost, aServer, hostId } from './builders.ts';

const vfSpec = { vendor_id: '8086', product_id: '154c', dev_type: 'type-VF' };

interface Kind {
  readonly vcpus: number;
  readonly memoryGiB: number;
  readonly pinnedCells: number;
  readonly hugePages: boolean;
  readonly vf: boolean;
}

export interface CloudShape {
  readonly hosts: readonly {
    readonly cells: number;
    readonly cores: number;
    readonly pages: number;
    readonly vfs: number;
    readonly zone: string;
  }[];
  readonly servers: readonly (Kind & {
    readonly home: number;
    readonly locked: boolean;
    readonly stopped: boolean;
    readonly bound: boolean;
  })[];
  readonly groups: readonly (readonly number[])[];
  /** Breaks the first host's memory on purpose. */
  readonly overfull: boolean;
  /** The second group is one of affinity. */
  readonly together: boolean;
  /** Of hosts and servers in turn; where both are empty nothing is special, and filters are as they usually are. */
  readonly hostKinds: readonly (HostKind | undefined)[];
  readonly serverKinds: readonly (ServerKind | undefined)[];
}

/** Shapes of small clouds: pinned, huge-page, two-cell and VF servers, groups, zones, locks, and broken hosts. */
export const cloudShapes = (maxHosts = 4, maxServers = 12): fc.Arbitrary<CloudShape> =>
  fc.record({
    hosts: fc.array(
      fc.record({
        cells: fc.constantFrom(1, 2),
        cores: fc.constantFrom(2, 3, 4),
        pages: fc.constantFrom(0, 4, 8),
        vfs: fc.constantFrom(0, 1, 2),
        zone: fc.constantFrom('a', 'a', 'b'),
      }),
      { minLength: 2, maxLength: maxHosts },
    ),
    servers: fc.array(
      fc.record({
        vcpus: fc.constantFrom(1, 2, 4),
        memoryGiB: fc.constantFrom(1, 2, 4),
        pinnedCells: fc.constantFrom(0, 0, 1, 1, 2),
        hugePages: fc.boolean(),
        vf: fc.constantFrom(false, false, false, true),
        home: fc.nat(),
        locked: fc.constantFrom(false, false, false, false, true),
        stopped: fc.constantFrom(false, false, false, true),
        bound: fc.constantFrom(false, false, true),
      }),
      { minLength: 1, maxLength: maxServers },
    ),
    groups: fc.array(fc.array(fc.nat({ max: maxServers - 1 }), { minLength: 2, maxLength: 3 }), {
      maxLength: 2,
    }),
    overfull: fc.constantFrom(false, false, true),
    together: fc.boolean(),
    hostKinds: fc.oneof(
      { weight: 1, arbitrary: fc.constant([]) },
      { weight: 3, arbitrary: fc.array(fc.constantFrom(undefined, ...hostKinds), { maxLength: 4 }) },
    ),
    serverKinds: fc.oneof(
      { weight: 1, arbitrary: fc.constant([]) },
      {
        weight: 3,
        arbitrary: fc.array(fc.constantFrom(undefined, undefined, ...serverKinds), { maxLength: 7 }),
      },
    ),
  });

/** Mutable usage while a cloud is filled. */
interface Filling {
  readonly host: Host;
  readonly cells: {
    readonly cell: NumaCell;
    readonly pinned: number[];
    memoryMiB: number;
    bigPages: number;
  }[];
  readonly devices: { readonly device: PciDevice; server?: string }[];
  vcpu: number;
  pcpu: number;
  memoryMiB: number;
  diskGiB: number;
}

/** The cloud of a shape. Servers that fit nowhere are left out; every resident holds what its topology says. */
export function cloudOf(shape: CloudShape): Cloud {
  const fillings = shape.hosts.map((host, index) => emptyHost(`h${index + 1}`, host));
  const servers = shape.servers.flatMap((wish, index): readonly Server[] => {
    const order = fillings
      .map((_, k) => fillings[(k + wish.home) % fillings.length])
      .filter((f) => f !== undefined);
    for (const filling of order) {
      const server = place(`s${index + 1}`, wish, filling);
      if (server !== undefined) return [server];
    }
    return [];
  });
  const hosts = fillings.map((filling, index) => filledHost(filling, shape.overfull && index === 0));
  const names = new Set<string>(servers.map((server) => server.id));
  const taken = new Set<string>();
  const groups = shape.groups.map((members, index): ServerGroup => {
    const free = [...new Set(members)]
      .map((m) => `s${m + 1}`)
      .filter((name) => names.has(name) && !taken.has(name));
    for (const name of free) taken.add(name);
    return aGroup(free, {
      id: serverGroupId(`g${index + 1}`),
      name: `g${index + 1}`,
      maxServersPerHost: 1 + (index % 2),
      policy: shape.together && index === 1 ? 'affinity' : 'anti-affinity',
    });
  });
  const cloud = aCloud({ hosts, servers, groups: groups.filter((group) => group.members.length > 0) });
  const plain = shape.hostKinds.length + shape.serverKinds.length === 0;
  return plain ? cloud : withExtras(cloud, shape.hostKinds, shape.serverKinds);
}

function emptyHost(name: string, shape: CloudShape['hosts'][number]): Filling {
  const cells = Array.from({ length: shape.cells }, (_, id) =>
    aCell(id, { cores: shape.cores, memoryMiB: 16384, bigPages: shape.pages }),
  );
  const devices = Array.from({ length: shape.vfs }, (_, vf): PciDevice => ({
    address: `0000:81:00.${vf}`,
    vendorId: '8086',
    productId: '154c',
    devType: 'type-VF',
    numaNode: vf % shape.cells,
    status: 'available',
    tags: {},
  }));
  const host = aHost(name, {
    vcpu: 8,
    pcpu: shape.cells * shape.cores * 2,
    memoryMiB: shape.cells * 16384,
    diskGiB: 200,
    zone: shape.zone,
    cells,
    pciDevices: devices,
  });
  return {
    host,
    cells: cells.map((cell) => ({ cell, pinned: [], memoryMiB: 0, bigPages: 0 })),
    devices: devices.map((device) => ({ device })),
    vcpu: 0,
    pcpu: 0,
    memoryMiB: 0,
    diskGiB: 0,
  };
}

function place(name: string, wish: CloudShape['servers'][number], filling: Filling): Server | undefined {
  const parts = wish.pinnedCells;
  const vcpus = parts === 2 ? Math.max(2, wish.vcpus) : wish.vcpus;
  const memoryMiB = Math.max(1, parts) * wish.memoryGiB * 1024;
  const big = parts > 0 && wish.hugePages;
  const spot = parts === 0 ? [] : findCells(filling, parts, vcpus / parts, wish.memoryGiB, big);
  const vf = wish.vf
    ? filling.devices.find(
        (d) =>
          d.server === undefined && (spot.length === 0 || spot.some((c) => c.cell.id === d.device.numaNode)),
      )
    : undefined;
  const root = filling.host.providers[0];
  const limit = (resource: string): number => root?.inventories.get(resource)?.total ?? 0;
  const fits =
    (parts === 0
      ? filling.vcpu + vcpus <= limit('VCPU')
      : spot.length === parts && filling.pcpu + vcpus <= limit('PCPU')) &&
    filling.memoryMiB + memoryMiB <= limit('MEMORY_MB') &&
    filling.diskGiB + 10 <= limit('DISK_GB') &&
    (!wish.vf || vf !== undefined);
  if (!fits || root === undefined) return undefined;
  const extraSpecs = {
    ...(parts > 0 && { 'hw:cpu_policy': 'dedicated', 'hw:numa_nodes': String(parts) }),
    ...(big && { 'hw:mem_page_size': '1GB' }),
  };
  const cells = spot.map((cell, index): PlacedGuestCell =>
    pin(cell, index, vcpus / parts, wish.memoryGiB, big),
  );
  if (parts === 0) filling.vcpu += vcpus;
  else filling.pcpu += vcpus;
  filling.memoryMiB += memoryMiB;
  filling.diskGiB += 10;
  if (vf !== undefined) vf.server = name;
  return aServer(name, filling.host.id, {
    vcpus,
    memoryGiB: memoryMiB / 1024,
    extraSpecs,
    locked: wish.locked,
    ...(wish.stopped && { status: 'SHUTOFF', vmState: 'stopped', powerState: 'shutdown' }),
    ...(wish.bound && { requestedAz: { kind: 'zone', name: filling.host.availabilityZone ?? '' } }),
    topology: parts === 0 ? { kind: 'none' } : { kind: 'placed', topology: { cells } },
    pciRequests: wish.vf
      ? [{ count: 1, specs: [vfSpec], source: { kind: 'port', port: `port-${name}` } }]
      : [],
    pciDevices: vf === undefined ? [] : [vf.device.address],
    allocations: [
      {
        provider: root.id,
        resources: { [parts === 0 ? 'VCPU' : 'PCPU']: vcpus, MEMORY_MB: memoryMiB, DISK_GB: 10 },
      },
    ],
  });
}

type Spot = Filling['cells'][number];

const findCells = (
  { cells }: Filling,
  parts: number,
  cpus: number,
  memoryGiB: number,
  big: boolean,
): readonly Spot[] =>
  cells
    .filter(
      (spot) =>
        spot.cell.dedicatedCpus.length - spot.pinned.length >= cpus &&
        spot.memoryMiB + memoryGiB * 1024 <= spot.cell.memoryMiB &&
        (!big || (spot.cell.pages[1]?.total ?? 0) - spot.bigPages >= memoryGiB),
    )
    .slice(0, parts);

function pin(spot: Spot, index: number, cpus: number, memoryGiB: number, big: boolean): PlacedGuestCell {
  const free = spot.cell.dedicatedCpus.filter((cpu) => !spot.pinned.includes(cpu)).slice(0, cpus);
  spot.pinned.push(...free);
  spot.memoryMiB += memoryGiB * 1024;
  if (big) spot.bigPages += memoryGiB;
  return {
    hostCellId: spot.cell.id,
    sharedVcpus: [],
    dedicatedVcpus: free.map((_, vcpu) => index * cpus + vcpu),
    pinning: free.map((cpu, vcpu) => [index * cpus + vcpu, cpu] as const),
    memoryMiB: memoryGiB * 1024,
    ...(big && { pageSizeKiB: 1048576 }),
  };
}

function filledHost({ host, cells, devices, memoryMiB }: Filling, overfull: boolean): Host {
  const root = host.providers[0];
  const inventories = new Map(root?.inventories);
  const memory = inventories.get('MEMORY_MB');
  if (overfull && memory !== undefined && memoryMiB > 1024)
    inventories.set('MEMORY_MB', { ...memory, total: memoryMiB - 1024 });
  const list = devices.map(({ device, server }): PciDevice =>
    server === undefined ? device : { ...device, status: 'allocated', server },
  );
  const free = new Map<number, number>();
  for (const device of list)
    if (device.status === 'available' && device.numaNode !== undefined)
      free.set(device.numaNode, (free.get(device.numaNode) ?? 0) + 1);
  return {
    ...host,
    id: hostId(host.id),
    providers: root === undefined ? [] : [{ ...root, inventories }],
    cells: cells.map(({ cell, pinned, memoryMiB: used, bigPages }) => ({
      ...cell,
      pinnedCpus: pinned.toSorted((a, b) => a - b),
      memoryUsedMiB: used,
      pages: cell.pages.map((page) => {
        const small = (used * 1024 - bigPages * 1048576) / 4;
        return { ...page, used: page.sizeKiB === 4 ? small : bigPages };
      }),
    })),
    pciDevices: list,
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
