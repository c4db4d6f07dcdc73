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

export type Precedence<Facts> = { readonly [Field in keyof Facts]-?: FieldRule<NonNullable<Facts[Field]>> };

/** A reader for a new source adds itself here, field by field; no other file ranks sources. */
export const hostPrecedence: Precedence<HostFacts> = {
  nodeName: { from: ['db:compute_nodes', 'api:nova-hypervisors'] },
  nodeId: { from: ['db:compute_nodes', 'api:nova-hypervisors'] },
  hostIp: { from: ['db:compute_nodes', 'api:nova-hypervisors'] },
  serviceStatus: { from: ['api:nova-services', 'db:services', 'api:nova-hypervisors'] },
  serviceState: { from: ['api:nova-services', 'api:nova-hypervisors', 'db:services'] },
  forcedDown: { from: ['api:nova-services', 'db:services'] },
  disabledReason: { from: ['api:nova-services', 'db:services', 'api:nova-hypervisors'] },
  serviceId: { from: ['api:nova-services', 'db:services', 'api:nova-hypervisors'] },
  serviceVersion: { from: ['db:services'] },
  availabilityZone: { from: ['api:nova-services'] },
  novaCell: { from: ['db:host_mappings'] },
  // the scheduler compares what the database holds
  cpu: { from: ['db:compute_nodes', 'api:nova-hypervisors'] },
  hypervisorType: { from: ['db:compute_nodes', 'api:nova-hypervisors'] },
  hypervisorVersion: { from: ['db:compute_nodes', 'api:nova-hypervisors'] },
  libvirtVersion: { from: [] },
  supportedInstances: { from: ['db:compute_nodes'] },
  machineTypes: { from: [] },
  stats: { from: ['db:compute_nodes'] },
  cpuAllocationRatio: { from: ['db:compute_nodes'] },
  ramAllocationRatio: { from: ['db:compute_nodes'] },
  // in no API: cells, their pages and pins, PCI devices
  cells: { from: ['db:compute_nodes'] },
  pciDevices: { from: ['db:pci_devices'] },
  pciPools: { from: ['db:compute_nodes'] },
  nics: { from: [] },
  rack: { from: [] },
  storagePool: { from: [] },
  diskAvailableLeastGiB: { from: ['db:compute_nodes', 'api:nova-hypervisors'], agree: 'never-compared' },
  otherServices: { from: ['api:nova-services', 'db:services'], agree: 'never-compared' },
  physicalNetworks: { from: [] },
  cachedImages: { from: [] },
  novaConfig: { from: [] },
  usage: { from: [] },
};

export const serverPrecedence: Precedence<ServerFacts> = {
  name: { from: ['api:nova-servers', 'db:instances'] },
  projectId: { from: ['api:nova-servers', 'db:instances'] },
  userId: { from: [] },
  // the embedded flavor; the request spec's is that of the last scheduling
  flavor: { from: ['db:instance_extra', 'api:nova-servers'], else: ['db:request_specs'] },
  flavorRef: { from: ['api:nova-servers'] },
  image: { from: ['api:nova-servers', 'db:instances'] },
  // Nova's own copy; Glance's of today only where there is none (assemble/server.ts)
  imageProperties: { from: ['db:instance_system_metadata', 'api:nova-servers'], agree: 'never-compared' },
  states: { from: ['api:nova-servers', 'db:instances'] },
  location: { from: ['api:nova-servers', 'db:instances'] },
  launchedOn: { from: ['db:instances'] },
  // the database also has the CPUs reserved for the emulator
  topology: { from: ['db:instance_extra', 'api:nova-topology'], agree: samePlaces },
  pciRequests: { from: ['db:instance_extra'] },
  ports: { from: [] },
  bootFromVolume: { from: ['db:block_device_mapping', 'api:nova-servers'] },
  // the database also has the sizes
  volumes: { from: ['db:block_device_mapping', 'api:nova-volumes', 'api:nova-servers'], agree: sameVolumes },
  localDisks: { from: ['db:block_device_mapping'] },
  configDrive: { from: ['api:nova-servers', 'db:instances'] },
  configDriveFormat: { from: [] },
  machineType: { from: ['db:instance_system_metadata'] },
  cpu: { from: ['db:instance_extra'] },
  requestedAz: { from: ['api:nova-servers', 'db:request_specs'] },
  schedulerHints: { from: ['api:nova-servers', 'db:request_specs'] },
  // the API also has the reason
  lock: { from: ['api:nova-servers', 'db:instances'], agree: (a, b) => a.locked === b.locked },
  tags: { from: ['api:nova-servers', 'db:tags'], agree: sameMembers },
  // users keep secrets there: never shown, so never compared
  metadata: { from: ['api:nova-servers', 'db:instance_metadata'], agree: 'never-compared' },
  launchedAt: { from: ['api:nova-servers', 'db:instances'] },
  usage: { from: [] },
  dirtyRateMiBps: { from: [] },
  faultMessage: { from: ['api:nova-servers'] },
  heldByMigration: { from: ['db:instance_extra'] },
};

/** Lists that stand for the whole cloud: the first source that has one is followed, as a whole. */
export const listPrecedence = {
  aggregates: ['api:nova-aggregates', 'db:aggregates'],
  groups: ['api:nova-server-groups', 'db:instance_groups'],
  flavors: ['api:nova-flavors', 'db:flavors'],
  images: ['api:glance-images'],
  providers: ['api:placement'],
  allocations: ['api:placement'],
  storagePools: [],
  projects: ['api:keystone-projects'],
  maxMicroversion: ['api:nova-versions'],
} as const satisfies Readonly<Record<string, readonly Source[]>>;

/** Statuses are the API's; amounts of memory and disk are in the database alone. */
export const migrationPrecedence: readonly Source[] = ['api:nova-migrations', 'db:migrations'];

/** Sources that say which hosts there are, and which servers. */
export const hostRolls: readonly Source[] = [
  'api:nova-services',
  'api:nova-hypervisors',
  'db:compute_nodes',
  'db:services',
];
export const serverRolls: readonly Source[] = ['api:nova-servers', 'db:instances'];

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
