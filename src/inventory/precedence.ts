import { isDeepStrictEqual } from 'node:util';
import type { HostFacts, ServerFacts, Source } from './facts.ts';

/** Which source a field follows where several tell it, and when a difference between them is a contradiction. */
export interface FieldRule<Value> {
  /** The first of these that tells the field is followed; the others are compared with it. */
  readonly from: readonly Source[];
  /** Followed where none of `from` tells the field; never compared, since they may well differ. */
  readonly else?: readonly Source[];
  /** Whether two values agree; by default when they are equal in depth. `never-compared` where differing is normal. */
  readonly agree?: ((a: Value, b: Value) => boolean) | 'never-compared';
}

/** Sources that say where a server is, before its guests are looked at. */
export const locationSources: readonly Source[] = [
  'api:nova-servers',
  'cli:servers',
  'cli:server-list',
  'db:instances',
];

/** Sources of topologies beside the guests themselves. */
export const topologySources: readonly Source[] = ['db:instance_extra', 'api:nova-topology'];

/** The embedded flavor; the request spec's is that of the last scheduling. */
const flavorsOf: readonly Source[] = ['db:instance_extra', 'api:nova-servers', 'cli:servers'];

/** Sources that tell a flavor's extra specs or an image's properties. */
export const flavorSources: readonly Source[] = [...flavorsOf, 'db:instance_system_metadata'];

export type Precedence<Facts> = { readonly [Field in keyof Facts]-?: FieldRule<NonNullable<Facts[Field]>> };

/** A reader for a new source adds itself here, field by field; no other file ranks sources. */
export const hostPrecedence: Precedence<HostFacts> = {
  nodeName: { from: ['db:compute_nodes', 'api:nova-hypervisors', 'cli:hypervisors'] },
  nodeId: { from: ['db:compute_nodes', 'api:nova-hypervisors', 'cli:hypervisors'] },
  hostIp: { from: ['db:compute_nodes', 'api:nova-hypervisors', 'cli:hypervisors', 'host-facts:nova-conf'] },
  serviceStatus: {
    from: ['api:nova-services', 'cli:services', 'db:services', 'api:nova-hypervisors', 'cli:hypervisors'],
  },
  serviceState: {
    from: ['api:nova-services', 'cli:services', 'api:nova-hypervisors', 'cli:hypervisors', 'db:services'],
  },
  forcedDown: { from: ['api:nova-services', 'cli:services', 'db:services'] },
  disabledReason: {
    from: ['api:nova-services', 'cli:services', 'db:services', 'api:nova-hypervisors', 'cli:hypervisors'],
  },
  serviceId: {
    from: ['api:nova-services', 'cli:services', 'db:services', 'api:nova-hypervisors', 'cli:hypervisors'],
  },
  serviceVersion: { from: ['db:services'] },
  availabilityZone: { from: ['api:nova-services', 'cli:services', 'cli:zones'] },
  novaCell: { from: ['db:host_mappings'] },
  // the scheduler compares what the database holds
  cpu: {
    from: ['db:compute_nodes', 'api:nova-hypervisors', 'cli:hypervisors', 'host-facts:capabilities'],
    agree: sameModel,
  },
  hypervisorType: {
    from: ['db:compute_nodes', 'api:nova-hypervisors', 'cli:hypervisors', 'host-facts:version'],
  },
  hypervisorVersion: {
    from: ['db:compute_nodes', 'api:nova-hypervisors', 'cli:hypervisors', 'host-facts:version'],
  },
  libvirtVersion: { from: ['host-facts:version'] },
  supportedInstances: { from: ['db:compute_nodes', 'host-facts:capabilities'], agree: sameInstances },
  machineTypes: { from: ['host-facts:capabilities'] },
  stats: { from: ['db:compute_nodes'] },
  cpuAllocationRatio: { from: ['db:compute_nodes', 'host-facts:nova-conf'] },
  ramAllocationRatio: { from: ['db:compute_nodes', 'host-facts:nova-conf'] },
  // in no API: cells, their pages and pins, PCI devices; Nova's own books before what libvirt shows
  cells: { from: ['db:compute_nodes', 'host-facts:capabilities'], agree: sameCells },
  pciDevices: { from: ['db:pci_devices', 'host-facts:nodedev'], agree: sameDevices },
  // Nova keeps tags that the hardware does not tell
  pciPools: { from: ['db:compute_nodes', 'host-facts:nodedev'], agree: 'never-compared' },
  nics: { from: ['metrics:prometheus'] },
  rack: { from: [] },
  // Placement's, where it shares one, comes before it (assemble/storage-pools.ts)
  storagePool: { from: ['host-facts:nova-conf'] },
  diskAvailableLeastGiB: {
    from: ['db:compute_nodes', 'api:nova-hypervisors', 'cli:hypervisors'],
    agree: 'never-compared',
  },
  otherServices: { from: ['api:nova-services', 'cli:services', 'db:services'], agree: 'never-compared' },
  physicalNetworks: { from: ['api:neutron-agents'] },
  cachedImages: { from: [] },
  novaConfig: { from: ['host-facts:nova-conf'] },
  usage: { from: ['metrics:prometheus'] },
};

