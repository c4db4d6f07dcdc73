import type { HostId } from '../../model/ids.ts';
import type { CloudConfig, Setting } from '../../model/nova-config.ts';
import type { ResourceProvider } from '../../model/placement.ts';
import type { HostRecord } from '../document/host.ts';
import type { NovaConfigRecord } from '../document/nova-config.ts';
import type { ProviderRecord } from '../document/placement.ts';
import type { HostFacts } from '../facts.ts';
import { mapIf, present } from '../present.ts';
import { toCellUse, toLayout } from './numa.ts';
import { toDeviceRecords, toPoolRecords } from './pci.ts';
import type { TableWriter } from './tables.ts';

/** What stands beside a host's own facts in its record. */
export interface HostSurroundings {
  readonly id: HostId;
  readonly providers: readonly ResourceProvider[] | undefined;
  readonly sources: Record<string, string> | undefined;
}

export function toHostRecord(facts: HostFacts, around: HostSurroundings, { put }: TableWriter): HostRecord {
  return present({
    id: around.id,
    nodeName: facts.nodeName,
    nodeId: facts.nodeId,
    hostIp: facts.hostIp,
    service: toService(facts),
    availabilityZone: facts.availabilityZone,
    novaCell: facts.novaCell,
    cpu:
      facts.cpu === undefined
        ? undefined
        : put('hostCpus', { ...facts.cpu, features: [...facts.cpu.features] }),
    hypervisorType: facts.hypervisorType,
    hypervisorVersion: facts.hypervisorVersion,
    libvirtVersion: facts.libvirtVersion,
    supportedInstances: facts.supportedInstances?.map(([arch, type, mode]): [string, string, string] => [
      arch,
      type,
      mode,
    ]),
    machineTypes: mapIf(facts.machineTypes, (types) => put('machineTypeSets', [...types].sort())),
    stats: mapIf(facts.stats, (stats) => ({ ...stats })),
    cpuAllocationRatio: facts.cpuAllocationRatio,
    ramAllocationRatio: facts.ramAllocationRatio,
    providers: around.providers?.map((provider) => toProviderRecord(provider, put)),
    layout: mapIf(facts.cells, (cells) => put('hostLayouts', toLayout(cells))),
    cells: mapIf(facts.cells, toCellUse),
    pciDevices: mapIf(facts.pciDevices, (devices) => toDeviceRecords(devices, facts.pciPools)),
    pciPools: mapIf(facts.pciPools, toPoolRecords),
    nics: facts.nics?.map((nic) => ({ ...nic })),
    rack: facts.rack,
    storagePool: facts.storagePool,
    diskAvailableLeastGiB: facts.diskAvailableLeastGiB,
    otherServices: facts.otherServices?.map((service) => ({ ...service })),
    physicalNetworks: mapIf(facts.physicalNetworks, (names) => [...names].sort()),
    cachedImages: mapIf(facts.cachedImages, (ids) => [...ids].sort()),
    novaConfig: mapIf(facts.novaConfig, toConfigRecord),
    usage: facts.usage,
    sources: around.sources,
  });
}

/** Both of status and state, or nothing: half of it would be read as the other half's default. */
function toService(facts: HostFacts): HostRecord['service'] {
  const { serviceStatus: status, serviceState: state } = facts;
  if (status === undefined || state === undefined) return undefined;
  return present({
    status,
    state,
    forcedDown: facts.forcedDown,
    disabledReason: facts.disabledReason,
    id: facts.serviceId,
    version: facts.serviceVersion,
  });
}

export function toProviderRecord(provider: ResourceProvider, put: TableWriter['put']): ProviderRecord {
  return present({
    id: provider.id,
    name: provider.name,
    parent: provider.parent,
    generation: provider.generation,
    inventories: put('inventorySets', Object.fromEntries(provider.inventories)),
    traits: put('traitSets', [...provider.traits].sort()),
    aggregates: provider.aggregates.length === 0 ? undefined : [...provider.aggregates],
  });
}

/** Settings as the document writes them. */
export function toConfigRecord({
  enabledFilters,
  workarounds,
  defaultAvailabilityZone,
  imageDefaultArchitecture,
  imageIsolationPrefix,
  isolatedHosts,
  isolatedImages,
  ...others
}: Partial<CloudConfig>): NovaConfigRecord {
  const list = ({ known, value }: Setting<readonly string[]>) => ({ value: [...value], known });
  const perhaps = ({ known, value }: Setting<string | undefined>) => present({ value, known });
  return present({
    ...others,
    enabledFilters: mapIf(enabledFilters, list),
    workarounds: mapIf(workarounds, list),
    defaultAvailabilityZone: mapIf(defaultAvailabilityZone, perhaps),
    imageDefaultArchitecture: mapIf(imageDefaultArchitecture, perhaps),
    imageIsolationPrefix: mapIf(imageIsolationPrefix, perhaps),
    isolatedHosts: mapIf(isolatedHosts, list),
    isolatedImages: mapIf(isolatedImages, list),
  });
}
