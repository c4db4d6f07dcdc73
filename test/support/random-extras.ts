import type { Aggregate } from '../../src/model/aggregate.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import type { Host } from '../../src/model/host.ts';
import type { Server } from '../../src/model/server.ts';
import { storagePoolId } from '../../src/model/ids.ts';
import { aggregateId, hostId, someConfig } from './builders.ts';
import { anInventory } from './parts.ts';

/** What can be special about a server, besides its size and cells. */
export const serverKinds = [
  'tpm',
  'tpm-host',
  'sev',
  'gpu',
  'pmem',
  'accelerator',
  'accelerator-port',
  'share',
  'no-shares',
  'iso-drive',
  'old-machine',
  'new-machine',
  'x86-image',
  'arm-image',
  'unread-image',
  'fast',
  'secure-boot',
  'ssd',
  'distribution',
  'capability',
  'wired',
  'unread-ports',
  'tenant',
  'isolated-image',
] as const;
export type ServerKind = (typeof serverKinds)[number];

/** What can be special about a host. */
export const hostKinds = [
  'old-qemu',
  'new-qemu',
  'arm',
  'unread-cpu',
  'unread-instances',
  'lists-machines',
  'isolates-trait',
  'isolates-image',
  'keeps-flavor',
  'keeps-tenant',
  'few-servers',
  'wired',
  'unwired',
  'fast-node',
  'slow-node',
  'lvm',
  'ceph',
  'own-disks',
  'unread-storage',
  'isolated',
] as const;
export type HostKind = (typeof hostKinds)[number];

interface Extra {
  readonly specs?: Readonly<Record<string, string>>;
  readonly amounts?: Readonly<Record<string, number>>;
  readonly over?: Partial<Server>;
}

const image = (properties: Readonly<Record<string, string>>): Extra => ({
  over: { imageProperties: properties },
});

const port = (over: { vnicType?: string; physicalNetwork?: string }): Extra => ({
  over: { ports: [{ id: 'p', vnicType: 'normal', hasResourceRequest: false, ...over }] },
});

const extras: Readonly<Record<Exclude<ServerKind, 'unread-image' | 'unread-ports'>, Extra>> = {
  tpm: { specs: { 'hw:tpm_version': '2.0' } },
  'tpm-host': { specs: { 'hw:tpm_version': '2.0', 'hw:tpm_secret_security': 'host' } },
  sev: { specs: { 'hw:mem_encryption': 'true' }, amounts: { MEM_ENCRYPTION_CONTEXT: 1 } },
  gpu: { specs: { 'resources:VGPU': '1' }, amounts: { VGPU: 1 } },
  pmem: { specs: { 'hw:pmem': 'small' }, amounts: { CUSTOM_PMEM_NAMESPACE_SMALL: 1 } },
  accelerator: { specs: { 'accel:device_profile': 'fpga' } },
  'accelerator-port': port({ vnicType: 'accelerator-direct' }),
  share: { over: { shares: ['share-1'] } },
  'no-shares': { over: { shares: [] } },
  'iso-drive': { over: { configDrive: true, configDriveFormat: 'iso9660' } },
  'old-machine': { over: { machineType: 'pc-q35-6.2', imageProperties: { hw_machine_type: 'pc-q35-6.2' } } },
  'new-machine': { over: { machineType: 'pc-q35-8.1', imageProperties: { hw_machine_type: 'q35' } } },
  'x86-image': image({ hw_architecture: 'x86_64' }),
  'arm-image': image({ hw_architecture: 'aarch64' }),
  'secure-boot': { specs: { 'os:secure_boot': 'required' } },
  ssd: { specs: { ssd: 'true' } },
  fast: { specs: { 'trait:CUSTOM_FAST': 'required' } },
  distribution: image({ os_distro: 'windows' }),
  capability: { specs: { 'capabilities:node': 'fast' } },
  wired: port({ physicalNetwork: 'physnet1' }),
  tenant: { over: { projectId: 'p2' } },
  'isolated-image': { over: { imageId: 'secret' } },
};

/** Pinned servers keep what their topology says; persistent memory would give the others one. */
export function withKind(server: Server, kind: ServerKind | undefined): Server {
  if (kind === undefined || (kind === 'pmem' && server.topology?.kind !== 'placed')) return server;
  if (kind === 'unread-image' || kind === 'unread-ports') {
    const gone = kind === 'unread-image' ? 'imageProperties' : 'ports';
    return Object.fromEntries(Object.entries(server).filter(([name]) => name !== gone)) as unknown as Server;
  }
  const { specs = {}, amounts = {}, over = {} } = extras[kind];
  const [held] = server.allocations ?? [];
  return {
    ...server,
    flavor: { ...server.flavor, extraSpecs: { ...server.flavor.extraSpecs, ...specs } },
    ...(held !== undefined && {
      allocations: [{ ...held, resources: { ...held.resources, ...amounts } }],
    }),
    ...over,
  };
}

const arm = { arch: 'aarch64', model: 'cortex-a57', vendor: 'ARM', features: new Set<string>() };

