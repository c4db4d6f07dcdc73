import type { Cloud } from '../model/cloud.ts';
import type { Host } from '../model/host.ts';
import type { Server } from '../model/server.ts';
import type { RuleContext, Way } from './context.ts';
import { pairMask } from './pair-mask.ts';
import type { Primitive } from './primitive.ts';
import { auditResidents } from './resident-audit.ts';
import { type Breach, type Rule, type Verdict, yes } from './rule.ts';

/** One arrival with both hosts looked up. */
export interface Pair extends Way {
  readonly server: Server;
  /** Undefined when the cloud does not list it. */
  readonly from: Host | undefined;
  readonly to: Host;
}

export interface PairRule {
  readonly id: string;
  /**
   * Who asks: a filter of the scheduler, which forced arrivals pass by, or the API and the hosts themselves, which
   * they do not. What a filter asks must hold where a server is, too: such rules audit.
   */
  readonly askedBy: 'scheduler' | 'hosts';
  /** Everything of a server, and of the host that it leaves, that `judge` reads. */
  readonly signatureOf: (server: Server, context: RuleContext) => string;
  readonly judge: (pair: Pair, context: RuleContext) => Verdict;
  readonly describe: (answer: Breach) => string;
}

/**
 * A rule about one server and two hosts, which nothing that moves can change: judge, audit and compile follow from one
 * function. Servers that may go nowhere are fixed.
 */
export function pairRule({ id, askedBy, signatureOf, judge, describe }: PairRule): Rule {
  const scheduled = askedBy === 'scheduler';
  const ask = (pair: Pair, context: RuleContext): Verdict =>
    scheduled && pair.forced === true ? yes : judge(pair, context);
  return {
    id,
    scope: 'pair',
    holds: 'always',
    ...(scheduled && { lasting: true as const }),
    judge({ server, from, to, method, storage, forced }, { context }) {
      const target = context.cloud.hosts.get(to);
      if (target === undefined) return yes; // told by the rule `host-state`
      const way: Way = { method, storage, ...(forced === true && { forced }) };
      return ask({ server, from: context.cloud.hosts.get(from), to: target, ...way }, context);
    },
    audit: (state) =>
      scheduled
        ? auditResidents(id, state, (server, host) =>
            judge({ server, from: host, to: host, method: 'live', storage: 'shared' }, state.context),
          )
        : [],
    compile: (context) =>
      withFixed(
        pairMask(
          id,
          context,
          (server) => signatureOf(server, context),
          (server, to, way) => ask({ server, from: homeOf(server, context.cloud), to, ...way }, context),
        ),
      ),
    describe,
  };
}

/** The host that a server leaves. */
export const homeOf = ({ host }: Server, { hosts }: Cloud): Host | undefined =>
  host === undefined ? undefined : hosts.get(host);

/** Servers without any host to go to are fixed rather than masked: drains then name them at once. */
function withFixed(masks: ReturnType<typeof pairMask>): readonly Primitive[] {
  return masks.flatMap(({ rule, sets }): readonly Primitive[] => {
    const free = sets.filter(({ hosts }) => hosts.size > 0);
    const servers = sets.filter(({ hosts }) => hosts.size === 0).flatMap((set) => set.servers);
    return [
      ...(servers.length === 0 ? [] : [{ kind: 'fixed' as const, rule, servers }]),
      ...(free.length === 0 ? [] : [{ kind: 'pairMask' as const, rule, sets: free }]),
    ];
  });
}

/** A refusal that has no numbers to tell: what stands in the way, in words. */
export const obstacle = (where: string, ...names: readonly string[]): Verdict => ({
  kind: 'no',
  measured: names.length,
  limit: 0,
  unit: 'obstacles',
  where,
  names,
});

/** The words of an `obstacle` of a server. */
export const obstacleInWords = ({ where, names }: Breach): string =>
  `server ${where}: ${(names ?? []).join(', ')}`;

/** What the operator could allow, where it is not allowed yet. */
export const orCold = ({ allow }: RuleContext): string => (allow.has('cold') ? '' : ': allow cold');
