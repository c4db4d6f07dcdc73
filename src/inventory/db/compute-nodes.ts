import { z } from 'zod';
import type { Rows } from '../table-rows.ts';
import { type HostId, hostId } from '../../model/ids.ts';
import type { Gap } from '../document/cloud-records.ts';
import type { Facts, HostFacts } from '../facts.ts';
import { mapIf, present } from '../present.ts';
import { parseEach, parseItems } from '../replies.ts';
import { CpuInfo, toHostCpu } from '../nova-formats/cpu-info.ts';
import { HostTopology, toNumaCells } from '../nova-formats/host-numa.ts';
import { jsonColumn, jsonColumnOrNull } from '../nova-formats/json-column.ts';
import { PciPools, toPciPools } from '../nova-formats/pci.ts';
import { maybe } from '../nova-formats/maybe.ts';

const ratio = maybe(z.coerce.number());

/** The table `compute_nodes`: what the scheduler's filters see of a host. */
const ComputeNode = z.object({
  id: z.int(),
  uuid: maybe(z.string()),
  host: maybe(z.string().min(1)),
  hypervisor_hostname: z.string().min(1),
  host_ip: maybe(z.string()),
  hypervisor_type: maybe(z.string()),
  hypervisor_version: maybe(z.int().min(0)),
  cpu_info: CpuInfo,
  supported_instances: jsonColumn(z.array(z.tuple([z.string(), z.string(), z.string()]))),
  stats: jsonColumn(z.record(z.string(), z.coerce.string())),
  numa_topology: jsonColumnOrNull(HostTopology),
  pci_stats: jsonColumn(PciPools),
  cpu_allocation_ratio: ratio,
  ram_allocation_ratio: ratio,
  disk_available_least: maybe(z.int()),
});

/** What a node of the table tells of its host; of a host with several nodes (Ironic) only the first counts. */
export function readComputeNodes(rows: Rows): Facts {
  const hosts = new Map<HostId, HostFacts>();
  const gaps: Gap[] = [];
  for (const raw of parseItems(ComputeNode, rows)) {
    if (raw.host === undefined) continue; // a node that no service has claimed yet
    const host = hostId(raw.host);
    if (raw.hypervisor_type === 'ironic' || hosts.has(host)) {
      gaps.push({
        code: 'nova.several-nodes',
        summary: `node ${raw.hypervisor_hostname} of host ${host} is left out`,
      });
    } else {
      hosts.set(host, toFacts(raw));
    }
  }
  return { source: 'db:compute_nodes', hosts, gaps };
}

const NodeKey = z.object({ id: z.int(), host: maybe(z.string().min(1)) });

/** The host of each node by the key that other tables name it by. */
export const hostsByNode = (rows: Rows): ReadonlyMap<string, HostId> =>
  new Map(
    parseEach(NodeKey, rows, ({ id, host }, { novaCell }) =>
      host === undefined ? [] : [[nodeKey(novaCell, id), hostId(host)] as const],
    ).flat(),
  );

/** Ids of nodes are unique within a Nova cell only. */
export const nodeKey = (novaCell: string, id: number): string => `${novaCell}/${id}`;

const toFacts = (raw: z.infer<typeof ComputeNode>): HostFacts =>
  present({
    nodeName: raw.hypervisor_hostname,
    nodeId: raw.uuid,
    hostIp: raw.host_ip,
    hypervisorType: raw.hypervisor_type,
    hypervisorVersion: raw.hypervisor_version,
    cpu: mapIf(raw.cpu_info, toHostCpu),
    supportedInstances: raw.supported_instances,
    stats: raw.stats,
    cells: toCells(raw.numa_topology),
    pciPools: mapIf(raw.pci_stats, toPciPools),
    cpuAllocationRatio: setRatio(raw.cpu_allocation_ratio),
    ramAllocationRatio: setRatio(raw.ram_allocation_ratio),
    diskAvailableLeastGiB: raw.disk_available_least,
  });

/**
 * Null is what a driver reports that knows no NUMA cells (virt/fake.py, vmwareapi; libvirt on a machine without): to
 * Nova such a host has none, and takes no server with a NUMA topology (numa_topology_filter.py). A dump without the
 * column says nothing.
 */
const toCells = (raw: z.infer<typeof HostTopology> | null | undefined): HostFacts['cells'] =>
  raw === null ? [] : mapIf(raw, toNumaCells);

/** Nova writes 0 for a ratio that it has not learnt yet. */
const setRatio = (raw: number | undefined): number | undefined =>
  raw !== undefined && raw > 0 ? raw : undefined;
