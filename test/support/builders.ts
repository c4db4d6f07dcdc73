import { loadCatalog } from '../../src/catalog/catalog.ts';
import { createContext } from '../../src/constraints/create-context.ts';
import type { Arrival } from '../../src/constraints/arrival.ts';
import { type Disruption, type RuleContext, storageOf } from '../../src/constraints/context.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import type { Flavor } from '../../src/model/flavor.ts';
import type { Host } from '../../src/model/host.ts';
import { aggregateId, hostId, providerId, serverGroupId, serverId } from '../../src/model/ids.ts';
import type { CloudConfig } from '../../src/model/nova-config.ts';
import type { NumaCell } from '../../src/model/numa.ts';
import type { Profile } from '../../src/model/profile.ts';
import type { ServerGroup } from '../../src/model/server-group.ts';
import type { Server } from '../../src/model/server.ts';
import type { CpuTable } from '../../src/nova/cpu-compare.ts';
import { anInventory } from './parts.ts';

const shipped = await loadCatalog();

/** A shipped profile: tests follow its switches. */
export function shippedProfile(name: string): Profile {
  const profile = shipped.profiles.get(name);
  if (profile === undefined) throw new Error(`no profile ${name} in models/profiles`);
  return profile;
}

export const zedProfile = shippedProfile('zed');

export const noCpuTable: CpuTable = { models: new Map(), features: new Set() };

export const someConfig: CloudConfig = {
  enabledFilters: {
    value: ['AggregateInstanceExtraSpecsFilter', 'AggregateMultiTenancyIsolation', 'NUMATopologyFilter'],
    known: true,
  },
  maxConcurrentLiveMigrations: { value: 1, known: true },
  cellOrder: { value: 'spread', known: true },
  imagesType: { value: 'default', known: true },
  configDriveFormat: { value: 'iso9660', known: true },
  completionTimeoutSecondsPerGiB: { value: 800, known: true },
  timeoutAction: { value: 'abort', known: true },
  migrationBandwidthMbps: { value: 0, known: true },
  downtimeLimitMs: { value: 500, known: true },
  downtimeSteps: { value: 10, known: true },
  downtimeDelaySecondsPerGiB: { value: 75, known: true },
  nativeTls: { value: false, known: true },
  tunnelled: { value: false, known: true },
  parallelConnections: { value: 1, known: true },
  remoteTransport: { value: 'ssh', known: true },
  permitPostCopy: { value: false, known: true },
  permitAutoConverge: { value: false, known: true },
  cpuMode: { value: 'host-model', known: true },
  defaultAvailabilityZone: { value: undefined, known: true },
  imageDefaultArchitecture: { value: undefined, known: true },
  isolatedAggregateFiltering: { value: true, known: true },
  imageIsolationPrefix: { value: undefined, known: true },
  maxInstancesPerHost: { value: 50, known: true },
  maxIoOpsPerHost: { value: 8, known: true },
  isolatedHosts: { value: [], known: true },
  isolatedImages: { value: [], known: true },
  restrictIsolatedHosts: { value: true, known: true },
  workarounds: { value: [], known: true },
};

/** One NUMA cell with `cores` cores of two threads, all dedicated unless `shared` says how many cores float. */
export function aCell(
  id: number,
  {
    cores = 4,
    shared = 0,
    memoryMiB = 65536,
    bigPages = 0,
    bigPagesUsed = 0,
    pinned = [],
    memoryUsedMiB = 0,
  }: {
    cores?: number;
    shared?: number;
    memoryMiB?: number;
    bigPages?: number;
    bigPagesUsed?: number;
    pinned?: readonly number[];
    memoryUsedMiB?: number;
  } = {},
): NumaCell {
  const first = id * 1000;
  const siblings = Array.from({ length: cores }, (_, core) => [first + core, first + 500 + core]);
  return {
    id,
    socket: id,
    sharedCpus: siblings.slice(0, shared).flat(),
    dedicatedCpus: siblings.slice(shared).flat(),
    siblings,
    memoryMiB,
    networks: { physnets: [], tunneled: false },
    memoryUsedMiB,
    sharedCpusUsed: 0,
    pinnedCpus: pinned,
    pages: [
      { sizeKiB: 4, total: (memoryMiB * 1024) / 4 - bigPages * 262144, used: 0, reserved: 0 },
      { sizeKiB: 1048576, total: bigPages, used: bigPagesUsed, reserved: 0 },
    ],
  };
}

