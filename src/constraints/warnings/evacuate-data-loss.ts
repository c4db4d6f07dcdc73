import type { WarningRule } from '../warning-rule.ts';

/**
 * An evacuate rebuilds the server: disks that are neither volumes nor on shared storage are made anew, the root disk
 * from its image, and what was on them is lost.
 *
 * Source: compute/manager.py rebuild_instance (recreate, on_shared_storage).
 */
export const evacuateDataLoss: WarningRule = {
  id: 'evacuate-data-loss',
  summary: 'an evacuate loses what is on local disks',
  onArrival({ server, method, storage }) {
    if (method !== 'evacuate' || storage !== 'block') return [];
    const lost = server.bootFromVolume === true ? 'its local disks' : 'its root disk and other local disks';
    return [
      { text: `server ${server.name} loses what is on ${lost}: they are not shared`, servers: [server.id] },
    ];
  },
};