export const serverPrecedence: Precedence<ServerFacts> = {
  name: {
    from: ['api:nova-servers', 'cli:servers', 'cli:server-list', 'db:instances'],
    // the name at the time when the guest was started
    else: ['host-facts:domains', 'metrics:prometheus'],
  },
  projectId: {
    from: ['api:nova-servers', 'cli:servers', 'db:instances'],
    else: ['host-facts:domains', 'metrics:prometheus'],
  },
  // in libvirt it is whoever acted last
  userId: { from: [] },
  flavor: { from: flavorsOf, else: ['db:request_specs'] },
  flavorRef: {
    from: ['api:nova-servers', 'cli:servers', 'cli:server-list'],
    agree: 'never-compared',
    else: ['host-facts:domains', 'metrics:prometheus'],
  },
  flavorOutline: { from: ['host-facts:domains'] },
  image: {
    from: ['api:nova-servers', 'cli:servers', 'cli:server-list', 'db:instances'],
    else: ['host-facts:domains'],
  },
  // Nova's own copy; Glance's of today only where there is none (assemble/server.ts)
  imageProperties: {
    from: ['db:instance_system_metadata', 'api:nova-servers', 'cli:servers'],
    agree: 'never-compared',
  },
  // a list alone does not tell the vm_state
  states: {
    from: ['api:nova-servers', 'cli:servers', 'db:instances'],
    else: ['cli:server-list'],
  },
  location: { from: [...locationSources, 'host-facts:domains'], agree: sameHost },
  launchedOn: { from: ['db:instances'] },
  // the database also has the CPUs reserved for the emulator
  topology: { from: ['db:instance_extra', 'host-facts:domains', 'api:nova-topology'], agree: samePlaces },
  pciRequests: { from: ['db:instance_extra', 'host-facts:domains'] },
  ports: { from: ['api:neutron-ports'] },
  shares: { from: ['api:nova-shares'] },
  bootFromVolume: { from: ['db:block_device_mapping', 'api:nova-servers', 'cli:servers'] },
  // the database also has the sizes
  volumes: {
    from: [
      'db:block_device_mapping',
      'api:nova-volumes',
      'api:nova-servers',
      'cli:volumes',
      'cli:servers',
      'api:cinder-volumes',
    ],
    agree: sameVolumes,
  },
  localDisks: { from: ['db:block_device_mapping'] },
  configDrive: { from: ['api:nova-servers', 'cli:servers', 'db:instances', 'host-facts:domains'] },
  configDriveFormat: { from: ['host-facts:domains'] },
  // what the guest runs with is one of the types that the recorded name stands for
  machineType: { from: ['host-facts:domains', 'db:instance_system_metadata'], agree: 'never-compared' },
  cpu: { from: ['db:instance_extra', 'host-facts:domains'], agree: sameGuestModel },
  requestedAz: { from: ['api:nova-servers', 'cli:servers', 'cli:server-list', 'db:request_specs'] },
  schedulerHints: { from: ['api:nova-servers', 'cli:servers', 'db:request_specs'] },
  // the API also has the reason
  lock: {
    from: ['api:nova-servers', 'cli:servers', 'db:instances'],
    agree: (a, b) => a.locked === b.locked,
  },
  tags: { from: ['api:nova-servers', 'cli:servers', 'db:tags'], agree: sameMembers },
  // users keep secrets there: never shown, so never compared
  metadata: {
    from: ['api:nova-servers', 'cli:servers', 'cli:server-list', 'db:instance_metadata'],
    agree: 'never-compared',
  },
  launchedAt: { from: ['api:nova-servers', 'cli:servers', 'db:instances'] },
  usage: { from: ['metrics:prometheus'] },
  memoryUsedPercent: { from: ['metrics:prometheus'] },
  dirtyRateMiBps: { from: ['metrics:prometheus'] },
  workingSetMiB: { from: ['metrics:prometheus'] },
  residentMemoryMiB: { from: ['metrics:prometheus'] },
  diskWriteMiBps: { from: ['metrics:prometheus'] },
  faultMessage: { from: ['api:nova-servers', 'cli:servers'], agree: 'never-compared' },
  heldByHost: { from: ['host-facts:domains'] },
  heldByMigration: { from: ['db:instance_extra'] },
};

