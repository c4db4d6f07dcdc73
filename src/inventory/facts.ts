import type { Aggregate } from '../model/aggregate.ts';
import type { GuestCpu, HostCpu } from '../model/cpu.ts';
import type { Flavor } from '../model/flavor.ts';
import type { ComputeService, Host, OtherService } from '../model/host.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import type { HeldClaim, Migration } from '../model/migration.ts';
import type { CloudConfig } from '../model/nova-config.ts';
import type { PlacedTopology } from '../model/numa.ts';
import type { PciDevice, PciPool, PciRequest } from '../model/pci.ts';
import type { Allocation, ResourceAmounts, ResourceProvider } from '../model/placement.ts';
import type { ServerGroup } from '../model/server-group.ts';
import type { LocalDisk, Server, Volume } from '../model/server.ts';
import type { StoragePool } from '../model/storage.ts';
import type { Gap } from './document/cloud-records.ts';

/** Where facts come from. A reader has one; `precedence.ts` ranks them field by field. */
export type Source =
  | 'api:nova-aggregates'
  | 'api:nova-flavors'
  | 'api:nova-hypervisors'
  | 'api:nova-migrations'
  | 'api:nova-server-groups'
  | 'api:nova-servers'
  | 'api:nova-services'
  | 'api:nova-shares'
  | 'api:nova-topology'
  | 'api:nova-versions'
  | 'api:nova-volumes'
  | 'api:neutron-agents'
  | 'api:neutron-ports'
  | 'api:placement'
  | 'api:cinder-volumes'
  | 'api:glance-images'
  | 'api:keystone-projects'
  | 'cli:aggregates'
  | 'cli:flavors'
  | 'cli:hypervisors'
  | 'cli:migrations'
  | 'cli:placement'
  | 'cli:projects'
  | 'cli:server-groups'
  | 'cli:server-list'
  | 'cli:servers'
  | 'cli:services'
  | 'cli:volumes'
  | 'cli:zones'
  | 'db:aggregates'
  | 'db:block_device_mapping'
  | 'db:compute_nodes'
  | 'db:flavors'
  | 'db:host_mappings'
  | 'db:instance_extra'
  | 'db:instance_groups'
  | 'db:instance_metadata'
  | 'db:instance_system_metadata'
  | 'db:instances'
  | 'db:migrations'
  | 'db:pci_devices'
  | 'db:request_specs'
  | 'db:services'
  | 'db:tags'
  | 'host-facts:capabilities'
  | 'host-facts:domains'
  | 'host-facts:nodedev'
  | 'host-facts:nova-conf'
  | 'host-facts:version'
  | 'metrics:prometheus';

/** What a source tells of one host. A field that it does not tell is absent. */
export interface HostFacts {
  nodeName?: string;
  nodeId?: string;
  hostIp?: string;
  serviceStatus?: ComputeService['status'];
  serviceState?: ComputeService['state'];
  forcedDown?: boolean;
  disabledReason?: string;
  serviceId?: string;
  serviceVersion?: number;
  availabilityZone?: string;
  novaCell?: string;
  cpu?: HostCpu;
  hypervisorType?: string;
  hypervisorVersion?: number;
  libvirtVersion?: number;
  supportedInstances?: readonly (readonly [string, string, string])[];
  machineTypes?: ReadonlySet<string>;
  stats?: Readonly<Record<string, string>>;
  cpuAllocationRatio?: number;
  ramAllocationRatio?: number;
  cells?: NonNullable<Host['cells']>;
  pciDevices?: readonly PciDevice[];
  pciPools?: readonly PciPool[];
  nics?: Host['nics'];
  rack?: string;
  storagePool?: string;
  diskAvailableLeastGiB?: number;
  otherServices?: readonly OtherService[];
  physicalNetworks?: ReadonlySet<string>;
  cachedImages?: ReadonlySet<string>;
  novaConfig?: Partial<CloudConfig>;
  usage?: NonNullable<Host['usage']>;
}