/** An enabled host that is up: 16 VCPU, 64 GiB, 1000 GiB of disk, no PCPU, one empty NUMA cell unless told otherwise. */
export function aHost(
  name: string,
  {
    vcpu = 16,
    pcpu = 0,
    memoryMiB = 65536,
    diskGiB = 1000,
    zone = 'nova',
    traits = [],
    ...over
  }: {
    vcpu?: number;
    pcpu?: number;
    memoryMiB?: number;
    diskGiB?: number;
    zone?: string;
    traits?: readonly string[];
  } & Partial<Host> = {},
): Host {
  const amounts = { VCPU: vcpu, PCPU: pcpu, MEMORY_MB: memoryMiB, DISK_GB: diskGiB };
  const inventories = Object.entries(amounts).filter(([, total]) => total > 0);
  return {
    id: hostId(name),
    nodeName: name,
    service: { status: 'enabled', state: 'up', forcedDown: false, id: `service-${name}`, version: 64 },
    availabilityZone: zone,
    aggregates: [],
    hypervisorType: 'QEMU',
    hypervisorVersion: 7002000,
    cpu: { arch: 'x86_64', model: 'Skylake-Server', vendor: 'Intel', features: new Set(['avx']) },
    stats: {},
    providers: [
      {
        id: providerId(`rp-${name}`),
        name,
        inventories: new Map(inventories.map(([resource, total]) => [resource, anInventory(total)])),
        traits: new Set(traits),
        aggregates: [],
      },
    ],
    cells: [aCell(0, { memoryMiB, cores: Math.max(1, Math.ceil(pcpu / 2)) })],
    pciDevices: [],
    pciPools: [],
    nics: [{ name: 'eth0', bandwidthMbps: 10000 }],
    otherServices: [],
    ...over,
  };
}

/** A flavor of so many vCPUs and GiB. */
export const aFlavor = (
  vcpus: number,
  memoryGiB: number,
  extraSpecs: Readonly<Record<string, string>> = {},
): Flavor => ({
  name: `f${vcpus}c${memoryGiB}g`,
  vcpus,
  memoryMiB: memoryGiB * 1024,
  rootGiB: 10,
  ephemeralGiB: 0,
  swapMiB: 0,
  extraSpecs,
});

/** An active server on a host, 2 vCPUs and 4 GiB, that may go to any zone; its allocations are those of its flavor. */
export function aServer(
  name: string,
  host: string | undefined,
  {
    vcpus = 2,
    memoryGiB = 4,
    extraSpecs = {},
    ...over
  }: {
    vcpus?: number;
    memoryGiB?: number;
    extraSpecs?: Readonly<Record<string, string>>;
  } & Partial<Server> = {},
): Server {
  const server: Server = {
    id: serverId(name),
    name,
    projectId: 'p1',
    flavor: aFlavor(vcpus, memoryGiB, extraSpecs),
    imageProperties: {},
    status: 'ACTIVE',
    vmState: 'active',
    powerState: 'running',
    topology: { kind: 'none' },
    pciRequests: [],
    pciDevices: [],
    ports: [],
    bootFromVolume: false,
    volumes: [],
    localDisks: [{ kind: 'root', sizeGiB: 10 }],
    configDrive: false,
    requestedAz: { kind: 'any' },
    locked: false,
    tags: [],
    metadata: {},
    ...over,
  };
  return host === undefined ? server : { host: hostId(host), ...server };
}

export const aGroup = (members: readonly string[], over: Partial<ServerGroup> = {}): ServerGroup => ({
  id: serverGroupId('g1'),
  name: 'g1',
  policy: 'anti-affinity',
  maxServersPerHost: 1,
  members: members.map(serverId),
  ...over,
});

/** The smallest cloud with these; members of groups and hosts of aggregates are filled in on both sides. */
export function aCloud({
  hosts = [aHost('h1'), aHost('h2')],
  servers = [],
  groups = [],
  ...over
}: { hosts?: readonly Host[]; servers?: readonly Server[]; groups?: readonly ServerGroup[] } & Partial<
  Omit<Cloud, 'hosts' | 'servers' | 'groups'>
> = {}): Cloud {
  const groupOf = new Map(
    groups.flatMap((group) => group.members.map((member) => [member, group.id] as const)),
  );
  const inGroups = servers.map((server): Server => {
    const group = groupOf.get(server.id);
    return group === undefined ? server : { ...server, group };
  });
  return {
    capturedAt: '2026-01-01T00:00:00Z',
    hosts: new Map(hosts.map((host) => [host.id, host])),
    servers: new Map(inGroups.map((server) => [server.id, server])),
    groups: new Map(groups.map((group) => [group.id, group])),
    aggregates: new Map(),
    storagePools: new Map(),
    flavors: new Map(),
    links: [],
    migrations: [],
    otherConsumers: [],
    config: someConfig,
    release: { maxMicroversion: '2.93', serviceVersions: [64] },
    ...over,
  };
}

export const aContext = (
  cloud: Cloud,
  {
    allow = [],
    unknown = 'assume',
    profile = zedProfile,
    cpuTable = noCpuTable,
  }: {
    allow?: readonly Disruption[];
    unknown?: 'assume' | 'refuse';
    profile?: Profile;
    cpuTable?: CpuTable;
  } = {},
): RuleContext => createContext(cloud, profile, cpuTable, { allow, unknown });

/** The live migration of a server of the cloud to a host, from where it is. */
export function anArrival(
  context: RuleContext,
  server: string,
  to: string,
  over: Partial<Arrival> = {},
): Arrival {
  const found = context.cloud.servers.get(serverId(server));
  if (found?.host === undefined) throw new Error(`no server ${server} with a host in this cloud`);
  return {
    server: found,
    from: found.host,
    to: hostId(to),
    method: 'live',
    storage: storageOf(found, context),
    ...over,
  };
}

export { aggregateId, hostId, providerId, serverGroupId, serverId };
