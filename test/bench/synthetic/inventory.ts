import { at } from '../../../src/shared/at.ts';
import { groupBy } from '../../../src/shared/collections.ts';
import type { Inventory } from '../../../src/inventory/document.ts';
import type { HostRecord } from '../../../src/inventory/document/host.ts';
import type { ServerRecord } from '../../../src/inventory/document/server.ts';
import { createTables, type TableWriter } from '../../../src/inventory/assemble/tables.ts';
import { amountsPerHost, type Instance, type ServerType } from './generator.ts';
import { invariant } from '../../../src/shared/invariant.ts';

/**
 * The inventory of a cloud as the generator makes it: hosts of two NUMA cells, each with as many dedicated as shared
 * CPUs, 1G pages and VFs; zones, racks, aggregates, anti-affinity groups; servers that float, are pinned, or hold a VF.
 */
export function toInventory(instance: Instance): Inventory {
  const tables = createTables();
  const residents = groupBy(instance.vtype.keys(), (v) => at(instance.loc0, v) >> 1);
  const takers = createTakers(instance);
  const servers = Array.from(instance.vtype, (_, v) => serverOf(instance, v, tables, takers));
  const hosts = Array.from({ length: instance.H }, (_, h) =>
    hostOf(instance, h, residents.get(h) ?? [], servers, tables),
  );
  const zones = groupBy(hosts, ({ availabilityZone = '' }) => availabilityZone);
  const groups = groupBy(instance.vgrp.keys(), (v) => at(instance.vgrp, v));
  return {
    formatVersion: 1,
    capturedAt: '2026-11-21T00:00:00Z',
    release: { maxMicroversion: '2.93' },
    sources: {},
    tables: tables.tables,
    storagePools: [{ id: 'ceph', kind: 'shared', imagesType: 'rbd' }],
    aggregates: [...zones].map(([zone, members]) => ({
      id: zone,
      name: zone,
      hosts: members.map(({ id }) => id),
      metadata: { availability_zone: zone },
    })),
    groups: [...groups]
      .filter(([group]) => group >= 0)
      .map(([group, members]) => ({
        id: uuid('9', group),
        name: `group-${group}`,
        policy: 'anti-affinity',
        members: members.map(serverUuid),
      })),
    novaConfig: { imagesType: { value: 'rbd', known: true } },
    hosts,
    servers,
  };
}

export const serverUuid = (v: number): string => uuid('5', v);

