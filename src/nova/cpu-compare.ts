import type { HostCpu } from '../model/cpu.ts';

/** CPU models by name with all features that they imply, and every feature name known: data, see `models/cpu-models.json`. */
export interface CpuTable {
  readonly models: ReadonlyMap<string, { readonly features: ReadonlySet<string> }>;
  readonly features: ReadonlySet<string>;
}

/** A host's CPU (`cpu_info`): `features` come on top of those of the model. */
export interface HostCpuFacts {
  readonly arch: string;
  readonly model: string;
  readonly vendor?: string;
  readonly features: Iterable<string>;
}

/** What a host's CPU is compared by; undefined where nobody told its model. */
export const cpuFactsOf = (cpu: HostCpu | undefined): HostCpuFacts | undefined =>
  cpu?.model === undefined
    ? undefined
    : {
        arch: cpu.arch,
        model: cpu.model,
        features: cpu.features,
        ...(cpu.vendor !== undefined && { vendor: cpu.vendor }),
      };

/** The CPU that a guest was started with (`instance.vcpu_model`). */
export interface GuestCpuFacts {
  readonly match: 'exact' | 'minimum' | 'strict';
  readonly model: string;
  readonly vendor?: string;
  readonly features: readonly {
    readonly name: string;
    readonly policy: 'require' | 'optional' | 'disable' | 'forbid' | 'force';
  }[];
}

/** `error`: a model or feature that libvirt does not know. */
export type CpuVerdict =
  | { readonly kind: 'identical' }
  | { readonly kind: 'superset' }
  | { readonly kind: 'error'; readonly unknown: readonly string[] }
  | {
      readonly kind: 'incompatible';
      readonly cause: 'arch' | 'vendor' | 'missing' | 'forbidden' | 'not-strict';
      /** Features that the destination lacks, or that it has and must not have. */
      readonly features: readonly string[];
    };

/**
 * Whether a guest that saw the CPU of the source host can run on the destination host: its features must all be
 * there. The vendor counts only when the source states one. Source: libvirt `virConnectCompareCPU`, as
 * `virt/libvirt/driver.py:_compare_cpu` calls it.
 */
export function compareHostCpu(table: CpuTable, source: HostCpuFacts, destination: HostCpuFacts): CpuVerdict {
  if (source.arch !== destination.arch && !(isX86(source.arch) && isX86(destination.arch)))
    return incompatible('arch');
  if (differentVendor(source.vendor, destination.vendor)) return incompatible('vendor');
  const unknown = unknownNames(table, source, destination);
  if (unknown.length > 0) return { kind: 'error', unknown };
  const wanted = expand(table, source.model, source.features);
  return compareSets(wanted, expand(table, destination.model, destination.features), new Set());
}

/**
 * Whether a guest with a CPU model of its own can run on the destination host. Needed are the model's features and
 * the required ones, less those that are optional, disabled or forced; forbidden ones must be absent; match strict
 * refuses a host that has more. Same source.
 */
export function compareGuestCpu(
  table: CpuTable,
  source: GuestCpuFacts,
  destination: HostCpuFacts,
): CpuVerdict {
  if (differentVendor(source.vendor, destination.vendor)) return incompatible('vendor');
  const names = source.features.map((feature) => feature.name);
  const unknown = unknownNames(table, { model: source.model, features: names }, destination);
  if (unknown.length > 0) return { kind: 'error', unknown };
  const withPolicy = (wanted: string) =>
    source.features.filter((feature) => feature.policy === wanted).map((feature) => feature.name);
  const available = expand(table, destination.model, destination.features);
  const forbidden = withPolicy('forbid').filter((name) => available.has(name));
  if (forbidden.length > 0) return incompatible('forbidden', forbidden);
  const free = new Set([...withPolicy('optional'), ...withPolicy('disable'), ...withPolicy('force')]);
  const required = expand(table, source.model, withPolicy('require'));
  const wanted = new Set([...required].filter((name) => !free.has(name)));
  const verdict = compareSets(wanted, available, free);
  return verdict.kind === 'superset' && source.match === 'strict' ? incompatible('not-strict') : verdict;
}

/** Features of `available` that are in `neutral` do not make it a superset. */
function compareSets(
  wanted: ReadonlySet<string>,
  available: ReadonlySet<string>,
  neutral: ReadonlySet<string>,
): CpuVerdict {
  const missing = [...wanted].filter((name) => !available.has(name)).sort();
  if (missing.length > 0) return incompatible('missing', missing);
  const more = [...available].some((name) => !wanted.has(name) && !neutral.has(name));
  return { kind: more ? 'superset' : 'identical' };
}

/** libvirt compares all x86 alike, 32 bits or 64. */
function isX86(arch: string): boolean {
  return arch === 'x86_64' || arch === 'i686';
}

function differentVendor(source: string | undefined, destination: string | undefined): boolean {
  return source !== undefined && source !== destination;
}

/** Models and features of either side that libvirt does not know. */
function unknownNames(
  table: CpuTable,
  ...cpus: readonly Pick<HostCpuFacts, 'model' | 'features'>[]
): readonly string[] {
  return cpus.flatMap(({ model, features }) => {
    const unknown = [...features].filter((name) => !table.features.has(name));
    return table.models.has(model) ? unknown : [model, ...unknown];
  });
}

function expand(table: CpuTable, model: string, features: Iterable<string>): ReadonlySet<string> {
  return new Set([...(table.models.get(model)?.features ?? []), ...features]);
}

function incompatible(
  cause: Extract<CpuVerdict, { kind: 'incompatible' }>['cause'],
  features: readonly string[] = [],
): CpuVerdict {
  return { kind: 'incompatible', cause, features };
}
