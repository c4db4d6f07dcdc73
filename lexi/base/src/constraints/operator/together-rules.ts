import type { HostId } from '../../model/ids.ts';
import { type Rule, yes } from '../rule.ts';
import { homesOf } from './homes.ts';
import { type ResolvedRule, ruleId } from './resolved.ts';

/** How many of the hosts of servers are outside of the group that most are in. */
export function outsideOf(homes: Iterable<HostId>, groups: readonly ReadonlySet<HostId>[]): number {
  const hosts = [...homes];
  const byHost = new Map<HostId, number>();
  for (const host of hosts) byHost.set(host, (byHost.get(host) ?? 0) + 1);
  let most = 0;
  for (const group of groups) {
    let inside = 0;
    for (const [host, count] of byHost) if (group.has(host)) inside += count;
    most = Math.max(most, inside);
  }
  return hosts.length - most;
}

/**
 * `near` and `among`: in the state that a plan leaves behind all the servers are on hosts of one group; on the way they
 * may be apart. Where they are apart today, no more of them leave the group that most are in.
 *
 *     |S| − max over groups g of |{ s in S : host(s) in g }|  <=  max(0, the same today)
 */
export function together({ rule, servers, groups }: ResolvedRule, groupWord: string): Rule {
  const id = ruleId(rule);
  return {
    id,
    scope: 'domain',
    holds: 'end',
    judge: () => yes,

    audit(state) {
      const homes = homesOf(servers, state);
      const measured = outsideOf(homes.values(), groups);
      if (measured === 0) return [];
      const where = [...new Set(homes.values())].toSorted().join(', ');
      return [
        {
          rule: id,
          servers: [...homes.keys()],
          measured,
          limit: 0,
          unit: 'servers apart',
          where,
          key: rule.name,
        },
      ];
    },

    compile: () =>
      servers.length === 0 || groups.length === 0
        ? []
        : [{ kind: 'together', rule: id, members: servers, groups }],

    describe: ({ measured, where }) =>
      `servers of rule ${rule.name} (${rule.kind}) are not in one ${groupWord}, ${measured} apart from the others: ${where}`,
  };
}
