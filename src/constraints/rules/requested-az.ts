import type { Host } from '../../model/host.ts';
import type { Server } from '../../model/server.ts';
import { homeOf, pairRule } from '../pair-rule.ts';
import { type Verdict, yes } from '../rule.ts';

/**
 * A server that asked for an availability zone stays in it: the scheduler reads the zone of the request spec, not
 * the present one. A server that asked for none may cross zones. When no source tells, it is assumed to want the
 * zone it is in. A host of which no source told the zone takes no server that is bound to one.
 *
 * Source: scheduler/request_filter.py map_az_to_placement_aggregate.
 */
export const requestedAz = pairRule({
  id: 'requested-az',
  askedBy: 'scheduler',
  signatureOf: (server, { cloud }) => {
    const wanted = server.requestedAz;
    if (wanted?.kind === 'any') return 'any';
    if (wanted !== undefined) return `zone ${wanted.name}`;
    return `stay ${homeOf(server, cloud)?.availabilityZone ?? ''}`;
  },
  judge: ({ server, from, to }) => judgeZone(server, from, to),
  describe: ({ where, names }) =>
    `host ${where} is in availability zone ${names?.[1] ?? ''}, the server asked for ${names?.[0] ?? ''}`,
});

function judgeZone(server: Server, from: Host | undefined, to: Host): Verdict {
  const wanted = server.requestedAz;
  if (wanted?.kind === 'any') return yes;
  const zone = to.availabilityZone;
  if (wanted === undefined) return unknownWish(from, zone);
  if (zone === wanted.name) return yes;
  if (zone === undefined) return unknownZone;
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
