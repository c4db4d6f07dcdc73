import type { Host } from '../../model/host.ts';
import { type Check, type Finding, problem, unknown, warning } from '../check.ts';

/** Every host has a provider in Placement, with what the scheduler asks for. */
export const providers: Check = {
  id: 'placement-providers',
  looksAt: 'cloud',
  needed: 'each host has a resource provider of its name, with VCPU or PCPU, MEMORY_MB, and traits',
  why: 'Placement offers no host that it does not know: nothing is ever scheduled there (Placement, allocation candidates)',
  fine: 'every host has its provider',
  examine: (cloud) => {
    const all = [...cloud.hosts.values()];
    if (all.every((host) => host.providers.length === 0))
      return all.length === 0
        ? []
        : [unknown(['Placement'], 'no providers were read', 'have Placement answer: see permissions-import')];
    return all.flatMap(ofHost);
  },
};

function ofHost({ id, nodeName, providers: [root] }: Host): readonly Finding[] {
  if (root === undefined) {
    const next =
      'restart nova-compute there: it makes its provider; where another of this name stands in its way, delete that one (openstack resource provider delete)';
    return [problem([id], `no provider ${nodeName} in Placement`, next)];
  }
  const missing = [
    ...(root.inventories.has('VCPU') || root.inventories.has('PCPU') ? [] : ['VCPU or PCPU']),
    ...(root.inventories.has('MEMORY_MB') ? [] : ['MEMORY_MB']),
  ];
  const next = 'look for errors of the resource tracker in the log of nova-compute there';
  return [
    ...(missing.length === 0
      ? []
      : [problem([id], `its provider has no inventory of ${missing.join(' and ')}`, next)]),
    ...(root.traits.size === 0 ? [warning([id], 'its provider has no traits', next)] : []),
  ];
}
