import type { Host } from '../../model/host.ts';
import { type Demand, traitsOn } from '../demand.ts';
import { pairRule } from '../pair-rule.ts';
import { type Verdict, yes } from '../rule.ts';

/**
 * The destination has every trait that flavor and image require, and none that they forbid.
 *
 *     required ⊆ traits(host)  and  forbidden ∩ traits(host) = ∅
 *
 * A host without PCPU inventory is asked without the thread-policy trait (the legacy fallback). Traits anywhere in the
 * host's provider tree count.
 * Source: Placement allocation candidates; scheduler/utils.py ResourceRequest.
 */
export const traits = pairRule({
  id: 'traits',
  askedBy: 'scheduler',
  signatureOf: ({ id }, { demands }) => {
    const demand = demands.get(id);
    return JSON.stringify([
      demand?.requiredTraits,
      demand?.forbiddenTraits,
      demand?.legacyRequiredTraits,
      demand?.legacyForbiddenTraits,
    ]);
  },
  judge: ({ server, to }, { demands }) => judgeTraits(demands.get(server.id), to),
  describe: ({ where, names }) => `host ${where} lacks or must not have: ${(names ?? []).join(', ')}`,
});

function judgeTraits(demand: Demand | undefined, host: Host): Verdict {
  if (demand === undefined) return yes;
  const { required, forbidden } = traitsOn(demand, host);
  if (required.length === 0 && forbidden.length === 0) return yes;
  if (host.providers.length === 0)
    return {
      kind: 'unknown',
      missing: ['hosts[].providers'],
      safe: 'no',
      assumption: 'traits of hosts are not known: servers whose flavor or image asks for traits stay',
    };
  const has = (trait: string): boolean => host.providers.some((provider) => provider.traits.has(trait));
  const names = [...required.filter((t) => !has(t)), ...forbidden.filter(has).map((t) => `not ${t}`)];
  if (names.length === 0) return yes;
  return { kind: 'no', measured: names.length, limit: 0, unit: 'traits', where: host.id, names };
}
