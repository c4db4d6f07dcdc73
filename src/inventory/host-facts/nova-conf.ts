import { z } from 'zod';
import { type Diagnostic, InputError } from '../../shared/diagnostic.ts';
import type { HostFacts } from '../facts.ts';
import { mapIf, present } from '../present.ts';
import { type IniSection, optionReader, type OptionReader, readIni } from './ini-options.ts';
import { novaSettings } from './nova-settings.ts';

/** What of a host's nova.conf is read; a file holds passwords too, and nothing else of it is kept. */
export interface NovaConf {
  readonly host?: string;
  readonly myIp?: string;
  /** Whether it speaks of CPU sets at all: an excerpt without the section does not, and not to set one says something. */
  readonly tellsCpuSets: boolean;
  readonly sharedCpus?: readonly number[];
  readonly dedicatedCpus?: readonly number[];
  /** `vcpu_pin_set` of old releases. */
  readonly pinSet?: readonly number[];
  readonly reservedPages: readonly {
    readonly cell: number;
    readonly sizeKiB: number;
    readonly count: number;
  }[];
  /** `[neutron_physnet_<name>] numa_nodes`, and `[neutron_tunnel]` under the name `undefined`. */
  readonly networks: readonly { readonly physnet: string | undefined; readonly cells: readonly number[] }[];
  /** `[pci] device_spec`, once `passthrough_whitelist`; absent where one is not plain vendor and product. */
  readonly deviceSpecs?: readonly DeviceSpec[];
  readonly cpuMode?: string;
  readonly cpuModels: readonly string[];
  readonly facts: Pick<
    HostFacts,
    'cpuAllocationRatio' | 'ramAllocationRatio' | 'novaConfig' | 'hostIp' | 'storagePool'
  >;
}

/** Devices that Nova may hand out, by `vendor_id` and `product_id`; a member that is absent matches all. */
export interface DeviceSpec {
  readonly vendorId?: string;
  readonly productId?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** A host's nova.conf, whole or the lines of it that were recorded. Throws one `InputError` with all that is malformed. */
export function readNovaConf(text: string, source: string, whole: boolean): NovaConf {
  const problems: Diagnostic[] = [];
  const sections = readIni(text);
  const options = optionReader(sections, source, problems);
  const { cpus, last, number, refuse, values } = options;
  const conf = present({
    host: last('DEFAULT', 'host'),
    myIp: last('DEFAULT', 'my_ip'),
    tellsCpuSets: whole || sections.has('compute') || last('DEFAULT', 'vcpu_pin_set') !== undefined,
    sharedCpus: cpus('compute', 'cpu_shared_set'),
    dedicatedCpus: cpus('compute', 'cpu_dedicated_set'),
    pinSet: cpus('DEFAULT', 'vcpu_pin_set'),
    reservedPages: values('DEFAULT', 'reserved_huge_pages').flatMap((value) => {
      const reserved = toReserved(value);
      if (reserved === undefined) {
        refuse('DEFAULT', 'reserved_huge_pages', value, 'node:N,size:KiB,count:N');
      }
      return reserved ?? [];
    }),
    networks: networksOf(sections, cpus),
    deviceSpecs: specsOf([...values('pci', 'device_spec'), ...values('pci', 'passthrough_whitelist')]),
    cpuMode: last('libvirt', 'cpu_mode'),
    cpuModels: values('libvirt', 'cpu_models')
      .concat(values('libvirt', 'cpu_model'))
      .flatMap((value) => value.split(/,\s*/)),
    facts: present({
      hostIp: last('DEFAULT', 'my_ip'),
      cpuAllocationRatio: number('DEFAULT', 'cpu_allocation_ratio'),
      ramAllocationRatio: number('DEFAULT', 'ram_allocation_ratio'),
      novaConfig: novaSettings(options, whole),
      storagePool: cephPool(options),
    }),
  });
  if (problems.length > 0) throw new InputError(problems);
  return conf;
}

/**
 * The Ceph pool of `images_type = rbd`, under a name that hosts have alike where they use the same. A cluster of its own
 * shows by its configuration file, or by the secret of libvirt that guests name, which is the same on all its hosts.
 */
function cephPool({ last }: OptionReader): string | undefined {
  if (last('libvirt', 'images_type') !== 'rbd') return undefined;
  const file = last('libvirt', 'images_rbd_ceph_conf');
  const cluster = [file === '/etc/ceph/ceph.conf' ? undefined : file, last('libvirt', 'rbd_secret_uuid')];
  return ['rbd', last('libvirt', 'images_rbd_pool') ?? 'rbd', ...cluster.filter((each) => each !== undefined)]
    .join(':')
    .slice(0, 255);
}

function toReserved(value: string): NovaConf['reservedPages'] | undefined {
  const parts = new Map(
    value.split(',').map((part) => {
      const [name = '', content = ''] = part.split(':');
      return [name.trim(), content.trim()];
    }),
  );
  const [cell, size, count] = ['node', 'size', 'count'].map((name) => parts.get(name));
  const sizeKiB = sizes.get(size ?? '') ?? Number(size);
  if (cell === undefined || count === undefined || !/^\d+$/.test(cell) || !/^\d+$/.test(count))
    return undefined;
  return Number.isInteger(sizeKiB) && sizeKiB > 0
    ? [{ cell: Number(cell), sizeKiB, count: Number(count) }]
    : undefined;
}

const sizes: ReadonlyMap<string, number> = new Map([
  ['2M', 2048],
  ['2MB', 2048],
  ['1G', 2 ** 20],
  ['1GB', 2 ** 20],
]);

function networksOf(
  sections: ReadonlyMap<string, IniSection>,
  cpus: (section: string, option: string) => readonly number[] | undefined,
): NovaConf['networks'] {
  return [...sections.keys()].flatMap((section) => {
    const [, physnet] = /^neutron_physnet_(.+)$/.exec(section) ?? [];
    if (physnet === undefined && section !== 'neutron_tunnel') return [];
    return [{ physnet, cells: cpus(section, 'numa_nodes') ?? [] }];
  });
}

const Spec = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const selecting = new Set(['vendor_id', 'product_id', 'address', 'devname', 'parent_addr']);

/** Specs by address or interface name select devices in ways that a recording does not tell: then nothing is known. */
function specsOf(values: readonly string[]): readonly DeviceSpec[] | undefined {
  const specs: DeviceSpec[] = [];
  for (const value of values) {
    for (const raw of jsonObjects(value)) {
      const spec = Spec.safeParse(raw);
      if (!spec.success || ['address', 'devname', 'parent_addr'].some((name) => name in spec.data))
        return undefined;
      const { vendor_id: vendor, product_id: product } = spec.data;
      specs.push(
        present({
          vendorId: mapIf(plain(vendor), (id) => id.toLowerCase()),
          productId: mapIf(plain(product), (id) => id.toLowerCase()),
          tags: Object.fromEntries(
            Object.entries(spec.data)
              .filter(([name]) => !selecting.has(name))
              .map(([name, tag]) => [name, String(tag)]),
          ),
        }),
      );
    }
  }
  return specs;
}

const plain = (value: string | number | boolean | undefined): string | undefined =>
  value === undefined || value === '*' ? undefined : String(value);

/** One object or a list of them; anything else selects in ways that are not known. */
function jsonObjects(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [value];
  } catch {
    return [undefined];
  }
}
