import { detachedPorts } from '../detached-ports.ts';
import type { WarningRule } from '../warning-rule.ts';

/**
 * SR-IOV and vDPA ports are detached from the guest before a live migration and attached again after it: there is no
 * traffic over them meanwhile, and the guest must support hot-unplug.
 */
export const nicOutage: WarningRule = {
  id: 'nic-outage',
  summary: 'live migrations detach NICs for their time',
  onArrival({ server, method }) {
    const count = method === 'live' ? detachedPorts(server).length : 0;
    if (count === 0) return [];
    const ports = count === 1 ? '1 port' : `${count} ports`;
    const text = `server ${server.name} has no traffic over ${ports} while it migrates: they are detached and attached again`;
    return [{ text, servers: [server.id] }];
  },
};
