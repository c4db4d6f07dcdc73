import type { Server } from '../../model/server.ts';
import type { WarningRule } from '../warning-rule.ts';

/** These pass by updating the guest's definition; the others are unplugged. */
const attachedTypes = new Set(['normal', 'macvtap', 'virtio-forwarder']);

/**
 * SR-IOV and vDPA ports are detached from the guest before a live migration and attached again after it: there is no
 * traffic over them meanwhile, and the guest must support hot-unplug.
 *
 * Source: virt/libvirt/driver.py _detach_direct_passthrough_vifs; reference 4.5.
 */
export const nicOutage: WarningRule = {
  id: 'nic-outage',
  summary: 'live migrations detach NICs for their time',
  onArrival({ server, method }) {
    const count = method === 'live' ? detached(server) : 0;
    if (count === 0) return [];
    const ports = count === 1 ? '1 port' : `${count} ports`;
    const text = `server ${server.name} has no traffic over ${ports} while it migrates: they are detached and attached again`;
    return [{ text, servers: [server.id] }];
  },
};

const detached = ({ pciRequests, ports }: Server): number =>
  (pciRequests ?? []).filter(({ source }) => {
    if (source.kind !== 'port') return false;
    const port = ports?.find(({ id }) => id === source.port);
    return port === undefined || !attachedTypes.has(port.vnicType);
  }).length;
