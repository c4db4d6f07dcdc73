import type { Cloud } from '../../model/cloud.ts';
import type { Host } from '../../model/host.ts';
import { type HostId, hostId, providerId } from '../../model/ids.ts';
import type { NumaCell } from '../../model/numa.ts';
import type { PciDevice, PciPool } from '../../model/pci.ts';
import type { ResourceProvider } from '../../model/placement.ts';
import { canonicalJson } from '../../shared/canonical-json.ts';
import { compareText } from '../../shared/collections.ts';
import { omit } from '../../shared/omit.ts';

/** The cloud with one more host: a copy of this one, empty, enabled and up, in the same aggregates, zone and rack. */
export function withCopyOf(host: Host, cloud: Cloud): Cloud {
  const id = freeId(host.id, cloud);
  const hosts = [...cloud.hosts, [id, emptyCopy(host, id)] as const];
  return {
    ...cloud,
    hosts: new Map(hosts.toSorted(([a], [b]) => compareText(a, b))),
    aggregates: new Map(
      [...cloud.aggregates].map(([key, aggregate]) => [
        key,
        aggregate.hosts.includes(host.id) ? { ...aggregate, hosts: [...aggregate.hosts, id] } : aggregate,
      ]),
    ),
  };
}

function freeId(host: HostId, { hosts }: Cloud): HostId {
  let id = hostId(`${host}-copy`);
  while (hosts.has(id)) id = hostId(`${id}-copy`);
  return id;
}

function emptyCopy(host: Host, id: HostId): Host {
  const { cells, pciDevices, pciPools } = host;
  return {
    ...omit(host, 'usage', 'nodeId', 'hostIp'),
    id,
    nodeName: id,
    service: {
      ...omit(host.service, 'id', 'disabledReason'),
      status: 'enabled',
      state: 'up',
      forcedDown: false,
    },
    providers: host.providers.map((provider) => ({
      ...provider,
      id: providerId(`${provider.id}-copy`),
      ...(provider.parent !== undefined && { parent: providerId(`${provider.parent}-copy`) }),
    })),
    ...(cells !== undefined && { cells: cells.map(emptyCell) }),
    ...(pciDevices !== undefined && { pciDevices: pciDevices.map(freeDevice) }),
    ...(pciPools !== undefined && { pciPools: filledPools(pciPools, pciDevices ?? []) }),
    otherServices: [],
  };
}

const emptyCell = (cell: NumaCell): NumaCell => ({
  ...cell,
  memoryUsedMiB: 0,
  sharedCpusUsed: 0,
  pinnedCpus: [],
  pages: cell.pages.map((pool) => ({ ...pool, used: 0 })),
});

const isTaken = ({ status }: PciDevice): boolean =>
  status === 'claimed' || status === 'allocated' || status === 'unclaimable';

const freeDevice = (device: PciDevice): PciDevice =>
  isTaken(device) ? { ...omit(device, 'server', 'requestId'), status: 'available' } : device;

/** Pools with the devices that servers hold back in them; a kind of which none was free has a pool again. */
function filledPools(pools: readonly PciPool[], devices: readonly PciDevice[]): readonly PciPool[] {
  const filled = pools.map((pool) => ({ ...pool }));
  for (const device of devices.filter(isTaken)) {
    const pool = filled.find((candidate) => isOf(device, candidate));
    if (pool !== undefined) pool.count += 1;
    else {
      const { vendorId, productId, devType, numaNode, tags } = device;
      filled.push({
        vendorId,
        productId,
        devType,
        count: 1,
        tags,
        ...(numaNode !== undefined && { numaNode }),
      });
    }
  }
  return filled;
}

const isOf = (device: PciDevice, pool: PciPool): boolean =>
  pool.vendorId === device.vendorId &&
  pool.productId === device.productId &&
  pool.devType === device.devType &&
  pool.numaNode === device.numaNode &&
  Object.entries(device.tags).every(([name, value]) => pool.tags[name] === value);

/** Equal for hosts of which a copy would be the same, but for its name. */
export const modelOf = (host: Host): string =>
  canonicalJson([hardwareOf(host), placeOf(host), host.providers.map(offerOf)]);

const hardwareOf = ({ cpu, cells, pciDevices, hypervisorType, hypervisorVersion, service }: Host) => [
  orNull(cpu?.model),
  [...(cpu?.features ?? [])].toSorted(),
  orNull(cells?.length),
  (pciDevices ?? []).map(({ vendorId, productId, devType }) => [vendorId, productId, devType]),
  [orNull(hypervisorType), orNull(hypervisorVersion), orNull(service.version)],
];

const placeOf = ({ availabilityZone, aggregates, storagePool }: Host) => [
  orNull(availabilityZone),
  aggregates.toSorted(),
  orNull(storagePool),
];

const offerOf = ({ inventories, traits }: ResourceProvider) => [
  [...inventories].map(([name, { total, allocationRatio }]) => [name, total, allocationRatio]),
  [...traits].toSorted(),
];

const orNull = <Value>(value: Value | undefined): Value | null => value ?? null;
