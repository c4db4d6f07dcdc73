import type { ServerId } from '../../model/ids.ts';
import { type Rule, yes } from '../rule.ts';
import type { Spread } from './document.ts';
import { homesOf } from './homes.ts';
import { domainOf, type ResolvedRule, ruleId } from './resolved.ts';
import { countOf } from './words.ts';
import { judgeUnknown, maskUnknown } from './unknown-domain.ts';

/**
 * `spread`: the servers are in at least `atLeast` domains in the state that a plan leaves behind; on the way they may
 * be in fewer. A set that is in fewer today may stay so, and come no nearer.
 */
export function spread({ servers, rule }: ResolvedRule, { name, per, atLeast }: Spread): Rule {
  const id = ruleId(rule);
  const members = new Set<ServerId>(servers);
  return {
    id,
    scope: 'domain',
    holds: 'end',

    judge: ({ server, to }, { context }) =>
      !members.has(server.id) || domainOf(to, per, context.cloud).known ? yes : judgeUnknown(name, per),

    audit(state) {
      const homes = homesOf(servers, state);
      const used = new Set([...homes.values()].map((host) => domainOf(host, per, state.context.cloud).key));
      if (homes.size === 0 || used.size >= atLeast) return [];
      return [
        {
          rule: id,
          servers: [...homes.keys()],
          measured: atLeast - used.size,
          limit: 0,
          unit: `${per}s too few`,
          where: [...used].toSorted().join(', '),
          key: name,
        },
      ];
    },

    compile: (context) =>
      members.size === 0
        ? []
        : [
            { kind: 'domainCount', rule: id, members: servers, per, atLeast },
            ...maskUnknown(id, name, per, members, context),
          ],

    describe: ({ where, measured }) =>
      `servers of rule ${name} (spread) are in ${countOf(atLeast - measured, per)}, at least ${atLeast} wanted: ${where}`,
  };
}
