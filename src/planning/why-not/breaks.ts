import type { Change, Clash } from './answer.ts';

/** Rules that say the same however a server travels. */
const whateverWay = (rule: string): boolean =>
  rule === 'capacity' || rule === 'selection' || rule.startsWith('operator:');
/** Rules that say the same whatever hosts there are. */
const whateverHosts = new Set(['server-state', 'selection']);

/** Whether a change could break a clash; one that leaves it whole is no way out. Where none is known, all may. */
export function breaks(change: Change, clash: Clash | undefined): boolean {
  if (clash === undefined) return true;
  const { servers, rules, limits } = clash;
  switch (change.kind) {
    case 'allow':
      return rules.some(({ rule }) => !whateverWay(rule));
    case 'unlock':
      return (
        servers.some(({ server }) => server === change.server.server) &&
        rules.some(({ rule }) => rule === 'server-state')
      );
    case 'stop':
      return (
        servers.some(({ server }) => server === change.server.server) &&
        rules.some(({ rule }) => !whateverWay(rule))
      );
    case 'lift':
      return isLifted(change, clash);
    case 'add-host':
      return (
        rules.length + limits.length === 0 ||
        rules.some(({ rule }) => !whateverHosts.has(rule)) ||
        limits.some(({ option }) => option === '--headroom')
      );
  }
}

function isLifted({ option, value }: Extract<Change, { kind: 'lift' }>, { rules, limits }: Clash): boolean {
  switch (option) {
    case '--rules':
      return rules.some(({ rule }) => rule === `operator:${value}`);
    case '--survive-host-loss':
      return rules.some(({ rule }) => rule === 'survive-host-loss');
    case '--exclude':
    case '--only':
      return rules.some(({ rule }) => rule === 'selection');
    case '--max-moves':
    case '--max-gib':
    case '--headroom':
      return limits.some((limit) => limit.option === option);
  }
}