function withHostKind(host: Host, kind: HostKind | undefined): Host {
  const [root, ...nested] = host.providers;
  const everywhere = { VGPU: 2, MEM_ENCRYPTION_CONTEXT: 3, CUSTOM_PMEM_NAMESPACE_SMALL: 3 };
  const inventories = Object.entries(everywhere).map(([name, total]) => [name, anInventory(total)] as const);
  const traits = ['COMPUTE_SECURITY_TPM_2_0', 'CUSTOM_FAST'];
  const rich: Host = {
    ...host,
    libvirtVersion: 8_006_000,
    supportedInstances: [['x86_64', 'kvm', 'hvm']],
    providers:
      root === undefined
        ? []
        : [
            {
              ...root,
              inventories: new Map([...root.inventories, ...inventories]),
              traits: new Set([...root.traits, ...traits]),
            },
            ...nested,
          ],
  };
  if (kind === 'unread-cpu') return without(rich, 'cpu');
  if (kind === 'unread-instances') return without(rich, 'supportedInstances');
  return { ...rich, ...(kind !== undefined && hostFacts[kind]) };
}

const hostFacts: Readonly<Partial<Record<HostKind, Partial<Host>>>> = {
  'old-qemu': { hypervisorVersion: 6_002_000 },
  'new-qemu': { hypervisorVersion: 8_001_000 },
  arm: { cpu: arm, supportedInstances: [['aarch64', 'kvm', 'hvm']] },
  'lists-machines': { hypervisorVersion: 6_002_000, machineTypes: new Set(['pc-q35-6.2', 'pc-q35-5.2']) },
  wired: { physicalNetworks: new Set(['physnet1']) },
  unwired: { physicalNetworks: new Set() },
  'fast-node': { stats: { node: 'fast' } },
  'slow-node': { stats: { node: 'slow' } },
  lvm: { config: { imagesType: { value: 'lvm', known: true } } },
  ceph: { storagePool: storagePoolId('ceph') },
  'own-disks': { storagePool: storagePoolId('own') },
  'unread-storage': { config: { imagesType: { value: 'default', known: false } } },
};

const without = (host: Host, name: 'cpu' | 'supportedInstances'): Host =>
  Object.fromEntries(Object.entries(host).filter(([key]) => key !== name)) as unknown as Host;

/** Metadata of the aggregate that a host of some kind is in alone. */
const metadata: Readonly<Partial<Record<HostKind, Readonly<Record<string, string>>>>> = {
  'isolates-trait': { 'trait:CUSTOM_FAST': 'required' },
  'isolates-image': { os_distro: 'debian, ubuntu' },
  'keeps-flavor': { instance_type: 'f1c1g,f2c2g,f4c4g' },
  'keeps-tenant': { filter_tenant_id: 'p2' },
  'few-servers': { max_instances_per_host: '2' },
};

/** A cloud in which hosts and servers are of these kinds, each in turn, and every filter is enabled. */
export function withExtras(
  cloud: Cloud,
  hosts: readonly (HostKind | undefined)[],
  kinds: readonly (ServerKind | undefined)[],
): Cloud {
  const aggregates: Aggregate[] = [];
  const special = [...cloud.hosts.values()].map((host, index): Host => {
    const kind = hosts[index % Math.max(1, hosts.length)];
    const asked = kind === undefined ? undefined : metadata[kind];
    if (asked === undefined) return withHostKind(host, kind);
    const id = aggregateId(`only-${host.id}`);
    aggregates.push({ id, name: id, hosts: [host.id], metadata: asked });
    return { ...withHostKind(host, kind), aggregates: [id] };
  });
  const isolated = special.filter((_, index) => hosts[index % Math.max(1, hosts.length)] === 'isolated');
  const servers = [...cloud.servers.values()].map((server, index) =>
    withKind(server, kinds[index % Math.max(1, kinds.length)]),
  );
  return {
    ...cloud,
    hosts: new Map(special.map((host) => [host.id, host])),
    servers: new Map(servers.map((server) => [server.id, server])),
    aggregates: new Map(aggregates.map((aggregate) => [aggregate.id, aggregate])),
    storagePools: new Map([
      [storagePoolId('ceph'), { id: storagePoolId('ceph'), kind: 'shared' }],
      [storagePoolId('own'), { id: storagePoolId('own'), kind: 'local' }],
    ]),
    config: {
      ...someConfig,
      enabledFilters: { value: everyFilter, known: true },
      isolatedHosts: { value: isolated.map(({ id }) => hostId(id)), known: true },
      isolatedImages: { value: ['secret'], known: true },
      maxInstancesPerHost: { value: 6, known: true },
      maxIoOpsPerHost: { value: 2, known: true },
    },
  };
}

const everyFilter = [
  'AggregateImagePropertiesIsolation',
  'AggregateInstanceExtraSpecsFilter',
  'AggregateIoOpsFilter',
  'AggregateMultiTenancyIsolation',
  'AggregateNumInstancesFilter',
  'AggregateTypeAffinityFilter',
  'ComputeCapabilitiesFilter',
  'ImagePropertiesFilter',
  'IoOpsFilter',
  'IsolatedHostsFilter',
  'NUMATopologyFilter',
];
