import type { HostCpu } from '../../model/cpu.ts';
import type { Host } from '../../model/host.ts';
import type { Server } from '../../model/server.ts';
import { type CapabilityHost, matchCapabilities } from '../../nova/compute-capabilities.ts';
import { runsFilter } from '../aggregates.ts';
import { pairRule } from '../pair-rule.ts';
import { type Verdict, yes } from '../rule.ts';

/**
 * The host has what extra specs of scope `capabilities` ask for, such as `capabilities:hypervisor_version`; an extra
 * spec without a scope asks too, when it has the name of something that Nova knows of hosts. Holds where
 * ComputeCapabilitiesFilter is enabled, as it is by default.
 *
 * Source: scheduler/filters/compute_capabilities_filter.py, host_manager.py HostState.
 */
export const computeCapabilities = pairRule({
  id: 'compute-capabilities',
  askedBy: 'scheduler',
  signatureOf: (server) => JSON.stringify(asked(server)),
  judge({ server, to }, { cloud }) {
    if (!runsFilter(cloud, 'ComputeCapabilitiesFilter')) return yes;
    const specs = asked(server);
    if (specs.length === 0) return yes;
    const host = capabilitiesOf(to);
    if (specs.some(([name]) => isUntold(name, to, host))) return unknown;
    const names = specs
      .filter(([name, value]) => matchCapabilities({ [name]: value }, host) !== 'yes')
      .map(([name, value]) => `${name}=${value}`);
    if (names.length === 0) return yes;
    return { kind: 'no', measured: names.length, limit: 0, unit: 'capabilities', where: to.id, names };
  },
  describe: ({ where, names }) =>
    `host ${where} is not what the flavor asks for: ${(names ?? []).join(', ')}`,
});

/** Extra specs that can speak of a host. */
const asked = ({ flavor }: Server): readonly (readonly [string, string])[] =>
  Object.entries(flavor.extraSpecs).filter(
    ([name]) => name.startsWith('capabilities:') || !name.includes(':'),
  );

/** Of HostState, what changes all the time or is not in an inventory: whoever asks for it gets no answer here. */
const untold: ReadonlySet<string> = new Set(
  (
    'total_usable_ram_mb total_usable_disk_gb disk_mb_used free_ram_mb free_disk_mb vcpus_total vcpus_used pci_stats ' +
    'numa_topology num_instances num_io_ops failed_builds limits metrics aggregates instances updated service ' +
    'disk_allocation_ratio allocation_candidates'
  ).split(' '),
);

function isUntold(name: string, { cpu, stats }: Host, { attributes }: CapabilityHost): boolean {
  const path = name.startsWith('capabilities:') ? name.split(':').slice(1) : [name];
  const first = path[0] ?? '';
  if (untold.has(first)) return true;
  if (first === 'cpu_info') return cpu?.model === undefined || path[1] === 'topology';
  if (Object.hasOwn(attributes, first)) return attributes[first] === undefined;
  // A host without any stats is one of which nobody read them.
  return path.length > 0 && name.startsWith('capabilities:') && Object.keys(stats).length === 0;
}

const known = new WeakMap<Host, CapabilityHost>();

function capabilitiesOf(host: Host): CapabilityHost {
  const made = known.get(host) ?? {
    attributes: {
      host: host.id,
      nodename: host.nodeName,
      hypervisor_hostname: host.nodeName,
      uuid: host.nodeId,
      host_ip: host.hostIp,
      hypervisor_type: host.hypervisorType,
      hypervisor_version: host.hypervisorVersion,
      cpu_info: host.cpu === undefined ? undefined : cpuInfo(host.cpu),
      supported_instances: host.supportedInstances,
      ram_allocation_ratio: host.ramAllocationRatio,
      cpu_allocation_ratio: host.cpuAllocationRatio,
      cell_uuid: host.novaCell,
    },
    stats: host.stats,
  };
  known.set(host, made);
  return made;
}

const cpuInfo = ({ arch, model, vendor, features }: HostCpu): string =>
  JSON.stringify({ arch, model, vendor, features: [...features] });

const unknown: Verdict = {
  kind: 'unknown',
  missing: ['hosts[].stats'],
  safe: 'no',
  assumption: 'some capabilities of hosts that flavors ask for are not known: servers of such flavors stay',
};
