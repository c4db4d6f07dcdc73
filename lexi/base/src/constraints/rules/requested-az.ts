import type { Host } from '../../model/host.ts';
import type { Server } from '../../model/server.ts';
import { pairMask } from '../pair-mask.ts';
import { auditResidents } from '../resident-audit.ts';
import { type Rule, type Verdict, yes } from '../rule.ts';

/**
 * A server that asked for an availability zone stays in it: the scheduler reads the zone of the request spec, not
 * the present one. A server that asked for none may cross zones. When no source tells, it is assumed to want the
 * zone it is in. A host of which no source told the zone takes no server that is bound to one.
 *
 * Source: scheduler/request_filter.py map_az_to_placement_aggregate; reference 3.11.
 */
export const requestedAz: Rule = {
  id: 'requested-az',
  scope: 'pair',
  holds: 'always',
  lasting: true,

  judge({ server, from, to, forced }, state) {
    if (forced === true) return yes;
    const { hosts } = state.context.cloud;
    return judgeZone(server, hosts.get(from), hosts.get(to));
  },

  audit: (state) => auditResidents('requested-az', state, (server, host) => judgeZone(server, host, host)),

  compile: (context) =>
    pairMask(
      'requested-az',
      context,
      (server) => {
        const wanted = server.requestedAz;
        if (wanted?.kind === 'any') return 'any';
        const from = server.host === undefined ? undefined : context.cloud.hosts.get(server.host);
        return wanted === undefined ? `stay ${from?.availabilityZone ?? ''}` : `zone ${wanted.name}`;
      },
      (server, host, { forced }) => {
        if (forced === true) return yes;
        const from = server.host === undefined ? undefined : context.cloud.hosts.get(server.host);
        return judgeZone(server, from, host);
      },
    ),

  describe: ({ where, names }) =>
    `host ${where} is in availability zone ${names?.[1] ?? ''}, the server asked for ${names?.[0] ?? ''}`,
};

function judgeZone(server: Server, from: Host | undefined, to: Host | undefined): Verdict {
  const wanted = server.requestedAz;
  if (wanted?.kind === 'any') return yes;
  const zone = to?.availabilityZone;
  if (wanted === undefined) return unknownWish(from, zone);
  if (zone === wanted.name) return yes;
  if (to === undefined || zone === undefined) return unknownZone;
  return { kind: 'no', measured: 1, limit: 0, unit: 'zones apart', where: to.id, names: [wanted.name, zone] };
}

const unknownWish = (from: Host | undefined, zone: string | undefined): Verdict => ({
  kind: 'unknown',
  missing: ['servers[].requestedAz'],
  safe: zone !== undefined && zone === from?.availabilityZone ? 'yes' : 'no',
  assumption: 'the zone asked for is not known: servers stay in their present availability zone',
});

const unknownZone: Verdict = {
  kind: 'unknown',
  missing: ['hosts[].availabilityZone'],
  safe: 'no',
  assumption:
    'the availability zones of some hosts are not known: servers that asked for a zone do not go there',
};
