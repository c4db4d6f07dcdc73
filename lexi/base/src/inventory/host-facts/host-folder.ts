import { join } from 'node:path';
import { hostId } from '../../model/ids.ts';
import { type Diagnostic, InputError } from '../../shared/diagnostic.ts';
import { type Bundle, foldersIn, namesIn, noteGap, readText } from '../bundle-files.ts';
import type { DomainFacts, HostFacts } from '../facts.ts';
import { mapIf } from '../present.ts';
import { createXmlReader, type XmlReader } from '../xml-reader.ts';
import { parseXml, type XmlElement } from '../xml-text.ts';
import { type HardwareCell, readCapabilities } from './capabilities.ts';
import { readDomain } from './domain.ts';
import {
  cellsFromTexts,
  nodesOf,
  readHugepages,
  readLscpuFields,
  readLscpuTable,
  readNumactl,
} from './hardware-texts.ts';
import { type HardwareDevice, readNodeDevice } from './nodedev.ts';
import { type NovaConf, readNovaConf } from './nova-conf.ts';

/** Everything that a folder `host-facts/<host>/` tells. */
export interface HostFolder {
  /** `host` of its nova.conf, else the name of the folder. */
  readonly name: string;
  readonly conf: NovaConf | undefined;
  readonly cells: readonly HardwareCell[] | undefined;
  readonly capabilities: Pick<HostFacts, 'cpu' | 'machineTypes' | 'supportedInstances'>;
  readonly versions: Pick<HostFacts, 'hypervisorType' | 'hypervisorVersion' | 'libvirtVersion'>;
  /** Absent when no device was recorded. */
  readonly devices: readonly HardwareDevice[] | undefined;
  /** Absent when not every guest's XML is there. */
  readonly domains: readonly DomainFacts[] | undefined;
}

/** Reads a host's folder. Throws one `InputError` with the problems of all its files. */
export function readHostFolder(bundle: Bundle, folder: string): HostFolder {
  const path = join('host-facts', folder);
  const names = namesIn(bundle, path);
  const problems: Diagnostic[] = [];
  if (names.includes('ssh-error.txt')) noteUnreachable(bundle, join(path, 'ssh-error.txt'), folder);
  const files: Files = {
    text: (name) => (names.includes(name) ? (readText(bundle, join(path, name)) ?? undefined) : undefined),
    attempt: (read) => {
      try {
        return read();
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        problems.push(...error.diagnostics);
        return undefined;
      }
    },
    xml: (file, use) =>
      files.attempt(() => {
        const content = readText(bundle, file);
        if (content === undefined) return undefined;
        const read = createXmlReader(file);
        const value = use(parseXml(content, file), read);
        if (read.problems.length > 0) throw new InputError(read.problems);
        return value;
      }),
  };
  const conf = readConf(files, names, path);
  const capabilities = names.includes('virsh-capabilities.xml')
    ? files.xml(join(path, 'virsh-capabilities.xml'), readCapabilities)
    : undefined;
  const name = conf?.host ?? folder;
  const found = {
    name,
    conf,
    cells: cellsOf(bundle, files, path, folder, capabilities?.cells),
    capabilities: capabilities?.facts ?? {},
    versions: versionsOf(files.attempt(() => files.text('virsh-version.txt')) ?? ''),
    devices: devicesIn(bundle, files, path),
    domains: domainsIn(bundle, files, path, name, conf),
  };
  if (problems.length > 0) throw new InputError(problems);
  return found;
}

interface Files {
  readonly text: (name: string) => string | undefined;
  readonly attempt: <Value>(read: () => Value) => Value | undefined;
  readonly xml: <Value>(file: string, use: (root: XmlElement, read: XmlReader) => Value) => Value | undefined;
}

function noteUnreachable(bundle: Bundle, file: string, folder: string): void {
  const said = readText(bundle, file)?.trim().split('\n').at(-1) ?? '';
  noteGap(bundle, 'unreachable-host', `host ${folder} could not be asked: ${said.slice(0, 200)}`);
}

function readConf(files: Files, names: readonly string[], path: string): NovaConf | undefined {
  const name =
    names.find((each) => each === 'nova.conf') ?? names.find((each) => each.startsWith('nova.conf'));
  if (name === undefined) return undefined;
  return files.attempt(() =>
    mapIf(files.text(name), (text) => readNovaConf(text, join(path, name), name === 'nova.conf')),
  );
}

