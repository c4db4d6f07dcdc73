import { pythonInt } from './python-text.ts';

/** Resources and traits that one provider must offer together (with a suffix), or the host as a whole (without). */
export interface ResourceGroup {
  /** Undefined for the group without a name. */
  readonly suffix: string | undefined;
  /** Amounts by resource class, none of them zero. */
  readonly resources: Readonly<Record<string, number>>;
  readonly requiredTraits: readonly string[];
  readonly forbiddenTraits: readonly string[];
}

const standardClasses: ReadonlySet<string> = new Set([
  'VCPU',
  'MEMORY_MB',
  'DISK_GB',
  'PCI_DEVICE',
  'SRIOV_NET_VF',
  'NUMA_SOCKET',
  'NUMA_CORE',
  'NUMA_THREAD',
  'NUMA_MEMORY_MB',
  'IPV4_ADDRESS',
  'VGPU',
  'VGPU_DISPLAY_HEAD',
  'NET_BW_EGR_KILOBIT_PER_SEC',
  'NET_BW_IGR_KILOBIT_PER_SEC',
  'PCPU',
  'MEM_ENCRYPTION_CONTEXT',
  'FPGA',
  'PGPU',
  'NET_PACKET_RATE_KILOPACKET_PER_SEC',
  'NET_PACKET_RATE_EGR_KILOPACKET_PER_SEC',
  'NET_PACKET_RATE_IGR_KILOPACKET_PER_SEC',
]);

/**
 * Collects the groups of one request. A later amount of a class replaces an earlier one of the same group; unknown
 * classes, amounts that are no natural number, and trait values other than required and forbidden are ignored, as
 * Nova ignores them. Source: `scheduler/utils.py:ResourceRequest`, `objects/request_spec.py:RequestGroup`.
 */
export class RequestGroups {
  readonly #groups = new Map<string | undefined, Draft>();

  /** Reads `resources[S]:CLASS` and `trait[S]:NAME`. */
  addExtraSpecs(extraSpecs: Readonly<Record<string, string>>): void {
    for (const [key, value] of Object.entries(extraSpecs)) {
      const match = /^(resources|trait)([a-zA-Z0-9_-]{1,64})?:(.*)$/.exec(key);
      const name = match?.[3];
      if (match === null || name === undefined) continue;
      if (match[1] === 'trait') this.addTrait(name, value, match[2]);
      else this.addResource(name, pythonInt(value) ?? -1, match[2]);
    }
  }

  addResource(name: string, amount: number, suffix?: string): void {
    const resources = this.#group(suffix).resources;
    if (amount >= 0 && (name.startsWith('CUSTOM_') || standardClasses.has(name))) resources.set(name, amount);
  }

  addTrait(name: string, value: string, suffix?: string): void {
    const group = this.#group(suffix);
    if (value === 'required') group.required.add(name);
    if (value === 'forbidden') group.forbidden.add(name);
  }

  /** Whether any group asks for the class, be it for nothing of it. */
  has(name: string): boolean {
    return [...this.#groups.values()].some((group) => group.resources.has(name));
  }

  /** The groups that ask for something, the one without a name first. */
  list(): readonly ResourceGroup[] {
    return [...this.#groups]
      .sort(([a], [b]) => Number(a !== undefined) - Number(b !== undefined))
      .map(([suffix, { resources, required, forbidden }]) => ({
        suffix,
        resources: Object.fromEntries([...resources].filter(([, amount]) => amount > 0)),
        requiredTraits: [...required].sort(),
        forbiddenTraits: [...forbidden].sort(),
      }))
      .filter(
        ({ resources, requiredTraits, forbiddenTraits }) =>
          Object.keys(resources).length + requiredTraits.length + forbiddenTraits.length > 0,
      );
  }

  #group(suffix: string | undefined): Draft {
    let group = this.#groups.get(suffix);
    if (group === undefined) {
      group = { resources: new Map(), required: new Set(), forbidden: new Set() };
      this.#groups.set(suffix, group);
    }
    return group;
  }
}

interface Draft {
  readonly resources: Map<string, number>;
  readonly required: Set<string>;
  readonly forbidden: Set<string>;
}