/** Lists that stand for the whole cloud: the first source that has one is followed, as a whole. */
export const listPrecedence = {
  aggregates: ['api:nova-aggregates', 'cli:aggregates', 'db:aggregates'],
  groups: ['api:nova-server-groups', 'cli:server-groups', 'db:instance_groups'],
  flavors: ['api:nova-flavors', 'cli:flavors', 'db:flavors'],
  images: ['api:glance-images'],
  volumes: ['api:cinder-volumes'],
  providers: ['api:placement', 'cli:placement'],
  allocations: ['api:placement', 'cli:placement'],
  storagePools: [],
  projects: ['api:keystone-projects', 'cli:projects'],
  maxMicroversion: ['api:nova-versions'],
} as const satisfies Readonly<Record<string, readonly Source[]>>;

/** Statuses are the API's; amounts of memory and disk are in the database alone. */
export const migrationPrecedence: readonly Source[] = [
  'api:nova-migrations',
  'cli:migrations',
  'db:migrations',
];

/** Sources that list all hosts, and all servers. Who is on none of the lists is left over from something gone. */
export const hostRolls: readonly Source[] = [
  'api:nova-services',
  'api:nova-hypervisors',
  'cli:services',
  'cli:hypervisors',
  'db:compute_nodes',
  'db:services',
];
export const serverRolls: readonly Source[] = ['api:nova-servers', 'cli:server-list', 'db:instances'];

/** Sources that are believed about what there is where nothing above was read. */
export const hostWitnesses: readonly Source[] = [
  'cli:zones',
  'host-facts:capabilities',
  'metrics:prometheus',
];
export const serverWitnesses: readonly Source[] = ['cli:servers', 'host-facts:domains', 'metrics:prometheus'];

type Topology = NonNullable<ServerFacts['topology']>;

function samePlaces(a: Topology, b: Topology): boolean {
  const places = (topology: Topology) =>
    topology.kind === 'none' ? [] : topology.topology.cells.map((cell) => ({ ...cell, reservedCpus: [] }));
  return isDeepStrictEqual(places(a), places(b));
}

function sameVolumes(
  a: NonNullable<ServerFacts['volumes']>,
  b: NonNullable<ServerFacts['volumes']>,
): boolean {
  return sameMembers(
    a.map(({ id }) => id),
    b.map(({ id }) => id),
  );
}

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  return isDeepStrictEqual(new Set(a), new Set(b));
}

/** libvirt gives features on top of the model, Nova all of them: only what both mean is compared. */
function sameModel(a: NonNullable<HostFacts['cpu']>, b: NonNullable<HostFacts['cpu']>): boolean {
  return a.arch === b.arch && a.model === b.model && a.vendor === b.vendor;
}

function sameGuestModel(a: NonNullable<ServerFacts['cpu']>, b: NonNullable<ServerFacts['cpu']>): boolean {
  return a.mode === b.mode && a.model === b.model;
}

function sameInstances(
  a: NonNullable<HostFacts['supportedInstances']>,
  b: NonNullable<HostFacts['supportedInstances']>,
): boolean {
  return sameMembers(
    a.map((each) => each.join()),
    b.map((each) => each.join()),
  );
}

type Cells = NonNullable<HostFacts['cells']>;

/** Cores stand in an order of their own in either. */
function sameCells(a: Cells, b: Cells): boolean {
  const comparable = (cells: Cells) =>
    cells.map((cell) => ({
      ...cell,
      distances: undefined,
      networks: undefined,
      siblings: new Set(cell.siblings.map((core) => core.toSorted((x, y) => x - y).join())),
    }));
  return isDeepStrictEqual(comparable(a), comparable(b));
}

type Devices = NonNullable<HostFacts['pciDevices']>;

function sameDevices(a: Devices, b: Devices): boolean {
  const comparable = (devices: Devices) => devices.map(({ address, server }) => `${address} ${server ?? ''}`);
  return sameMembers(comparable(a), comparable(b));
}

function sameHost(a: NonNullable<ServerFacts['location']>, b: NonNullable<ServerFacts['location']>): boolean {
  return a.on === b.on;
}
