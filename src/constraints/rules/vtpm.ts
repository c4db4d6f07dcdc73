import { lookup } from '../../nova/lookup.ts';
import type { Server } from '../../model/server.ts';
import { obstacle, obstacleInWords, orCold, pairRule } from '../pair-rule.ts';
import { yes } from '../rule.ts';

/**
 * A server with an emulated TPM is not evacuated, and migrates live only on releases that can carry its secret
 * (33.0.0), when the secret is the host's: `hw:tpm_secret_security=host`. Cold migrations are allowed.
 *
 * Source: compute/api.py reject_vtpm_instances.
 */
export const vtpm = pairRule({
  id: 'vtpm',
  askedBy: 'hosts',
  signatureOf: (server) => (hasTpm(server) ? `tpm ${secretOf(server) ?? ''}` : ''),
  judge({ server, method }, context) {
    if (method === 'cold' || !hasTpm(server)) return yes;
    if (method === 'evacuate') return obstacle(server.name, 'Nova does not evacuate a server with a TPM');
    if (context.profile.switches.vtpmLive === 'refused')
      return obstacle(
        server.name,
        `this release does not migrate a server with a TPM live${orCold(context)}`,
      );
    if (secretOf(server) === 'host') return yes;
    return obstacle(
      server.name,
      `its TPM secret is ${secretOf(server) ?? 'user'}, and only hw:tpm_secret_security=host migrates live${orCold(context)}`,
    );
  },
  describe: obstacleInWords,
});

/** Without a version Nova makes none, whatever the model. */
const hasTpm = ({ flavor, imageProperties = {} }: Server): boolean =>
  lookup(flavor.extraSpecs, 'hw:tpm_version') !== undefined ||
  lookup(imageProperties, 'hw_tpm_version') !== undefined;

const secretOf = ({ flavor }: Server): string | undefined =>
  lookup(flavor.extraSpecs, 'hw:tpm_secret_security');
