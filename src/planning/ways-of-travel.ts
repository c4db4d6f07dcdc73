import { canForce, type RuleContext, type Way, waysOf } from '../constraints/context.ts';
import { passes, type Rule } from '../constraints/rule.ts';
import type { Server } from '../model/server.ts';
import type { TravelWay } from '../objective/evaluation.ts';
import { createState, type State } from '../replay/state.ts';
import { travelling } from '../replay/travel-way.ts';

/**
 * How each server might travel, so that a price which is that of the cheapest way is never above what its migration
 * costs. Which way it is depends on the destination; a way that rules on source and destination refuse for every host
 * is none.
 */
export function waysOfTravel(
  context: RuleContext,
  rules: readonly Rule[],
): (server: Server) => readonly TravelWay[] {
  const pairRules = rules.filter(({ scope }) => scope === 'pair');
  const state = createState(context);
  return (server) => {
    const { host } = server;
    if (host === undefined) return [];
    const ways = waysOf(server, context);
    const open = canForce(context)
      ? ways
      : ways.filter((way) => leadsSomewhere(server, way, pairRules, state));
    return (open.length === 0 ? ways : open).map((way) => travelling(server, host, way, context));
  };
}

function leadsSomewhere(server: Server, way: Way, rules: readonly Rule[], state: State): boolean {
  const { host } = server;
  const { context } = state;
  if (host === undefined) return false;
  for (const to of context.cloud.hosts.keys()) {
    const arrival = { server, from: host, to, ...way };
    if (to !== host && rules.every((rule) => passes(rule.judge(arrival, state), context))) return true;
  }
  return false;
}
