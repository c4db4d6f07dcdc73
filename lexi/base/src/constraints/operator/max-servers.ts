import type { HostId, ServerId } from '../../model/ids.ts';
import { type Rule, type Violation, yes } from '../rule.ts';
import type { StateView } from '../state-view.ts';
import type { MaxServers } from './document.ts';
import { type ResolvedRule, ruleId } from './resolved.ts';

/**
 * `max-servers`: a host of the set holds at most `atMost` of the servers, those on their way counted at both ends. A
 * host that holds more today takes no other.
 */
export function maxServers({ servers, hosts, rule }: ResolvedRule, { name, atMost }: MaxServers): Rule {
  const id = ruleId(rule);
  const counted = new Set<ServerId>(servers);
  const countedOn = (host: HostId, state: StateView): ReadonlySet<ServerId> =>
    new Set(
      state
        .claimsOn(host)
        .filter(({ server, role }) => role !== 'residue' && counted.has(server))
        .map(({ server }) => server),
    );
  return {
    id,
    scope: 'host',
    holds: 'always',

    judge({ server, to }, state) {
      if (!counted.has(server.id) || !hosts.has(to)) return yes;
      const there = countedOn(to, state);
      if (there.has(server.id) || there.size < atMost) return yes;
      return { kind: 'no', measured: there.size + 1, limit: atMost, unit: 'servers', where: to };
    },

    audit: (state) =>
      [...hosts].flatMap((host): readonly Violation[] => {
        const there = countedOn(host, state);
        if (there.size <= atMost) return [];
        return [
          {
            rule: id,
            host,
            servers: [...there].toSorted(),
            measured: there.size,
            limit: atMost,
            unit: 'servers',
            where: host,
            key: host,
          },
        ];
      }),

    compile: () =>
      counted.size === 0 || hosts.size === 0
        ? []
        : [
            {
              kind: 'capacity',
              rule: id,
              resource: id,
              unit: 'servers',
              bothEnds: true,
              limits: new Map([...hosts].map((host) => [host, atMost] as const)),
              demand: new Map(servers.map((server) => [server, 1] as const)),
              held: new Map(),
            },
          ],

    describe: ({ where, measured, limit }) =>
      `host ${where}: ${measured} servers of rule ${name} (max-servers), limit ${limit}`,
  };
}
