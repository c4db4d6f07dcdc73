import { groupBy } from '../../shared/collections.ts';
import type { WarningRule } from '../warning-rule.ts';

/**
 * A host that is emptied runs more than nova-compute: Neutron agents, cinder-volume, storage daemons. No plan moves
 * them, and the host's maintenance ends them.
 *
 * Source: GET /os-services and the agents of other projects, as far as the inventory lists them.
 */
export const otherServices: WarningRule = {
  id: 'other-services',
  summary: 'hosts to be emptied run other services',
  onDrain(id, { cloud }) {
    const services = (cloud.hosts.get(id)?.otherServices ?? []).filter(({ alive }) => alive !== false);
    if (services.length === 0) return [];
    const counted = [...groupBy(services, ({ binary }) => binary)].map(([binary, same]) =>
      same.length === 1 ? binary : `${same.length} × ${binary}`,
    );
    return [
      {
        text: `host ${id} runs other services, which no plan moves: ${counted.join(', ')}`,
        servers: [],
        host: id,
      },
    ];
  },
};
