import type { Demand } from '../../src/constraints/demand.ts';
import type { Capacity, CellOffer, GuestCellNeed, Primitive } from '../../src/constraints/primitive.ts';
import type { Assignment, Cloud } from '../../src/model/cloud.ts';
import type { Host } from '../../src/model/host.ts';
import {
  type HostId,
  hostId,
  providerId,
  serverGroupId,
  type ServerId,
  serverId,
} from '../../src/model/ids.ts';
import type { CloudConfig } from '../../src/model/nova-config.ts';
import type { ResourceInventory } from '../../src/model/placement.ts';
import type { GroupPolicy } from '../../src/model/server-group.ts';
import type { Server } from '../../src/model/server.ts';
import type { Goal, Term } from '../../src/objective/goal.ts';
import type { PlacementProblem, SolveBudget } from '../../src/solve/placement-problem.ts';

/** A host by what the solver cares about. */
export interface HostSketch {
  readonly cpus?: number;
  readonly memoryMiB?: number;
  readonly rack?: string;
  readonly zone?: string;
  /** Limits what arrives when nothing is freed before the end. */
  readonly diskGiB?: number;
  readonly disabled?: boolean;
  readonly cells?: readonly {
    readonly threads?: number;
    readonly memoryMiB?: number;
    readonly pages?: Pages;
  }[];
}

type Pages = Readonly<Record<number, number>>;
interface NeedSketch {
  readonly threads?: number;
  readonly memoryMiB?: number;
  readonly pages?: Pages;
}

/** A server by what the solver cares about; `on` gives its NUMA cells today, by guest cell. */
export interface ServerSketch {
  readonly host: string;
  readonly cpus?: number;
  readonly memoryMiB?: number;
  readonly diskGiB?: number;
  /** What it holds today, when that is not what it asks for. */
  readonly heldCpus?: number;
  readonly cells?: readonly NeedSketch[];
  readonly on?: readonly number[];
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
  /** How it could travel, and for how many seconds it would be down. */
  readonly ways?: Partial<Record<'live' | 'cold', number>>;
}

export interface Sketch {
  readonly hosts: Readonly<Record<string, HostSketch>>;
  readonly servers: Readonly<Record<string, ServerSketch>>;
  readonly terms?: readonly Term[];
  readonly primitives?: readonly Primitive[];
  readonly groups?: readonly { readonly policy: GroupPolicy; readonly members: readonly string[] }[];
  readonly mustEmpty?: readonly string[];
  readonly maxMoves?: number;
  readonly maxGiB?: number;
  readonly noGoods?: readonly {
    readonly host: string;
    readonly servers: readonly string[];
    readonly proven?: boolean;
  }[];
}

export const hostsUsed = (weight: number): Term => ({ kind: 'hosts-used', weight });
export const migration = (perMove: number, perGiB: number): Term => ({
  kind: 'migration-cost',
  perMove,
  perGiB,
});
export const above = (
  weight: number,
  resources: readonly string[],
  ...levels: readonly (readonly [number, number])[]
): Term => ({
  kind: 'load-above-mean',
  weight,
  resources,
  thresholds: levels.map(([abovePercent, slope]) => ({ abovePercent, slope })),
});

export const hostSet = (...names: readonly string[]): ReadonlySet<HostId> => new Set(names.map(hostId));
export const servers = (...names: readonly string[]): readonly ServerId[] => names.map(serverId);

/** A placement problem: VCPU and memory are capacities where hosts have them, cells are one cell fit. */
export function aProblem(sketch: Sketch): PlacementProblem {
  const start = new Map(
    entriesOf(sketch.servers).map(([name, server]) => [serverId(name), hostId(server.host)]),
  );
  const demands = new Map(
    entriesOf(sketch.servers).map(([name, server]) => [serverId(name), demandOf(server)]),
  );
  return {
    cloud: cloudOf(sketch),
    demands,
    primitives: [...capacitiesOf(sketch), ...cellFitOf(sketch), ...(sketch.primitives ?? [])],
    goal: goalOf(sketch.terms ?? [hostsUsed(3200), migration(32, 1)]),
    start,
    volumeOf: (server) => {
      const found = sketch.servers[server];
      const ways = (['live', 'cold'] as const).flatMap((method) => {
        const downtimeSeconds = found?.ways?.[method];
        return downtimeSeconds === undefined ? [] : [{ method, downtimeSeconds }];
      });
      return { server, memoryMiB: found?.memoryMiB ?? 0, diskGiB: found?.diskGiB ?? 0, ways };
    },
    mustEmpty: (sketch.mustEmpty ?? []).map(hostId),
    ...(sketch.maxMoves === undefined ? {} : { maxMoves: sketch.maxMoves }),
    ...(sketch.maxGiB === undefined ? {} : { maxGiB: sketch.maxGiB }),
    noGoods: (sketch.noGoods ?? []).map((noGood) => ({
      host: hostId(noGood.host),
      servers: noGood.servers.map(serverId),
      proven: noGood.proven ?? true,
    })),
  };
}

