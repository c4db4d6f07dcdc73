import type { HostId, ServerId } from '../../model/ids.ts';
import type { RuleContext } from '../context.ts';
import type { Primitive } from '../primitive.ts';
import { type Rule, type Violation, yes } from '../rule.ts';
import type { StateView } from '../state-view.ts';
import type { KeepApart } from './document.ts';
import { domainOf, type ResolvedRule, ruleId } from './resolved.ts';
import { judgeUnknown, maskUnknown } from './unknown-domain.ts';

/**
 * `keep-apart`: no domain d holds more than `atMost` of the servers,
 *
 *     |{ s : s claims a host of d }| <= atMost
 *
 * A server on its way counts at both ends, as with `anti-affinity`. A domain that holds more today takes no other.
 */
export function keepApart(
  { servers, rule, groups }: ResolvedRule,
  { name, per = 'host', atMost = 1 }: KeepApart,
): Rule {
  const id = ruleId(rule);
  const members = new Set<ServerId>(servers);
  const domainAt = new Map(
    [...groups].flatMap((domain) => [...domain].map((host) => [host, domain] as const)),
  );

  return {
    id,
    scope: 'domain',
    holds: 'always',

    judge({ server, to }, state) {
      if (!members.has(server.id)) return yes;
      const { cloud } = state.context;
      const { key, known } = domainOf(to, per, cloud);
      if (!known) return judgeUnknown(name, per);
      const there = membersIn(domainAt.get(to) ?? new Set([to]), servers, members, state);
      if (there.has(server.id) || there.size < atMost) return yes;
      return { kind: 'no', measured: there.size + 1, limit: atMost, unit: 'servers', where: key };
    },

    audit: (state) =>
      [...membersByDomain(servers, per, state)]
        .filter(([, there]) => there.length > atMost)
        .map(([key, there]): Violation => ({
          rule: id,
          servers: there,
          measured: there.length,
          limit: atMost,
          unit: 'servers',
          where: key,
          key,
        })),

    compile: (context: RuleContext): readonly Primitive[] =>
      members.size === 0
        ? []
        : [
            { kind: 'domainCount', rule: id, members: servers, per, atMost },
            ...maskUnknown(id, name, per, members, context),
          ],

    describe: ({ where, measured, limit }) =>
      `${where}: ${measured} servers of rule ${name} (keep-apart), limit ${limit}`,
  };
}

/** Members that hold something on hosts of a domain, by way of whichever is less to look through. */
function membersIn(
  domain: ReadonlySet<HostId>,
  servers: readonly ServerId[],
  members: ReadonlySet<ServerId>,
  state: StateView,
): ReadonlySet<ServerId> {
  const claims =
    servers.length <= 16 * domain.size
      ? servers.flatMap((server) => state.claimsOf(server)).filter(({ host }) => domain.has(host))
      : [...domain].flatMap((host) => state.claimsOn(host)).filter(({ server }) => members.has(server));
  return new Set(claims.filter(({ role }) => role !== 'residue').map(({ server }) => server));
}

/** Members that hold something in each domain, ascending. */
function membersByDomain(
  servers: readonly ServerId[],
  per: 'host' | 'rack' | 'zone',
  state: StateView,
): ReadonlyMap<string, readonly ServerId[]> {
  const byDomain = new Map<string, ServerId[]>();
  for (const server of servers) {
    const hosts = state.claimsOf(server).filter(({ role }) => role !== 'residue');
    const keys = new Set(hosts.map(({ host }) => domainOf(host, per, state.context.cloud).key));
    for (const key of keys) byDomain.set(key, [...(byDomain.get(key) ?? []), server]);
  }
  return byDomain;
}
