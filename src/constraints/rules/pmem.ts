import { obstacle, obstacleInWords, pairRule } from '../pair-rule.ts';
import { yes } from '../rule.ts';
import { hasPersistentMemory } from '../special-hardware.ts';

/**
 * What is in persistent memory travels with a live migration alone, and only on releases that can (21.0.0). Nova would
 * migrate such a server cold, or evacuate it, and give it empty memory: the planner does not.
 *
 * Source: conductor/tasks/live_migrate.py _check_can_migrate_specific_resources.
 */
export const pmem = pairRule({
  id: 'pmem',
  askedBy: 'hosts',
  signatureOf: (server) => String(hasPersistentMemory(server)),
  judge({ server, method }, { profile }) {
    if (!hasPersistentMemory(server)) return yes;
    if (method !== 'live')
      return obstacle(
        server.name,
        `what is in its persistent memory (hw:pmem) would be lost by ${method === 'cold' ? 'a cold migration' : 'an evacuation'}`,
      );
    return profile.switches.pmemLive === 'allowed'
      ? yes
      : obstacle(server.name, 'this release does not migrate persistent memory (hw:pmem) live');
  },
  describe: obstacleInWords,
});