const uuid = (kind: string, n: number): string =>
  `${kind}${n.toString(16).padStart(7, '0')}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
export const hostName = (h: number): string => `h${String(h).padStart(5, '0')}`;

/** What is next on each NUMA cell: CPUs to pin and VFs to hand out. */
interface Takers {
  readonly cpus: Int32Array;
  readonly functions: Int32Array;
}

const createTakers = ({ H }: Instance): Takers => ({
  cpus: new Int32Array(2 * H),
  functions: new Int32Array(2 * H),
});

const mib = 1024;
const rootGiB = 20;
const gigabytePages = 1024 * mib;
const pinnedTypes = { one: 1, both: 2, device: 3 } as const;
const generations = ['HW_CPU_X86_AVX', 'HW_CPU_X86_AVX2', 'HW_CPU_X86_AVX512F'] as const;
const networkCard = { vendorId: '8086', productId: '154c', devType: 'type-VF' } as const;

const vcpusPerCell = ({ k, vcpu }: ServerType): number => (k === pinnedTypes.both ? vcpu / 2 : vcpu);
const amountOf = ({ cap }: Instance, h: number, row: number): number => at(cap, h * amountsPerHost + row);
/** As many dedicated as shared CPUs, threads in pairs. */
const dedicatedOf = (instance: Instance, h: number, cell: number): number[] =>
  Array.from({ length: amountOf(instance, h, 2 + cell) }, (_, i) => cell * 1000 + i);
const address = (cell: number, n: number): string => `0000:${cell === 0 ? '18' : 'af'}:02.${n}`;

function serverOf(instance: Instance, v: number, tables: TableWriter, takers: Takers): ServerRecord {
  const type = at(instance.types, at(instance.vtype, v));
  const [h, cell] = [at(instance.loc0, v) >> 1, at(instance.loc0, v) & 1];
  const { k, vcpu, ram } = type;
  const cells = k === pinnedTypes.both ? [0, 1] : k === 0 ? [] : [cell];
  const perCell = vcpusPerCell(type);
  const isPinned = cells.length > 0;
  const device =
    k === pinnedTypes.device ? address(cell, takeOne(takers.functions, h * 2 + cell)) : undefined;
  return {
    id: serverUuid(v),
    name: `server-${v}`,
    projectId: `project-${v % 200}`,
    flavor: tables.put('flavors', flavorOf(type)),
    image: tables.put('images', { id: uuid('2', v % 20), properties: { os_distro: 'ubuntu' } }),
    status: 'ACTIVE',
    host: hostName(h),
    launchedOn: hostName(h),
    launchedAt: '2026-11-20T00:00:00Z',
    machineType: 'q35',
    cpu: tables.put('guestCpus', { mode: 'custom', match: 'exact', model: 'SandyBridge', features: [] }),
    topology: cells.map((hostCellId, c) => ({
      hostCellId,
      dedicatedVcpus: Array.from({ length: perCell }, (_, i) => c * perCell + i),
      hostCpus: Array.from(
        { length: perCell },
        () => hostCellId * 1000 + takeOne(takers.cpus, h * 2 + hostCellId),
      ),
      memoryMiB: (ram / cells.length) * mib,
      pageSizeKiB: gigabytePages,
    })),
    allocations: [
      {
        amounts: tables.put('amounts', {
          [isPinned ? 'PCPU' : 'VCPU']: vcpu,
          MEMORY_MB: ram * mib,
          DISK_GB: rootGiB,
        }),
      },
    ],
    pciRequests:
      device === undefined
        ? []
        : [
            {
              requestId: uuid('7', v),
              count: 1,
              specs: [{ vendor_id: '8086', product_id: '154c', dev_type: 'type-VF' }],
              source: { kind: 'alias', alias: 'vf' },
            },
          ],
    pciDevices: device === undefined ? [] : [device],
    ports: [{ id: uuid('6', v), vnicType: 'normal', tunneled: true }],
    localDisks: tables.put('diskSets', [{ kind: 'root', sizeGiB: rootGiB }]),
    requestedAz: { kind: 'any' },
  };
}

const takeOne = (takers: Int32Array, slot: number): number => {
  takers[slot] = at(takers, slot) + 1;
  return at(takers, slot) - 1;
};

function flavorOf({ k, q, vcpu, ram }: ServerType) {
  const kind = ['float', 'pinned', 'two-cells', 'device'][k] ?? '';
  return {
    name: `${kind}.${vcpu}.${ram}.${q}`,
    vcpus: vcpu,
    memoryMiB: ram * mib,
    rootGiB,
    ephemeralGiB: 0,
    swapMiB: 0,
    extraSpecs: {
      ...(k > 0 && { 'hw:cpu_policy': 'dedicated', 'hw:mem_page_size': '1GB' }),
      ...(k === pinnedTypes.both && { 'hw:numa_nodes': '2' }),
      ...(k === pinnedTypes.device && { 'pci_passthrough:alias': 'vf:1' }),
      ...(q > 0 && { [`trait:${generations[q] ?? ''}`]: 'required' }),
    },
  };
}

function hostOf(
  instance: Instance,
  h: number,
  residents: readonly number[],
  servers: readonly ServerRecord[],
  tables: TableWriter,
): HostRecord {
  const generation = at(instance.gen, h);
  const topologies = residents.flatMap((v) => servers[v]?.topology ?? []);
  const devices = residents.flatMap((v) => (servers[v]?.pciDevices ?? []).map((taken) => ({ taken, v })));
  const functions = [0, 1].map((cell) => amountOf(instance, h, 6 + cell));
  const total = (resource: number): number => amountOf(instance, h, resource);
  return {
    id: hostName(h),
    nodeName: hostName(h),
    service: { status: 'enabled', state: 'up', forcedDown: false, id: uuid('3', h), version: 64 },
    availabilityZone: `zone-${h % 3}`,
    rack: `rack-${Math.floor(h / 30)}`,
    storagePool: 'ceph',
    cpu: tables.put('hostCpus', cpuOf(generation)),
    hypervisorType: 'QEMU',
    hypervisorVersion: 6_002_000,
    supportedInstances: [['x86_64', 'kvm', 'hvm']],
    nics: [{ name: 'bond0', bandwidthMbps: 25_000 }],
    providers: [
      {
        id: uuid('4', h),
        name: hostName(h),
        generation: 1,
        traits: tables.put('traitSets', generations.slice(0, generation + 1)),
        inventories: tables.put('inventorySets', {
          VCPU: inventoryOf(total(0)),
          PCPU: inventoryOf(total(2) + total(3)),
          MEMORY_MB: inventoryOf((total(1) + total(4) + total(5)) * mib),
          DISK_GB: inventoryOf(1000 * rootGiB),
        }),
      },
    ],
    layout: tables.put('hostLayouts', { cells: [0, 1].map((cell) => layoutOf(instance, h, cell)) }),
    cells: [0, 1].map((cell) => {
      const own = topologies.filter(({ hostCellId }) => hostCellId === cell);
      const memoryUsedMiB = own.reduce((sum, { memoryMiB }) => sum + memoryMiB, 0);
      return {
        memoryUsedMiB,
        sharedCpusUsed: 0,
        pinnedCpus: own.flatMap(({ hostCpus = [] }) => hostCpus).toSorted((a, b) => a - b),
        usedPages: [0, memoryUsedMiB / mib],
      };
    }),
    pciDevices: functions.flatMap((count, cell) =>
      Array.from({ length: count }, (_, n) => {
        const holder = devices.find(({ taken }) => taken === address(cell, n));
        return {
          ...networkCard,
          address: address(cell, n),
          numaNode: cell,
          status: holder === undefined ? ('available' as const) : ('allocated' as const),
          ...(holder !== undefined && { server: serverUuid(holder.v), requestId: uuid('7', holder.v) }),
        };
      }),
    ),
    pciPools: functions.flatMap((count, cell) => {
      const taken = devices.filter((device) => device.taken.startsWith(address(cell, 0).slice(0, 7))).length;
      return count === 0 ? [] : [{ ...networkCard, numaNode: cell, count: count - taken }];
    }),
  };
}

const inventoryOf = (total: number) => ({
  total,
  reserved: 0,
  allocationRatio: 1,
  minUnit: 1,
  maxUnit: Math.max(1, total),
  stepSize: 1,
});

function layoutOf(instance: Instance, h: number, cell: number) {
  const dedicated = dedicatedOf(instance, h, cell);
  const shared = dedicated.map((cpu) => cpu + 500);
  const memoryGiB = amountOf(instance, h, 4 + cell) + amountOf(instance, h, 1) / 2;
  return {
    id: cell,
    socket: cell,
    sharedCpus: shared,
    dedicatedCpus: dedicated,
    siblings: [...dedicated, ...shared].filter((cpu) => cpu % 2 === 0).map((cpu) => [cpu, cpu + 1]),
    memoryMiB: Math.ceil(memoryGiB * mib),
    networks: { physnets: [], tunneled: true },
    pages: [
      { sizeKiB: 4, total: Math.ceil((amountOf(instance, h, 1) / 2) * 256 * mib), reserved: 0 },
      { sizeKiB: gigabytePages, total: amountOf(instance, h, 4 + cell), reserved: 0 },
    ],
  };
}

function cpuOf(generation: number) {
  const model = ['SandyBridge', 'Haswell-noTSX', 'Skylake-Server-noTSX-IBRS'][generation];
  const more = [[], ['avx2', 'bmi1', 'bmi2', 'fma'], ['avx2', 'avx512f', 'bmi1', 'bmi2', 'fma']][generation];
  const features = ['aes', 'apic', 'avx', 'clflush', 'cmov', 'cx16', 'cx8', 'de', 'fpu', 'fxsr', 'lahf_lm', 'lm', 'mca', 'mce', 'mmx', 'msr', 'mtrr', 'nx', 'pae', 'pat', 'pclmuldq', 'pge', 'pni', 'popcnt', 'pse', 'pse36', 'rdtscp', 'sep', 'sse', 'sse2', 'sse4.1', 'sse4.2', 'ssse3', 'syscall', 'tsc', 'tsc-deadline', 'x2apic', 'xsave']; // prettier-ignore
  invariant(
    model !== undefined && more !== undefined,
    `CPU generation ${generation} is one of the generator's`,
  );
  return { arch: 'x86_64', vendor: 'Intel', model, features: [...features, ...more].toSorted() };
}
