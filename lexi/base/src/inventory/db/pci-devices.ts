import { z } from 'zod';
import type { Rows } from '../table-rows.ts';
import type { HostId } from '../../model/ids.ts';
import type { PciDevice } from '../../model/pci.ts';
import type { Facts, HostFacts } from '../facts.ts';
import { present } from '../present.ts';
import { parseEach } from '../replies.ts';
import { jsonColumn } from '../nova-formats/json-column.ts';
import { devType } from '../nova-formats/pci.ts';
import { hostsByNode, nodeKey } from './compute-nodes.ts';
import { maybe } from '../nova-formats/maybe.ts';

/** The table `pci_devices`. Of `extra_info` only the tag that pools are told apart by. */
const Device = z.object({
  compute_node_id: z.int(),
  address: z.string(),
  vendor_id: z.string(),
  product_id: z.string(),
  dev_type: devType,
  status: z.enum(['available', 'claimed', 'allocated', 'unclaimable', 'unavailable', 'removed', 'deleted']),
  numa_node: maybe(z.int()),
  parent_addr: maybe(z.string()),
  instance_uuid: maybe(z.string()),
  request_id: maybe(z.string()),
  extra_info: jsonColumn(z.object({ parent_ifname: z.string().optional() })),
});

/** The devices of every host whose node is known; a host without rows has none. */
export function readPciDevices(rows: Rows, computeNodes: Rows): Facts {
  const hostOf = hostsByNode(computeNodes);
  const devices = new Map<HostId, PciDevice[]>([...hostOf.values()].map((host) => [host, []]));
  parseEach(Device, rows, (raw, { novaCell }) => {
    const host = hostOf.get(nodeKey(novaCell, raw.compute_node_id));
    const gone = raw.status === 'removed' || raw.status === 'deleted';
    if (host !== undefined && !gone) devices.get(host)?.push(toDevice(raw));
  });
  const hosts = new Map<HostId, HostFacts>([...devices].map(([host, pciDevices]) => [host, { pciDevices }]));
  return { source: 'db:pci_devices', hosts };
}

const toDevice = (raw: z.infer<typeof Device>): PciDevice =>
  present({
    address: raw.address.toLowerCase(),
    vendorId: raw.vendor_id,
    productId: raw.product_id,
    devType: raw.dev_type,
    numaNode: typeof raw.numa_node === 'number' && raw.numa_node >= 0 ? raw.numa_node : undefined,
    parentAddress: raw.parent_addr?.toLowerCase(),
    status: raw.status,
    server: raw.instance_uuid,
    requestId: raw.request_id,
    tags: raw.extra_info?.parent_ifname === undefined ? {} : { parent_ifname: raw.extra_info.parent_ifname },
  });
