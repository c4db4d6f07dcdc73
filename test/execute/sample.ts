import { aConfirm, aServiceStep } from '../report/sample-plan.ts';
import { after, move, planOf } from '../plan/small-plan.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { aCloud, aContext, aHost, aServer, hostId, serverId } from '../support/builders.ts';

const guards = (server: string, from: string) =>
  [
    { kind: 'server-on-host', server: serverId(server), host: hostId(from) },
    { kind: 'server-status', server: serverId(server), status: 'ACTIVE' },
  ] as const;

/**
 * Empties h1: two live migrations, of which the second waits for the request of the first; a cold one with its confirm;
 * and another live one that takes the place that the first has left on h2 by way of h3.
 */
export const cloud = aCloud({
  hosts: [aHost('h1'), aHost('h2', { vcpu: 4 }), aHost('h3')],
  servers: [aServer('a', 'h1'), aServer('b', 'h1'), aServer('c', 'h1'), aServer('d', 'h2')],
});

export const context = aContext(cloud, { allow: ['cold'] });

export const plan: Plan = planOf([
  aServiceStep({ id: 'd1', host: hostId('h1') }),
  move('m1', 'd', 'h2', 'h3', { guards: guards('d', 'h2') }),
  move('m2', 'a', 'h1', 'h2', { guards: guards('a', 'h1'), ...after('d1', 'm1') }),
  move('m3', 'b', 'h1', 'h2', { guards: guards('b', 'h1'), ...after('d1'), requestAfter: ['m2'] }),
  move('m4', 'c', 'h1', 'h3', {
    kind: 'cold',
    guards: guards('c', 'h1'),
    timeoutPolicy: 'wait',
    ...after('d1'),
  }),
  aConfirm({ id: 'c5', of: 'm4', server: serverId('c'), serverName: 'c', ...after('m4') }),
]);
