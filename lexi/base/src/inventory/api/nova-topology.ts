import { z } from 'zod';
import { type ServerId, serverId } from '../../model/ids.ts';
import type { PlacedGuestCell } from '../../model/numa.ts';
import type { Facts, ServerFacts } from '../facts.ts';
import { present } from '../present.ts';
import { parseEach, type ReplyById } from '../replies.ts';
import { maybe } from '../nova-formats/maybe.ts';

/** `GET /servers/{id}/topology` (2.78); `host_node` and `cpu_pinning` only for those who may see the host. */
const Topology = z.object({
  nodes: z.array(
    z.object({
      vcpu_set: z.array(z.int().min(0)),
      memory_mb: z.int().min(0),
      host_node: maybe(z.int().min(0)),
      cpu_pinning: maybe(z.record(z.string().regex(/^\d+$/), z.int().min(0))),
    }),
  ),
  pagesize_kb: maybe(z.int().positive()),
});

/** Topologies as they are placed. The emulator's CPUs are not told here, and vCPUs without a pin float. */
export function readTopologies(items: readonly ReplyById[]): Facts {
  const servers = new Map<ServerId, ServerFacts>();
  parseEach(Topology, items, (raw, { id }) => {
    const topology = toTopology(raw);
    if (topology !== undefined) servers.set(serverId(id), { topology });
  });
  return { source: 'api:nova-topology', servers };
}

function toTopology(raw: z.infer<typeof Topology>): ServerFacts['topology'] {
  if (raw.nodes.length === 0) return { kind: 'none' };
  const cells: PlacedGuestCell[] = [];
  for (const node of raw.nodes) {
    if (node.host_node === undefined || node.cpu_pinning === undefined) return undefined;
    const pins = new Map(Object.entries(node.cpu_pinning).map(([vcpu, cpu]) => [Number(vcpu), cpu]));
    const vcpus = node.vcpu_set.toSorted((a, b) => a - b);
    cells.push(
      present({
        hostCellId: node.host_node,
        sharedVcpus: vcpus.filter((vcpu) => !pins.has(vcpu)),
        dedicatedVcpus: vcpus.filter((vcpu) => pins.has(vcpu)),
        pinning: pins.size === 0 ? undefined : [...pins].sort(([a], [b]) => a - b),
        memoryMiB: node.memory_mb,
        pageSizeKiB: raw.pagesize_kb,
      }),
    );
  }
  return { kind: 'placed', topology: { cells } };
}
