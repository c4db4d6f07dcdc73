import type { Server } from '../../model/server.ts';
import { lookup } from '../../nova/lookup.ts';
import { isTrueText } from '../../nova/python-text.ts';
import { obstacle, obstacleInWords, orCold, pairRule } from '../pair-rule.ts';
import { yes } from '../rule.ts';

/**
 * A server with encrypted memory (AMD SEV) does not migrate live. That the destination has a slot for it is told by
 * `capacity` (MEM_ENCRYPTION_CONTEXT).
 *
 * Source: compute/api.py reject_sev_instances.
 */
export const sev = pairRule({
  id: 'sev',
  askedBy: 'hosts',
  signatureOf: (server) => String(isEncrypted(server)),
  judge: ({ server, method }, context) =>
    method === 'live' && isEncrypted(server)
      ? obstacle(server.name, `Nova does not migrate encrypted memory (SEV) live${orCold(context)}`)
      : yes,
  describe: obstacleInWords,
});

const isEncrypted = ({ flavor, imageProperties = {} }: Server): boolean =>
  isTrueText(lookup(flavor.extraSpecs, 'hw:mem_encryption')) ||
  isTrueText(lookup(imageProperties, 'hw_mem_encryption'));
