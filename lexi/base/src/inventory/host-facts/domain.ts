import type { GuestCpu } from '../../model/cpu.ts';
import { type HostId, serverId } from '../../model/ids.ts';
import type { PlacedGuestCell, PlacedTopology } from '../../model/numa.ts';
import type { DomainFacts, ServerFacts } from '../facts.ts';
import { mapIf, present } from '../present.ts';
import { toInstant } from '../replies.ts';
import { childAt, childrenOf, textAt, type XmlReader } from '../xml-reader.ts';
import type { XmlElement } from '../xml-text.ts';
import type { NovaConf } from './nova-conf.ts';

/** What a domain is read with: whose it is, and what the host's configuration says of its CPUs. */
export interface DomainPlace {
  readonly host: HostId;
  readonly state: DomainFacts['state'] | undefined;
  readonly conf: NovaConf | undefined;
}

/** `virsh dumpxml` of a guest that Nova made; `undefined` for any other. */
export function readDomain(root: XmlElement, read: XmlReader, place: DomainPlace): DomainFacts | undefined {
  if (root.name !== 'domain') read.refuse(root, 'this is no output of virsh dumpxml');
  const nova = childAt(root, 'metadata', 'nova:instance');
  const uuid = textAt(root, 'uuid');
  if (uuid === undefined) read.refuse(root, 'the domain has no uuid');
  if (uuid === undefined || nova === undefined) return undefined;
  return present({
    server: serverId(uuid.toLowerCase()),
    host: place.host,
    // a domain with a number is running, or nearly so
    state: place.state ?? (root.attributes.has('id') ? ('unknown' as const) : ('shut-off' as const)),
    topology: toTopology(root, read, place.conf),
    createdAt: toInstant(textAt(nova, 'nova:creationTime')),
    pciDevices: devicesOf(root, read),
    facts: toFacts(root, nova, read, place.conf),
  });
}

function toTopology(
  root: XmlElement,
  read: XmlReader,
  conf: NovaConf | undefined,
): PlacedTopology | undefined {
  const nodes = childrenOf(childAt(root, 'numatune'), 'memnode');
  const guestCells = childrenOf(childAt(root, 'cpu', 'numa'), 'cell');
  if (nodes.length === 0 || guestCells.length === 0) return undefined;
  const hostCellOf = new Map(
    nodes.map((node) => [read.number(node, 'cellid'), read.cpus(node, 'nodeset')[0] ?? 0]),
  );
  const pinsOf = pinsByVcpu(root, read);
  const isPin = (cpus: readonly number[] | undefined): boolean =>
    cpus?.length === 1 && !isSharedCpu(cpus[0] ?? -1, conf);
  const cells = guestCells.map((cell, at): PlacedGuestCell => {
    const id = cell.attributes.has('id') ? read.number(cell, 'id') : at;
    const vcpus = read.cpus(cell, 'cpus');
    const dedicated = vcpus.filter((vcpu) => isPin(pinsOf.get(vcpu)));
    return present({
      hostCellId: hostCellOf.get(id) ?? 0,
      sharedVcpus: vcpus.filter((vcpu) => !dedicated.includes(vcpu)),
      dedicatedVcpus: dedicated,
      pinning:
        dedicated.length === 0
          ? undefined
          : dedicated.map((vcpu) => [vcpu, pinsOf.get(vcpu)?.[0] ?? 0] as const),
      memoryMiB: Math.floor(read.kib(cell, 'memory') / 1024),
      pageSizeKiB: pageSizeOf(root, id, read),
    });
  });
  return { cells: withEmulatorCpus(cells, emulatorCpus(root, pinsOf, read)) };
}

const pinsByVcpu = (root: XmlElement, read: XmlReader): ReadonlyMap<number, readonly number[]> =>
  new Map(
    childrenOf(childAt(root, 'cputune'), 'vcpupin').map((pin) => [
      read.number(pin, 'vcpu'),
      read.cpus(pin, 'cpuset'),
    ]),
  );

/** A cell may share one single CPU: a vCPU that floats over it looks like a pinned one. */
const isSharedCpu = (cpu: number, conf: NovaConf | undefined): boolean =>
  conf?.dedicatedCpus?.includes(cpu) === false && conf.sharedCpus?.includes(cpu) === true;

/** CPUs of the emulator that no vCPU is on: they are reserved for it (`hw:emulator_threads_policy=isolate`). */
function emulatorCpus(
  root: XmlElement,
  pinsOf: ReadonlyMap<number, readonly number[]>,
  read: XmlReader,
): readonly number[] {
  const pin = childAt(root, 'cputune', 'emulatorpin');
  if (pin === undefined) return [];
  const cpus = read.cpus(pin, 'cpuset');
  const ofVcpus = new Set([...pinsOf.values()].flat());
  return cpus.some((cpu) => ofVcpus.has(cpu)) ? [] : cpus;
}

/** Nova keeps them with the first cell. On the shared set (`share`) they are nobody's: no cell has pins there. */
function withEmulatorCpus(
  [first, ...others]: readonly PlacedGuestCell[],
  cpus: readonly number[],
): readonly PlacedGuestCell[] {
  if (first === undefined) return [];
  const pinned = [first, ...others].some((cell) => cell.pinning !== undefined);
  return cpus.length === 0 || !pinned ? [first, ...others] : [{ ...first, reservedCpus: cpus }, ...others];
}

