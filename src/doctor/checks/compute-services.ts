import type { Host } from '../../model/host.ts';
import { isUp } from '../../model/host.ts';
import { type Check, type Finding, problem, warning } from '../check.ts';

/** Services of hosts are up, and those that are disabled say why. */
export const computeServices: Check = {
  id: 'compute-services',
  looksAt: 'cloud',
  needed: 'nova-compute is up on every host; who disables one gives a reason',
  why: 'nothing arrives at a host that is disabled or down, and nothing leaves one that is down but by evacuation (Nova API guide, os-services)',
  fine: 'all are up, and none is disabled without a reason',
  examine: ({ hosts }) => [...hosts.values()].flatMap(ofService),
};

function ofService({ id, service }: Host): readonly Finding[] {
  const look = 'look into the log of nova-compute there, and at its connection to RabbitMQ';
  if (service.forcedDown)
    return [
      warning(
        [id],
        'nova-compute is forced down: somebody has fenced the host, or left it so',
        'when the host is well: openstack compute service set --up HOST nova-compute',
      ),
    ];
  if (!isUp(service)) return [problem([id], `nova-compute is ${service.status} and down`, look)];
  const reason = (service.disabledReason ?? '').trim();
  if (service.status === 'disabled' && reason === '')
    return [
      warning(
        [id],
        'nova-compute is disabled, and nobody said why',
        'ask who did, then enable it or give a reason: openstack compute service set --disable --disable-reason … HOST nova-compute',
      ),
    ];
  return [];
}