/** What a source tells of one server. A field that it does not tell is absent. */
export interface ServerFacts {
  name?: string;
  projectId?: string;
  userId?: string;
  flavor?: Flavor;
  /** A flavor of today, where the source (below 2.47, or by its policy) does not give the embedded one. */
  flavorRef?: { readonly id?: string; readonly name?: string };
  /** The amounts of the flavor without its extra specs: too little to move a server by. */
  flavorOutline?: Omit<Flavor, 'extraSpecs'>;
  /** `none` for boot from volume. */
  image?: { readonly kind: 'image'; readonly id: string } | { readonly kind: 'none' };
  imageProperties?: Readonly<Record<string, string>>;
  states?: Pick<Server, 'status' | 'vmState' | 'taskState' | 'powerState'>;
  /** `on` without a host: the server has none. */
  location?: { readonly on?: HostId };
  launchedOn?: HostId;
  topology?: NonNullable<Server['topology']>;
  pciRequests?: readonly PciRequest[];
  ports?: NonNullable<Server['ports']>;
  shares?: NonNullable<Server['shares']>;
  bootFromVolume?: boolean;
  volumes?: Server['volumes'];
  /** Without a size: what the flavor says. */
  localDisks?: readonly { readonly kind: LocalDisk['kind']; readonly sizeGiB?: number }[];
  configDrive?: boolean;
  configDriveFormat?: NonNullable<Server['configDriveFormat']>;
  machineType?: string;
  cpu?: GuestCpu;
  requestedAz?: NonNullable<Server['requestedAz']>;
  schedulerHints?: NonNullable<Server['schedulerHints']>;
  lock?: { readonly locked: boolean; readonly reason?: string };
  tags?: readonly string[];
  metadata?: Readonly<Record<string, string>>;
  launchedAt?: string;
  usage?: NonNullable<Server['usage']>;
  /** Of the memory of its flavor. */
  memoryUsedPercent?: number;
  dirtyRateMiBps?: number;
  workingSetMiB?: number;
  residentMemoryMiB?: number;
  diskWriteMiBps?: number;
  faultMessage?: string;
  /** What guests of it on other hosts than its own hold there: a move has both ends. */
  heldByHost?: ReadonlyMap<HostId, HeldClaim>;
  /** Claims of its move in flight, by the number of the migration record. */
  heldByMigration?: { readonly migration: number; readonly held: NonNullable<Migration['held']> };
}

/** What a source tells of one server group. Below 2.64 the API does not tell the limit. */
export type GroupFacts = Omit<ServerGroup, 'maxServersPerHost'> &
  Partial<Pick<ServerGroup, 'maxServersPerHost'>>;

/** What a source tells of one migration record. */
export type MigrationFacts = Omit<Migration, 'held'>;

/** A guest as libvirt defines it on one host; a server that is moving has one on either end. */
export interface DomainFacts {
  readonly server: ServerId;
  /** The name of the folder or label that stands for the host, until it is known which host that is. */
  readonly host: HostId;
  readonly state: 'running' | 'paused' | 'shut-off' | 'unknown';
  /** When Nova wrote the definition. */
  readonly createdAt?: string;
  /** Absent when the guest has no NUMA topology. */
  readonly topology?: PlacedTopology;
  /** Addresses of the host's PCI devices that it has. */
  readonly pciDevices: readonly string[];
  /** What it tells of the server wherever that is; a NUMA topology and a place follow from all its domains. */
  readonly facts: ServerFacts;
}

/** What one resource of one source told. Later sources add readers that return the same. */
export interface Facts {
  readonly source: Source;
  readonly hosts?: ReadonlyMap<HostId, HostFacts>;
  readonly servers?: ReadonlyMap<ServerId, ServerFacts>;
  /** The guests of every host whose guests were read; of the others there is no key. */
  readonly domains?: ReadonlyMap<HostId, readonly DomainFacts[]>;
  /** Every resource provider; which host has it follows from its root's name and id. */
  readonly providers?: readonly ResourceProvider[];
  readonly allocations?: AllocationFacts;
  readonly aggregates?: readonly Aggregate[];
  readonly groups?: readonly GroupFacts[];
  /** Today's flavors by id. */
  readonly flavors?: ReadonlyMap<string, Flavor>;
  /** Properties of images by id, as they are now. */
  readonly images?: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** What Cinder knows of volumes, by id. */
  readonly volumes?: ReadonlyMap<string, Omit<Volume, 'id'>>;
  readonly migrations?: readonly MigrationFacts[];
  readonly storagePools?: readonly StoragePool[];
  /** Names of projects by id. */
  readonly projects?: ReadonlyMap<string, string>;
  readonly maxMicroversion?: string;
  /** Settings of the controllers' nova.conf, for the whole cloud. */
  readonly novaConfig?: Partial<CloudConfig>;
  /** The latest instants that the records name: the cloud was read at or after them. */
  readonly seenAt?: readonly string[];
  readonly gaps?: readonly Gap[];
}

/** Who holds what in Placement. */
export interface AllocationFacts {
  readonly byConsumer: ReadonlyMap<string, readonly Allocation[]>;
  /** Whether every provider's allocations were read, so that a consumer not listed holds nothing. */
  readonly complete: boolean;
  /** Placement's own sums by provider, where they were read. */
  readonly usages: ReadonlyMap<string, ResourceAmounts>;
}
