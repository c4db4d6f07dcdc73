import type { Server } from '../../model/server.ts';
import { lookup } from '../../nova/lookup.ts';
import { obstacle, obstacleInWords, pairRule } from '../pair-rule.ts';
import { yes } from '../rule.ts';

/**
 * A server with accelerators of Cyborg migrates neither live nor cold. One with a device profile is evacuated where
 * the release can bind accelerators anew (22.0.0); one with an accelerator port never.
 *
 * Source: compute/api.py block_accelerators, block_port_accelerators.
 */
export const accelerator = pairRule({
  id: 'accelerator',
  askedBy: 'hosts',
  signatureOf: (server) => `${String(hasProfile(server))} ${String(hasPort(server))}`,
  judge({ server, method }, { profile }) {
    if (hasPort(server))
      return obstacle(server.name, 'Nova neither migrates nor evacuates a server with an accelerator port');
    if (!hasProfile(server)) return yes;
    if (method !== 'evacuate')
      return obstacle(
        server.name,
        'Nova does not migrate a server with an accelerator (accel:device_profile)',
      );
    return profile.switches.acceleratorEvacuate === 'allowed'
      ? yes
      : obstacle(
          server.name,
          'this release does not evacuate a server with an accelerator (accel:device_profile)',
        );
  },
  describe: obstacleInWords,
});

const hasProfile = ({ flavor }: Server): boolean =>
  lookup(flavor.extraSpecs, 'accel:device_profile') !== undefined;

const hasPort = ({ ports = [] }: Server): boolean =>
  ports.some(
    ({ vnicType }) => vnicType === 'accelerator-direct' || vnicType === 'accelerator-direct-physical',
  );
