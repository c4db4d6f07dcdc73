import type { Arrival } from '../arrival.ts';
import type { Host } from '../../model/host.ts';
import type { WarningRule } from '../warning-rule.ts';

/**
 * A cold migration or an evacuate starts the server anew, with the machine type that its host makes of an unversioned
 * name (`q35`) or of none: another QEMU gives another version, and the guest sees other hardware. A live migration
 * keeps the type.
 *
 * Source: virt/libvirt/utils.py get_machine_type.
 */
export const machineType: WarningRule = {
  id: 'machine-type',
  summary: 'servers that start anew may get another machine type',
  onArrival(arrival, { context: { cloud } }) {
    const { server, from, to, method } = arrival;
    const wanted = wantedType(arrival);
    if (method === 'live' || wanted === undefined || isVersioned(wanted)) return [];
    const [here, there] = [from, to].map((id) => hypervisor(cloud.hosts.get(id)));
    if (here === undefined || there === undefined || here === there) return [];
    const asked = wanted === '' ? 'no machine type' : `machine type ${wanted}`;
    const text = `server ${server.name} asks for ${asked}: host ${to} has another QEMU than ${from} and may give it another version of it`;
    return [{ text, servers: [server.id], host: to }];
  },
};

/** Empty when it asks for none; undefined when no source tells. */
const wantedType = ({ server: { imageProperties, machineType: recorded } }: Arrival): string | undefined =>
  imageProperties?.['hw_machine_type'] ?? recorded ?? (imageProperties === undefined ? undefined : '');

/** `pc-q35-7.2`, `pc-i440fx-rhel7.6.0`, `s390-ccw-virtio-6.2`: ends in a version. */
const isVersioned = (type: string): boolean => /\d+\.\d+/.test(type);

const hypervisor = (host: Host | undefined): number | undefined => host?.hypervisorVersion;
