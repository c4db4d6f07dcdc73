import { type HostId, hostId, type ServerId } from '../../model/ids.ts';
import type { PciDevice, PciPool } from '../../model/pci.ts';
import { type Diagnostic, InputError } from '../../shared/diagnostic.ts';
import { type Bundle, foldersIn } from '../bundle-files.ts';
import type { DomainFacts, Facts, HostFacts, Source } from '../facts.ts';
import { present } from '../present.ts';
import { toNovaCells } from './host-cells.ts';
import { type HostFolder, readHostFolder } from './host-folder.ts';
import type { HardwareDevice } from './nodedev.ts';
import type { DeviceSpec } from './nova-conf.ts';

/** What every folder of `host-facts/` tells, by the command that told it. */
export function readHostFacts(bundle: Bundle): readonly Facts[] {
  const names = foldersIn(bundle, 'host-facts');
  const folders = readEach(bundle, names);
  if (folders.length === 0) return [];
  const of = (source: Source, toFacts: (folder: HostFolder) => HostFacts): Facts => ({
    source,
    hosts: new Map<HostId, HostFacts>(folders.map((folder) => [hostId(folder.name), toFacts(folder)])),
  });
  const domains = new Map<HostId, readonly DomainFacts[]>(
    folders.flatMap(({ name, domains: list }) => (list === undefined ? [] : [[hostId(name), list]])),
  );
  return [
    of('host-facts:capabilities', ({ capabilities, cells, conf }) =>
      present({
        ...capabilities,
        cells: cells !== undefined && conf?.tellsCpuSets === true ? toNovaCells(cells, conf) : undefined,
      }),
    ),
    of('host-facts:version', ({ versions }) => versions),
    of('host-facts:nova-conf', ({ conf }) => conf?.facts ?? {}),
    of('host-facts:nodedev', devicesOf),
    {
      source: 'host-facts:domains',
      domains,
      seenAt: [...domains.values()].flat().flatMap(({ createdAt }) => createdAt ?? []),
    },
  ];
}

function readEach(bundle: Bundle, names: readonly string[]): HostFolder[] {
  const problems: Diagnostic[] = [];
  const folders = names.flatMap((name) => {
    try {
      return [readHostFolder(bundle, name)];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.diagnostics);
      return [];
    }
  });
  if (problems.length > 0) throw new InputError(problems);
  return folders;
}

/** The devices that nova.conf lets Nova hand out; who has one follows from the guests. */
function devicesOf({ conf, devices, domains }: HostFolder): HostFacts {
  if (devices === undefined || domains === undefined || conf?.deviceSpecs === undefined) return {};
  const specs = conf.deviceSpecs;
  const holder = new Map(domains.flatMap((each) => each.pciDevices.map((address) => [address, each.server])));
  const taken = new Set(
    devices
      .filter(({ address }) => holder.has(address))
      .flatMap(({ address, parentAddress }) => [`parent of ${address}`, parentAddress ?? '']),
  );
  const known = devices.flatMap(
    (device): { readonly device: PciDevice; readonly tags: PciPool['tags'] }[] => {
      const spec = specs.find((each) => matches(each, device));
      if (spec === undefined) return [];
      const server = holder.get(device.address);
      const status = statusOf(device, server, taken);
      return [{ device: present({ ...device, status, server, tags: {} }), tags: spec.tags }];
    },
  );
  const pools = new Map<string, PciPool>();
  for (const { device, tags } of known) {
    const { devType, numaNode, productId, vendorId } = device;
    const key = JSON.stringify([vendorId, productId, devType, numaNode, tags]);
    const pool = pools.get(key);
    const free = device.status === 'available' ? 1 : 0;
    pools.set(
      key,
      present({ vendorId, productId, devType, numaNode, tags, count: (pool?.count ?? 0) + free }),
    );
  }
  return { pciDevices: known.map(({ device }) => device), pciPools: [...pools.values()] };
}

/** A PF is out of reach while somebody has a VF of it, and the other way round. */
function statusOf(
  { address, parentAddress }: HardwareDevice,
  server: ServerId | undefined,
  taken: ReadonlySet<string>,
): PciDevice['status'] {
  if (server !== undefined) return 'allocated';
  return taken.has(address) || taken.has(`parent of ${parentAddress ?? ''}`) ? 'unavailable' : 'available';
}

const matches = (
  { productId, vendorId }: DeviceSpec,
  device: { readonly vendorId: string; readonly productId: string },
): boolean =>
  (vendorId === undefined || vendorId === device.vendorId) &&
  (productId === undefined || productId === device.productId);
