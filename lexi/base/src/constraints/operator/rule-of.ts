import type { Rule } from '../rule.ts';
import { keepApart } from './keep-apart.ts';
import { maxServers } from './max-servers.ts';
import { ban, fence } from './pair-rules.ts';
import type { ResolvedRule } from './resolved.ts';
import { spread } from './spread.ts';
import { together } from './together-rules.ts';

/** An operator's rule as a rule like any other. */
export function ruleOf(resolved: ResolvedRule): Rule {
  const { rule } = resolved;
  switch (rule.kind) {
    case 'fence':
      return fence(resolved);
    case 'ban':
      return ban(resolved);
    case 'among':
      return together(resolved, 'group of hosts');
    case 'keep-apart':
      return keepApart(resolved, rule);
    case 'spread':
      return spread(resolved, rule);
    case 'near':
      return together(resolved, rule.per);
    case 'max-servers':
      return maxServers(resolved, rule);
  }
}