/** libvirt's own cells, which Nova goes by; where they were not recorded, what the other tools say of the hardware. */
function cellsOf(
  bundle: Bundle,
  files: Files,
  path: string,
  folder: string,
  ofLibvirt: readonly HardwareCell[] | undefined,
): readonly HardwareCell[] | undefined {
  const nodes = files.attempt(() => mapIf(files.text('numactl-hardware.txt'), readNumactl));
  const table = files.attempt(() => mapIf(files.text('lscpu-p.txt'), readLscpuTable));
  const pages = files.attempt(() => mapIf(files.text('hugepages-sysfs.txt'), readHugepages));
  const fields = files.attempt(() =>
    mapIf(files.text('lscpu.json') ?? files.text('lscpu-tty.json'), (text) =>
      readLscpuFields(text, join(path, 'lscpu.json')),
    ),
  );
  const cells = ofLibvirt ?? cellsFromTexts(nodes, table, pages);
  const others = [
    ['numactl', new Map((nodes ?? []).map(({ id, cpus }) => [id, cpus]))],
    ['lscpu', nodesOf(fields ?? new Map())],
  ] as const;
  for (const [tool, cpusOf] of others) {
    const differing = cells?.find(({ id, cpus }) => {
      const theirs = cpusOf.get(id);
      return theirs !== undefined && ascending(theirs) !== ascending(cpus);
    });
    if (differing !== undefined) {
      noteGap(
        bundle,
        'hardware-differs',
        `host ${folder}: ${tool} has other CPUs on NUMA node ${differing.id} than the rest: was it recorded before a change?`,
      );
    }
  }
  return cells;
}

const ascending = (cpus: readonly number[]): string => cpus.toSorted((a, b) => a - b).join();

/** `virsh version`: `Using library: libvirt 8.0.0`, `Running hypervisor: QEMU 6.2.0`. */
function versionsOf(text: string): HostFolder['versions'] {
  const [, type, running] = /^Running hypervisor: (\S+) (\d+\.\d+\.\d+)/m.exec(text) ?? [];
  const [, library] = /^Using library: libvirt (\d+\.\d+\.\d+)/m.exec(text) ?? [];
  return {
    ...(type !== undefined && running !== undefined
      ? { hypervisorType: type, hypervisorVersion: asNumber(running) }
      : {}),
    ...(library === undefined ? {} : { libvirtVersion: asNumber(library) }),
  };
}

/** 7.2.0 is 7002000. */
const asNumber = (version: string): number =>
  version.split('.').reduce((number, part) => number * 1000 + Number(part), 0);

function devicesIn(bundle: Bundle, files: Files, path: string): readonly HardwareDevice[] | undefined {
  const listed = files.attempt(() => files.text('virsh-nodedev-list-pci.txt'));
  const names = namesIn(bundle, join(path, 'nodedev')).filter((name) => name.endsWith('.xml'));
  if (listed === undefined && names.length === 0) return undefined;
  return names.flatMap((name) => files.xml(join(path, 'nodedev', name), readNodeDevice) ?? []);
}

const states: ReadonlyMap<string, DomainFacts['state']> = new Map([
  ['running', 'running'],
  ['idle', 'running'],
  ['paused', 'paused'],
  ['pmsuspended', 'paused'],
  ['shut off', 'shut-off'],
  ['in shutdown', 'running'],
  ['crashed', 'shut-off'],
]);

/** The guests, when the XML of each that `virsh list` names is there. */
function domainsIn(
  bundle: Bundle,
  files: Files,
  path: string,
  name: string,
  conf: NovaConf | undefined,
): readonly DomainFacts[] | undefined {
  const list = files.attempt(() => files.text('virsh-list-all.txt'));
  const stateOf = new Map(
    [...(list ?? '').matchAll(/^ *(?:\d+|-) +(\S+) +(\S.*?) *$/gm)].map(([, domain = '', state = '']) => [
      domain,
      states.get(state) ?? ('unknown' as const),
    ]),
  );
  const folders = foldersIn(bundle, join(path, 'domains'));
  const missing = [...stateOf.keys()].filter(
    (domain) => !namesIn(bundle, join(path, 'domains', domain)).includes('dumpxml.xml'),
  );
  if (missing.length > 0) {
    noteGap(
      bundle,
      'missing-domain',
      `host ${name}: the XML of ${missing.length} of ${stateOf.size} guests is missing: what its cells hold is not known`,
    );
  }
  if (missing.length > 0 || (list === undefined && folders.length === 0)) return undefined;
  return folders.flatMap((domain) => {
    const file = join(path, 'domains', domain, 'dumpxml.xml');
    if (!namesIn(bundle, join(path, 'domains', domain)).includes('dumpxml.xml')) return [];
    const place = { host: hostId(name), state: stateOf.get(domain), conf };
    return files.xml(file, (root, read) => readDomain(root, read, place)) ?? [];
  });
}
