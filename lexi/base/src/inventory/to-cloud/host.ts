import type { ComputeService, Host } from '../../model/host.ts';
import { type AggregateId, hostId, providerId, storagePoolId } from '../../model/ids.ts';
import type { PciDevice, PciPool } from '../../model/pci.ts';
import type { ResourceProvider } from '../../model/placement.ts';
import type { HostRecord } from '../document/host.ts';
import type { PciDevicesRecord, PciPoolRecord } from '../document/pci.ts';
import type { ProviderRecord } from '../document/placement.ts';
import { addressAt } from '../pci-address.ts';
import { mapIf, present } from '../present.ts';
import { toSettings } from './config.ts';
import { toNumaCells } from './numa.ts';
import type { ModelTables } from './tables.ts';

/**
 * What stands for the service of a host that no source told of: nothing may arrive, and nothing is taken for dead.
 * This can only lose quality; an evacuation from a host that is alive would lose data.
 */
const unknownService = { status: 'disabled', state: 'up' } as const;

export function toHost(record: HostRecord, aggregates: readonly AggregateId[], tables: ModelTables): Host {
  const { cells, layout } = record;
  return present({
    id: hostId(record.id),
    nodeName: record.nodeName ?? record.id,
    nodeId: record.nodeId,
    hostIp: record.hostIp,
    service: toService(record.service),
    availabilityZone: record.availabilityZone,
    aggregates,
    novaCell: record.novaCell,
    cpu: mapIf(record.cpu, tables.hostCpu),
    hypervisorType: record.hypervisorType,
    hypervisorVersion: record.hypervisorVersion,
    libvirtVersion: record.libvirtVersion,
    supportedInstances: record.supportedInstances,
    machineTypes: mapIf(record.machineTypes, tables.machineTypes),
    stats: record.stats ?? {},
    cpuAllocationRatio: record.cpuAllocationRatio,
    ramAllocationRatio: record.ramAllocationRatio,
    providers: (record.providers ?? []).map((provider) => toProvider(provider, tables)),
    cells:
      layout === undefined || cells === undefined ? undefined : toNumaCells(tables.layout(layout), cells),
    pciDevices: record.pciDevices?.flatMap(toDevices),
    pciPools: record.pciPools?.map(toPool),
    nics: record.nics ?? [],
    rack: record.rack,
    storagePool: mapIf(record.storagePool, storagePoolId),
    diskAvailableLeastGiB: record.diskAvailableLeastGiB,
    otherServices: record.otherServices ?? [],
    physicalNetworks: mapIf(record.physicalNetworks, (names) => new Set(names)),
    cachedImages: mapIf(record.cachedImages, (ids) => new Set(ids)),
    config: mapIf(record.novaConfig, toSettings),
    usage: record.usage,
  });
}

const toService = (service: HostRecord['service'] = unknownService): ComputeService => ({
  ...service,
  forcedDown: service.forcedDown ?? false,
});

export const toProvider = (record: ProviderRecord, tables: ModelTables): ResourceProvider =>
  present({
    id: providerId(record.id),
    name: record.name,
    parent: mapIf(record.parent, providerId),
    generation: record.generation,
    inventories: tables.inventories(record.inventories),
    traits: tables.traits(record.traits),
    aggregates: record.aggregates ?? [],
  });

/** Every device of a range. */
const toDevices = ({ count = 1, tags = {}, ...record }: PciDevicesRecord): PciDevice[] =>
  Array.from({ length: count }, (_, at) => ({
    ...record,
    tags,
    address: at === 0 ? record.address : addressAt(record.address, at),
  }));

const toPool = ({ tags = {}, ...record }: PciPoolRecord): PciPool => ({ ...record, tags });
