import type { ServerId } from '../../model/ids.ts';
import type { RuleContext } from '../context.ts';
import { pairMask } from '../pair-mask.ts';
import type { PairMask } from '../primitive.ts';
import { type Verdict, yes } from '../rule.ts';
import type { PlaceKind } from '../../model/selector.ts';
import { domainOf } from './resolved.ts';

/** Of a host whose rack or zone no source told: it may be the one that a rule is about. */
export const judgeUnknown = (rule: string, per: PlaceKind): Verdict => ({
  kind: 'unknown',
  missing: [per === 'rack' ? 'hosts[].rack' : 'hosts[].availabilityZone'],
  safe: 'no',
  assumption: `the ${per}s of some hosts are not known: servers of rule ${rule} do not go there`,
});

/** The same as a mask. */
export function maskUnknown(
  id: string,
  rule: string,
  per: PlaceKind,
  members: ReadonlySet<ServerId>,
  context: RuleContext,
): readonly PairMask[] {
  if (per === 'host') return [];
  return pairMask(
    id,
    context,
    (server) => String(members.has(server.id)),
    (server, host) =>
      !members.has(server.id) || domainOf(host.id, per, context.cloud).known ? yes : judgeUnknown(rule, per),
  );
}
