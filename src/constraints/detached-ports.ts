import type { PciRequest } from '../model/pci.ts';
import type { Port, Server } from '../model/server.ts';

/** These pass by updating the guest's definition; the others are unplugged. */
const attachedTypes: ReadonlySet<string> = new Set(['normal', 'macvtap', 'virtio-forwarder']);

/** The port that a PCI request is for; undefined for devices of the flavor, and where ports are not known. */
export const portOf = ({ source }: PciRequest, { ports }: Server): Port | undefined =>
  source.kind === 'port' ? ports?.find(({ id }) => id === source.port) : undefined;

/**
 * The requests whose SR-IOV or vDPA ports are detached for the time of a live migration; ports that are not known
 * among them.
 *
 * Source: virt/libvirt/driver.py _detach_direct_passthrough_vifs.
 */
export const detachedPorts = (server: Server): readonly PciRequest[] =>
  (server.pciRequests ?? []).filter(
    (request) =>
      request.source.kind === 'port' && !attachedTypes.has(portOf(request, server)?.vnicType ?? 'unknown'),
  );
