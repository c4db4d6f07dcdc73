import type { HostCpu } from '../../model/cpu.ts';
import { compareText } from '../../shared/collections.ts';
import type { HostFacts } from '../facts.ts';
import { mapIf, present } from '../present.ts';
import { childAt, childrenOf, textAt, type XmlReader } from '../xml-reader.ts';
import type { XmlElement } from '../xml-text.ts';

/** The hardware of one NUMA cell, before anybody said which of its CPUs Nova may use. */
export interface HardwareCell {
  readonly id: number;
  readonly memoryKiB: number;
  readonly pages: readonly { readonly sizeKiB: number; readonly total: number }[];
  readonly cpus: readonly number[];
  /** The threads of each core. */
  readonly siblings: readonly (readonly number[])[];
  /** Absent when its CPUs are on several sockets, or nothing says. */
  readonly socket?: number;
  readonly distances?: readonly number[];
}

/** `virsh capabilities`. */
export interface Capabilities {
  readonly cells: readonly HardwareCell[] | undefined;
  readonly facts: Pick<HostFacts, 'cpu' | 'machineTypes' | 'supportedInstances'>;
}

export function readCapabilities(root: XmlElement, read: XmlReader): Capabilities {
  if (root.name !== 'capabilities') read.refuse(root, 'this is no output of virsh capabilities');
  const host = childAt(root, 'host');
  const cells = childrenOf(childAt(host, 'topology', 'cells'), 'cell');
  return {
    cells: cells.length === 0 ? undefined : cells.map((cell) => toCell(cell, read)),
    facts: present({
      cpu: mapIf(childAt(host, 'cpu'), (cpu) => toCpu(cpu, read)),
      ...toGuests(childrenOf(root, 'guest'), read),
    }),
  };
}

function toCell(cell: XmlElement, read: XmlReader): HardwareCell {
  // a CPU that is off line has no core
  const cpus = childrenOf(childAt(cell, 'cpus'), 'cpu').filter((cpu) => cpu.attributes.has('siblings'));
  const cores = new Map<string, readonly number[]>();
  for (const cpu of cpus) {
    const core = read.cpus(cpu, 'siblings');
    cores.set(core.join(), core);
  }
  const sockets = new Set(cpus.map((cpu) => cpu.attributes.get('socket_id')));
  const [socket] = sockets;
  const distances = childrenOf(childAt(cell, 'distances'), 'sibling');
  return present({
    id: read.number(cell, 'id'),
    memoryKiB: mapIf(childAt(cell, 'memory'), (memory) => read.kib(memory)) ?? 0,
    pages: childrenOf(cell, 'pages').map((pages) => ({
      sizeKiB: read.kib(pages, 'size'),
      total: read.number(pages),
    })),
    cpus: cpus.map((cpu) => read.number(cpu, 'id')),
    siblings: [...cores.values()],
    socket: sockets.size === 1 && socket !== undefined ? Number(socket) : undefined,
    distances: distances.length === 0 ? undefined : distances.map((sibling) => read.number(sibling, 'value')),
  });
}

/** Features are those that come on top of the model's. */
function toCpu(cpu: XmlElement, read: XmlReader): HostCpu | undefined {
  const arch = textAt(cpu, 'arch');
  if (arch === undefined) return undefined;
  const features = childrenOf(cpu, 'feature').map((feature) => read.attribute(feature, 'name'));
  return present({
    arch,
    model: textAt(cpu, 'model'),
    vendor: textAt(cpu, 'vendor'),
    features: new Set(features.sort(compareText)),
  });
}

/** Nova's words for kinds of guests, and every machine type under each of its names. */
function toGuests(guests: readonly XmlElement[], read: XmlReader) {
  const supported: (readonly [string, string, string])[] = [];
  const machines = new Set<string>();
  for (const guest of guests) {
    const mode = textAt(guest, 'os_type') ?? 'hvm';
    const arch = childAt(guest, 'arch');
    if (arch === undefined) continue;
    for (const domain of childrenOf(arch, 'domain')) {
      supported.push([read.attribute(arch, 'name'), read.attribute(domain, 'type'), mode]);
    }
    for (const machine of childrenOf(arch, 'machine')) {
      const canonical = machine.attributes.get('canonical');
      for (const name of [machine.text.trim(), canonical]) {
        if (name !== undefined && name !== '') machines.add(name);
      }
    }
  }
  return guests.length === 0 ? {} : { supportedInstances: supported, machineTypes: machines };
}
