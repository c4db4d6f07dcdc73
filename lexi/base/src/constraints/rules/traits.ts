import type { Host } from '../../model/host.ts';
import type { Server } from '../../model/server.ts';
import { type Demand, traitsOn } from '../demand.ts';
import { pairMask } from '../pair-mask.ts';
import { auditResidents } from '../resident-audit.ts';
import { type Rule, type Verdict, yes } from '../rule.ts';

/**
 * The destination has every trait that flavor and image require, and none that they forbid.
 *
 *     required ⊆ traits(host)  and  forbidden ∩ traits(host) = ∅
 *
 * A host without PCPU inventory is asked without the thread-policy trait (the legacy fallback). Traits anywhere in the
 * host's provider tree count.
 * Source: Placement allocation candidates; scheduler/utils.py ResourceRequest; reference 3.2, 3.12.
 */
export const traits: Rule = {
  id: 'traits',
  scope: 'pair',
  holds: 'always',
  lasting: true,

  judge: ({ server, to, forced }, state) =>
    forced === true
      ? yes
      : judgeTraits(state.context.demands.get(server.id), state.context.cloud.hosts.get(to)),

  audit: (state) =>
    auditResidents('traits', state, (server, host) =>
      judgeTraits(state.context.demands.get(server.id), host),
    ),

  compile: (context) =>
    pairMask(
      'traits',
      context,
      (server: Server) => {
        const demand = context.demands.get(server.id);
        return JSON.stringify([
          demand?.requiredTraits,
          demand?.forbiddenTraits,
          demand?.legacyRequiredTraits,
          demand?.legacyForbiddenTraits,
        ]);
      },
      (server, host, { forced }) =>
        forced === true ? yes : judgeTraits(context.demands.get(server.id), host),
    ),

  describe: ({ where, names }) => `host ${where} lacks or must not have: ${(names ?? []).join(', ')}`,
};

function judgeTraits(demand: Demand | undefined, host: Host | undefined): Verdict {
  if (demand === undefined || host === undefined) return yes;
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
