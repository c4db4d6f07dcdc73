import { type RuleContext, waysOf } from '../context.ts';
import { asksForEmpty, coverageOf, originOf, strangersOn } from '../empty-destination.ts';
import type { Server } from '../../model/server.ts';
import { type Rule, type Verdict, yes } from '../rule.ts';
import type { Claim, StateView } from '../state-view.ts';

/**
 * Where the profile asks for it, a host that receives a covered server (pinned, with huge pages, or with a NUMA
 * topology at all) by live migration holds nothing at that request but servers that the same run brought from the
 * same host, and from then on all that comes to it comes from there.
 *
 *     for all covered s that came live to h, all other t that claim h:  origin(t) = origin(s) ≠ h
 *
 * Source: the guides of Red Hat OpenStack Platform 13 ("no running instances … except ones already migrated from
 * the same source").
 */
export const twin: Rule = {
  id: 'twin',
  scope: 'batch',
  holds: 'always',
  ofRun: true,

  judge({ server, to, method }, state) {
    if (!asksForEmpty(state.context.profile.switches, ['required'])) return yes;
    if (method === 'live') {
      const coverage = coverageOf(server, state.context);
      if (coverage === undefined) return unknownTopology;
      const strangers = coverage.insistence === 'required' ? strangersOn(to, server, state) : [];
      if (strangers.length > 0)
        return refuse(to, strangers.length, [
          `the profile asks for an empty host since ${coverage.because}; there: ${shorten(strangers)}`,
        ]);
    }
    const claims = state.claimsOn(to).filter((claim) => claim.server !== server.id);
    const batch = claims.find((claim) => isOfAnotherBatch(claim, server, state));
    if (batch === undefined) return yes;
    const source = originOf(batch.server, state.context.cloud) ?? '';
    return refuse(to, 1, [`it is the twin of ${source} in this run, and takes only servers from there`]);
  },

  audit: () => [],

  compile: (context) => {
    const covered = [...context.cloud.servers.values()]
      .filter((server) => server.host !== undefined && travelsLiveAlone(server, context))
      .filter((server) => coverageOf(server, context)?.insistence === 'required')
      .map(({ id }) => id);
    return covered.length === 0 ? [] : [{ kind: 'twin', rule: 'twin', covered }];
  },

  describe: ({ where, names }) => `host ${where}: ${(names ?? []).join(', ')}`,
};

function travelsLiveAlone(server: Server, context: RuleContext): boolean {
  const ways = waysOf(server, context);
  return ways.length > 0 && ways.every(({ method }) => method === 'live');
}

function isOfAnotherBatch({ server: id, via }: Claim, arriving: Server, { context }: StateView): boolean {
  const { cloud } = context;
  const server = cloud.servers.get(id);
  if (via !== 'live' || server === undefined || originOf(id, cloud) === arriving.host) return false;
  return coverageOf(server, context)?.insistence === 'required';
}

const unknownTopology: Verdict = {
  kind: 'unknown',
  missing: ['servers[].topology'],
  safe: 'no',
  assumption: 'whether some servers are pinned is not known: they do not migrate live',
};

const mostNames = 3;

/** The first of many names. */
const shorten = (names: readonly string[]): string =>
  names.length <= mostNames
    ? names.join(', ')
    : `${names.slice(0, mostNames).join(', ')} and ${names.length - mostNames} more`;

const refuse = (where: string, measured: number, names: readonly string[]): Verdict => ({
  kind: 'no',
  measured,
  limit: 0,
  unit: 'other servers',
  where,
  names,
});
