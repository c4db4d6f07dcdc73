import type { Arrival } from '../arrival.ts';
import type { RuleContext, Way } from '../context.ts';
import { pairMask } from '../pair-mask.ts';
import { obstacle } from '../pair-rule.ts';
import { type Host, isUp } from '../../model/host.ts';
import { type Rule, type Verdict, yes } from '../rule.ts';

/**
 * Both ends must be fit for a migration: the destination known, up, enabled and in the same Nova cell; the
 * source up for live and cold, down for evacuate. A disabled destination takes forced requests where the profile
 * reckons with them.
 *
 * Source: ComputeFilter and the mandatory COMPUTE_STATUS_DISABLED pre-filter (scheduler/request_filter.py),
 * conductor/tasks/live_migrate.py, compute/api.py evacuate (ComputeServiceInUse).
 */
export const hostState: Rule = {
  id: 'host-state',
  scope: 'host',
  holds: 'always',

  judge(arrival, state) {
    const { hosts } = state.context.cloud;
    const to = hosts.get(arrival.to);
    const from = hosts.get(arrival.from);
    if (to === undefined) return obstacle(arrival.to, 'unknown host');
    if (state.serviceStatus(arrival.to) === 'disabled' && !reachesDisabled(arrival, state.context))
      return obstacle(arrival.to, 'nova-compute is disabled');
    return judgeEnds(arrival, from, to, state.context);
  },

  audit: () => [],

  compile: (context) =>
    pairMask(
      'host-state',
      context,
      (server) => {
        const from = server.host === undefined ? undefined : context.cloud.hosts.get(server.host);
        return from === undefined ? '' : JSON.stringify([isDown(from), from.novaCell]);
      },
      (server, host, way) => {
        const from = server.host === undefined ? undefined : context.cloud.hosts.get(server.host);
        if (host.service.status === 'disabled' && !reachesDisabled(way, context))
          return obstacle(host.id, 'nova-compute is disabled');
        return judgeEnds({ server, from: from?.id ?? host.id, to: host.id, ...way }, from, host, context);
      },
    ),

  describe: ({ where, names }) => `host ${where}: ${(names ?? []).join(', ')}`,
};

function judgeEnds(
  arrival: Arrival,
  from: Host | undefined,
  to: Host,
  { evacuation }: Pick<RuleContext, 'evacuation'>,
): Verdict {
  if (isDown(to)) return obstacle(to.id, 'nova-compute is down');
  if (from === undefined) return obstacle(arrival.from, 'unknown host');
  if (arrival.method === 'evacuate' && evacuation !== true && !isDown(from))
    return obstacle(from.id, 'nova-compute is up: evacuate needs it down');
  if (arrival.method !== 'evacuate' && isDown(from))
    return obstacle(from.id, 'nova-compute is down: evacuate instead');
  if (from.novaCell !== undefined && to.novaCell !== undefined && from.novaCell !== to.novaCell)
    return obstacle(to.id, 'another Nova cell');
  return yes;
}

/** A forced request does not ask the scheduler, which is what refuses a disabled host. */
const reachesDisabled = ({ forced }: Way, { profile }: RuleContext): boolean =>
  forced === true && profile.switches.disabledDestination === 'forced-only';

const isDown = ({ service }: Host): boolean => !isUp(service);
