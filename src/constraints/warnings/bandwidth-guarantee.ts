import type { WarningRule } from '../warning-rule.ts';

/**
 * A port with a guaranteed bandwidth or packet rate asks Placement for it on the NICs of the destination: no rule
 * foresees how much of it is left there. Nova moves such servers cold since 20.0.0, live and by evacuate since 21.0.0.
 *
 * Source: Neutron's `resource_request` of the port; conductor/tasks (port resource requests).
 */
export const bandwidthGuarantee: WarningRule = {
  id: 'bandwidth-guarantee',
  summary: 'ports have a guaranteed bandwidth, which destinations may not have left',
  onArrival({ server, to }) {
    const count = (server.ports ?? []).filter(({ hasResourceRequest }) => hasResourceRequest).length;
    if (count === 0) return [];
    const ports = count === 1 ? '1 port' : `${count} ports`;
    const text = `server ${server.name} has ${ports} with a guaranteed bandwidth: whether host ${to} has as much left is for Placement to say, no rule foresees it`;
    return [{ text, servers: [server.id], host: to }];
  },
};
