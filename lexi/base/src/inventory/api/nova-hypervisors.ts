import { z } from 'zod';
import { type HostId, hostId } from '../../model/ids.ts';
import type { Gap } from '../document/cloud-records.ts';
import type { Facts, HostFacts } from '../facts.ts';
import { mapIf, present } from '../present.ts';
import { type Item, parseItems } from '../replies.ts';
import { CpuInfo, toHostCpu } from '../nova-formats/cpu-info.ts';
import { maybe } from '../nova-formats/maybe.ts';

/**
 * `GET /os-hypervisors/detail`. Its `vcpus` is the shared set alone and its `vcpus_used` counts pinned servers
 * too, so neither is read; from 2.88 they are gone, with `cpu_info`.
 */
const Hypervisor = z.object({
  id: z.union([z.string(), z.number()]),
  hypervisor_hostname: z.string().min(1),
  hypervisor_type: z.string().optional(),
  hypervisor_version: z.int().min(0).optional(),
  host_ip: maybe(z.string()),
  state: z.enum(['up', 'down']).optional().catch(undefined),
  status: z.enum(['enabled', 'disabled']).optional().catch(undefined),
  service: z.object({
    host: z.string().min(1),
    id: z.union([z.string(), z.number()]).optional(),
    disabled_reason: maybe(z.string()),
  }),
  cpu_info: maybe(CpuInfo),
  disk_available_least: maybe(z.int()),
});

/** What the hypervisors API tells. A host with several nodes (Ironic) is not a host that servers move between. */
export function readHypervisors(items: readonly Item[]): Facts {
  const hosts = new Map<HostId, HostFacts>();
  const gaps: Gap[] = [];
  for (const raw of parseItems(Hypervisor, items)) {
    const host = hostId(raw.service.host);
    if (raw.hypervisor_type === 'ironic' || hosts.has(host)) {
      gaps.push({
        code: 'nova.several-nodes',
        summary: `node ${raw.hypervisor_hostname} of host ${host} is left out`,
      });
    } else {
      hosts.set(host, toFacts(raw));
    }
  }
  return { source: 'api:nova-hypervisors', hosts, gaps };
}

const toFacts = (raw: z.infer<typeof Hypervisor>): HostFacts =>
  present({
    nodeName: raw.hypervisor_hostname,
    nodeId: typeof raw.id === 'string' ? raw.id : undefined,
    hostIp: raw.host_ip,
    serviceStatus: raw.status,
    serviceState: raw.state,
    serviceId: typeof raw.service.id === 'string' ? raw.service.id : undefined,
    disabledReason: raw.service.disabled_reason,
    hypervisorType: raw.hypervisor_type,
    hypervisorVersion: raw.hypervisor_version,
    cpu: mapIf(raw.cpu_info, toHostCpu),
    diskAvailableLeastGiB: raw.disk_available_least,
  });
