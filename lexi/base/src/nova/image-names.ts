/**
 * Nova's canonical spelling of names that an image may write in several ways.
 * Source: `objects/fields.py` (`Architecture`, `HVType`, `VMMode`, each `canonicalize`), `virt/arch.py`.
 */

const architectures: ReadonlySet<string> = new Set(
  (
    'alpha armv6 armv7l armv7b aarch64 cris i686 ia64 lm32 m68k microblaze microblazeel mips mipsel mips64 ' +
    'mips64el openrisc parisc parisc64 ppc ppcle ppc64 ppc64le ppcemb s390 s390x sh4 sh4eb sparc sparc64 ' +
    'unicore32 x86_64 xtensa xtensaeb'
  ).split(' '),
);
const architectureAliases: ReadonlyMap<string, string> = new Map([
  ['i386', 'i686'],
  ['i486', 'i686'],
  ['i586', 'i686'],
  ['x86_32', 'i686'],
  ['x86_32p', 'i686'],
  ['amd64', 'x86_64'],
]);

const hypervisorTypes: ReadonlySet<string> = new Set(
  (
    'baremetal bhyve docker fake hyperv ironic kqemu kvm lxc lxd openvz parallels phyp qemu test uml vbox vz ' +
    'vmware xen zvm prsm'
  ).split(' '),
);
const hypervisorTypeAliases: ReadonlyMap<string, string> = new Map([['xapi', 'xen']]);

const vmModes: ReadonlySet<string> = new Set(['hvm', 'xen', 'uml', 'exe']);
const vmModeAliases: ReadonlyMap<string, string> = new Map([
  ['pv', 'xen'],
  ['hv', 'hvm'],
  ['baremetal', 'hvm'],
]);

/** The canonical architecture name; undefined when Nova knows none of that name. */
export function canonicalArchitecture(name: string): string | undefined {
  return canonical(name, architectures, architectureAliases);
}

/** The canonical virtualisation type; undefined when Nova knows none of that name. */
export function canonicalHypervisorType(name: string): string | undefined {
  return canonical(name, hypervisorTypes, hypervisorTypeAliases);
}

/** The canonical VM mode; undefined when Nova knows none of that name. */
export function canonicalVmMode(name: string): string | undefined {
  return canonical(name, vmModes, vmModeAliases);
}

function canonical(
  name: string,
  known: ReadonlySet<string>,
  aliases: ReadonlyMap<string, string>,
): string | undefined {
  const lower = name.toLowerCase();
  const canonicalName = aliases.get(lower) ?? lower;
  return known.has(canonicalName) ? canonicalName : undefined;
}