/** An assignment as a plain object, for literals in tests. */
export const plain = (assignment: Assignment): Readonly<Record<string, string>> =>
  Object.fromEntries(assignment);

/** Enough effort for small clouds; a clock that stands still. */
export const aBudget = (changes: Partial<SolveBudget> = {}): SolveBudget => ({
  effort: 20,
  seed: 1,
  now: () => 0,
  ...changes,
});

const goalOf = (terms: readonly Term[]): Goal => ({
  name: 'test',
  description: '',
  terms,
  spareHosts: 0,
  headroomPercent: 0,
  disableEmptied: false,
});

const entriesOf = <Value>(record: Readonly<Record<string, Value>>): [string, Value][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

function demandOf({ cpus, memoryMiB }: ServerSketch): Demand {
  const amounts = {
    ...(cpus === undefined ? {} : { VCPU: cpus }),
    ...(memoryMiB === undefined ? {} : { MEMORY_MB: memoryMiB }),
  };
  return {
    amounts,
    legacyAmounts: amounts,
    requiredTraits: [],
    forbiddenTraits: [],
    legacyRequiredTraits: [],
    legacyForbiddenTraits: [],
    guest: { kind: 'none' },
    pci: { kind: 'known', requests: [] },
  };
}

function capacitiesOf(sketch: Sketch): Primitive[] {
  const capacity = (
    resource: string,
    unit: string,
    pick: (item: HostSketch | ServerSketch) => number | undefined,
  ): Capacity => ({
    kind: 'capacity',
    rule: 'test',
    resource,
    unit,
    bothEnds: true,
    limits: new Map(entriesOf(sketch.hosts).flatMap(([name, host]) => pairOf(hostId(name), pick(host)))),
    demand: new Map(
      entriesOf(sketch.servers).flatMap(([name, server]) => pairOf(serverId(name), pick(server))),
    ),
    held: new Map(
      resource === 'VCPU'
        ? entriesOf(sketch.servers).flatMap(([name, server]) => pairOf(serverId(name), server.heldCpus))
        : [],
    ),
  });
  return [
    capacity('VCPU', 'VCPU', ({ cpus }) => cpus),
    capacity('MEMORY_MB', 'MiB', ({ memoryMiB }) => memoryMiB),
    ...(Object.values(sketch.hosts).some(({ diskGiB }) => diskGiB !== undefined)
      ? [{ ...capacity('DISK_GB', 'GiB', ({ diskGiB }) => diskGiB), untilEnd: true as const }]
      : []),
  ];
}

const pairOf = <Key>(key: Key, value: number | undefined): [Key, number][] =>
  value === undefined ? [] : [[key, value]];

const pagesOf = (pages: Pages = {}): ReadonlyMap<number, number> =>
  new Map(Object.entries(pages).map(([size, count]) => [Number(size), count]));

const needOf = ({ threads = 0, memoryMiB = 0, pages }: NeedSketch): GuestCellNeed => ({
  threads,
  memoryMiB,
  pages: pagesOf(pages),
});

function cellFitOf(sketch: Sketch): Primitive[] {
  const hosts = new Map<HostId, readonly CellOffer[]>();
  for (const [name, { cells }] of entriesOf(sketch.hosts))
    if (cells !== undefined)
      hosts.set(
        hostId(name),
        cells.map((cell, id) => ({ id, ...needOf(cell) })),
      );
  if (hosts.size === 0) return [];
  const guests = new Map<ServerId, readonly GuestCellNeed[]>();
  const held = new Map<ServerId, readonly { readonly cell: number; readonly need: GuestCellNeed }[]>();
  for (const [name, { cells, on }] of entriesOf(sketch.servers)) {
    if (cells === undefined) continue;
    guests.set(serverId(name), cells.map(needOf));
    if (on !== undefined)
      held.set(
        serverId(name),
        cells.map((cell, g) => ({ cell: on[g] ?? 0, need: needOf(cell) })),
      );
  }
  return [{ kind: 'cellFit', rule: 'test', hosts, guests, held }];
}

const inventory = (total: number): ResourceInventory => ({
  total,
  reserved: 0,
  allocationRatio: 1,
  minUnit: 1,
  maxUnit: total,
  stepSize: 1,
});

function cloudOf(sketch: Sketch): Cloud {
  return {
    capturedAt: '2026-11-21T00:00:00Z',
    hosts: new Map(entriesOf(sketch.hosts).map(([name, host]) => [hostId(name), hostOf(name, host)])),
    servers: new Map(
      entriesOf(sketch.servers).map(([name, server]) => [serverId(name), serverOf(name, server)]),
    ),
    groups: new Map(
      (sketch.groups ?? []).map(({ policy, members }, i) => {
        const id = serverGroupId(`g${i}`);
        return [id, { id, name: `group ${i}`, policy, members: servers(...members), maxServersPerHost: 1 }];
      }),
    ),
    aggregates: new Map(),
    storagePools: new Map(),
    flavors: new Map(),
    links: [],
    migrations: [],
    otherConsumers: [],
    config,
    release: { serviceVersions: [] },
  };
}

function hostOf(name: string, { cpus, memoryMiB, rack, zone, disabled }: HostSketch): Host {
  const inventories = new Map<string, ResourceInventory>();
  if (cpus !== undefined) inventories.set('VCPU', inventory(cpus));
  if (memoryMiB !== undefined) inventories.set('MEMORY_MB', inventory(memoryMiB));
  return {
    id: hostId(name),
    nodeName: name,
    service: { status: disabled === true ? 'disabled' : 'enabled', state: 'up', forcedDown: false },
    ...(zone === undefined ? {} : { availabilityZone: zone }),
    ...(rack === undefined ? {} : { rack }),
    aggregates: [],
    stats: {},
    providers: [{ id: providerId(`rp-${name}`), name, inventories, traits: new Set(), aggregates: [] }],
    nics: [],
    otherServices: [],
  };
}

function serverOf(
  name: string,
  { host, cpus = 1, memoryMiB = 0, heldCpus, metadata = {}, tags = [] }: ServerSketch,
): Server {
  const resources = { VCPU: heldCpus ?? cpus, MEMORY_MB: memoryMiB };
  return {
    id: serverId(name),
    name,
    projectId: 'p',
    flavor: { name: 'f', vcpus: cpus, memoryMiB, rootGiB: 0, ephemeralGiB: 0, swapMiB: 0, extraSpecs: {} },
    status: 'ACTIVE',
    vmState: 'active',
    powerState: 'running',
    host: hostId(host),
    ...(heldCpus === undefined ? {} : { allocations: [{ provider: providerId(`rp-${host}`), resources }] }),
    bootFromVolume: true,
    volumes: [],
    configDrive: false,
    locked: false,
    tags,
    metadata,
  };
}

const known = <Value>(value: Value) => ({ value, known: true });

const config: CloudConfig = {
  enabledFilters: known([]),
  maxConcurrentLiveMigrations: known(1),
  cellOrder: known('spread'),
  imagesType: known('default'),
  configDriveFormat: known('iso9660'),
  completionTimeoutSecondsPerGiB: known(800),
  timeoutAction: known('abort'),
  migrationBandwidthMbps: known(0),
  downtimeLimitMs: known(500),
  downtimeSteps: known(10),
  downtimeDelaySecondsPerGiB: known(75),
  nativeTls: known(false),
  tunnelled: known(false),
  parallelConnections: known(1),
  remoteTransport: known('ssh'),
  permitPostCopy: known(false),
  permitAutoConverge: known(false),
  cpuMode: known('host-model'),
  defaultAvailabilityZone: known(undefined),
  imageDefaultArchitecture: known(undefined),
  isolatedAggregateFiltering: known(true),
  imageIsolationPrefix: known(undefined),
  maxInstancesPerHost: known(50),
  maxIoOpsPerHost: known(8),
  isolatedHosts: known([]),
  isolatedImages: known([]),
  restrictIsolatedHosts: known(true),
  workarounds: known([]),
};