/** The page size of a guest cell; absent for small pages. */
function pageSizeOf(root: XmlElement, cell: number, read: XmlReader): number | undefined {
  const pages = childrenOf(childAt(root, 'memoryBacking', 'hugepages'), 'page');
  const own = pages.find(
    (page) => !page.attributes.has('nodeset') || read.cpus(page, 'nodeset').includes(cell),
  );
  return mapIf(own, (page) => read.kib(page, 'size'));
}

/** Passed through as host devices, or as the VF behind an interface. */
function devicesOf(root: XmlElement, read: XmlReader): string[] {
  const devices = childAt(root, 'devices');
  const passed = childrenOf(devices, 'hostdev').filter((each) => each.attributes.get('type') === 'pci');
  const interfaces = childrenOf(devices, 'interface').filter(
    (each) => each.attributes.get('type') === 'hostdev',
  );
  return [...passed, ...interfaces]
    .flatMap((device) => childAt(device, 'source', 'address') ?? [])
    .map((address) => pciAddress(address, read))
    .sort();
}

/** `0000:18:02.4` from an element with hexadecimal parts. */
export function pciAddress(address: XmlElement, read: XmlReader): string {
  const part = (name: string, digits: number): string => {
    const text = read.attribute(address, name);
    const [, hex] = /^0x([0-9a-f]{1,8})$/i.exec(text) ?? [];
    if (hex === undefined && text !== '') read.refuse(address, 'expected a hexadecimal number', text);
    return (hex ?? '0').toLowerCase().replace(/^0+/, '').padStart(digits, '0');
  };
  return `${part('domain', 4)}:${part('bus', 2)}:${part('slot', 2)}.${part('function', 1)}`;
}

/** Devices that Nova made of something else than PCI: mediated ones (vGPU). */
const hasMediated = (root: XmlElement): boolean =>
  childrenOf(childAt(root, 'devices'), 'hostdev').some((each) => each.attributes.get('type') === 'mdev');

function toFacts(
  root: XmlElement,
  nova: XmlElement,
  read: XmlReader,
  conf: NovaConf | undefined,
): ServerFacts {
  const imageRoot = childAt(nova, 'nova:root');
  const flavor = childAt(nova, 'nova:flavor');
  const config = configDisk(root);
  return present({
    name: textAt(nova, 'nova:name'),
    projectId: childAt(nova, 'nova:owner', 'nova:project')?.attributes.get('uuid'),
    userId: childAt(nova, 'nova:owner', 'nova:user')?.attributes.get('uuid'),
    image: imageOf(imageRoot),
    flavorRef: mapIf(flavor?.attributes.get('name'), (name) => ({ name })),
    flavorOutline: mapIf(flavor, (element) => toOutline(element, read)),
    // an alias or a port was asked for where there is a device; which, libvirt does not know
    pciRequests: devicesOf(root, read).length === 0 && !hasMediated(root) ? [] : undefined,
    configDrive: config !== undefined,
    configDriveFormat: mapIf(config, (disk) =>
      disk.attributes.get('device') === 'cdrom' ? ('iso9660' as const) : ('vfat' as const),
    ),
    machineType: childAt(root, 'os', 'type')?.attributes.get('machine'),
    cpu: toGuestCpu(childAt(root, 'cpu'), conf),
  });
}

function imageOf(root: XmlElement | undefined): ServerFacts['image'] {
  const uuid = root?.attributes.get('uuid');
  if (root?.attributes.get('type') === 'volume') return { kind: 'none' };
  return uuid === undefined || uuid === '' ? undefined : { kind: 'image', id: uuid };
}

function toOutline(flavor: XmlElement, read: XmlReader): NonNullable<ServerFacts['flavorOutline']> {
  const amount = (name: string): number =>
    mapIf(childAt(flavor, `nova:${name}`), (element) => read.number(element)) ?? 0;
  return {
    name: flavor.attributes.get('name') ?? 'unknown',
    vcpus: amount('vcpus'),
    memoryMiB: amount('memory'),
    rootGiB: amount('disk'),
    ephemeralGiB: amount('ephemeral'),
    swapMiB: amount('swap'),
  };
}

const configDisk = (root: XmlElement): XmlElement | undefined =>
  childrenOf(childAt(root, 'devices'), 'disk').find((disk) =>
    /disk\.config$/.test(
      childAt(disk, 'source')?.attributes.get('file') ??
        childAt(disk, 'source')?.attributes.get('name') ??
        '',
    ),
  );

/**
 * What Nova goes by. A live guest of host-model shows the model that this came to, and the same is shown of a custom
 * model: only the host's `cpu_mode` tells the two apart, and without it nothing is said.
 */
function toGuestCpu(cpu: XmlElement | undefined, conf: NovaConf | undefined): GuestCpu | undefined {
  const mode = cpu?.attributes.get('mode');
  if (mode === 'host-passthrough' || mode === 'host-model' || mode === 'maximum') {
    return { mode, match: 'exact', features: [] };
  }
  if (mode !== 'custom') return undefined;
  const model = textAt(cpu, 'model');
  if (conf?.cpuMode === 'host-model') return { mode: 'host-model', match: 'exact', features: [] };
  // an own model counts only where the host's configuration names it: it may have come from elsewhere
  return conf?.cpuMode === 'custom' && model !== undefined && conf.cpuModels.includes(model)
    ? { mode: 'custom', match: 'exact', model, features: [] }
    : undefined;
}
