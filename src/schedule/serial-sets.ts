import type { RuleContext } from '../constraints/context.ts';
import type { Rule } from '../constraints/rule.ts';
import type { StateView } from '../constraints/state-view.ts';
import type { ServerId } from '../model/ids.ts';
import { mapPart } from '../shared/map-part.ts';
import { capacityUnits } from '../nova/placement-capacity.ts';

/** Names of the sets that a server belongs to. */
export type SerialSets = (server: ServerId) => readonly string[];

/**
 * Sets of servers that are moved one after the other.
 *
 * Most rules only grow milder when somebody leaves the destination, and the order of arrivals on a host is kept, so a
 * request that is legal in the timetable is legal in every other execution. Rules that look at *other* hosts are
 * different: an `affinity` member must find another one still there, a limit for a rack counts arrivals on all of its
 * hosts, a storage pool that is nearly full is charged twice by whoever travels. Their members never travel at the
 * same time, and each waits for the one before.
 */
export function serialSets(
  rules: readonly Rule[],
  start: StateView,
  moving: readonly ServerId[],
): SerialSets {
  const { context } = start;
  const sets = new Map<ServerId, string[]>();
  const add = (name: string, members: readonly ServerId[]): void => {
    for (const member of members) {
      const known = sets.get(member);
      if (known === undefined) sets.set(member, [name]);
      else known.push(name);
    }
  };
  for (const group of context.cloud.groups.values())
    if (group.policy === 'affinity') add(`affinity group ${group.name} (${group.id})`, group.members);
  addDomains(rules, ofMoving(context, moving), add);
  addTightPools(start, moving, add);
  return (server) => sets.get(server) ?? [];
}

type Add = (name: string, members: readonly ServerId[]) => void;

/** A context in which only those are asked about who move. */
const ofMoving = (context: RuleContext, moving: readonly ServerId[]): RuleContext => ({
  ...context,
  cloud: { ...context.cloud, servers: mapPart(context.cloud.servers, new Set(moving)) },
});

/** Counts over several hosts. One a host at most is no matter: arrivals there keep their order. */
function addDomains(rules: readonly Rule[], context: RuleContext, add: Add): void {
  for (const rule of rules) {
    if (rule.scope !== 'domain' || rule.holds !== 'always') continue;
    for (const [index, primitive] of rule.compile(context).entries())
      if (primitive.kind === 'domainCount' && (primitive.per !== 'host' || primitive.atLeast !== undefined))
        add(`rule ${rule.id} (${index + 1})`, primitive.members);
  }
}

/** Providers of several hosts that have no room for all who move at once: each holds its amount twice on its way. */
function addTightPools(start: StateView, moving: readonly ServerId[], add: Add): void {
  const { cloud, demands } = start.context;
  for (const { id, name, inventories } of cloud.otherProviders ?? []) {
    for (const [resource, inventory] of inventories) {
      const amountOf = (server: ServerId): number => demands.get(server)?.amounts[resource] ?? 0;
      const needed = moving.reduce((sum, server) => sum + amountOf(server), 0);
      if (start.used(id, resource) + needed <= capacityUnits(inventory)) continue;
      add(
        `pool ${name} (${resource})`,
        moving.filter((server) => amountOf(server) > 0),
      );
    }
  }
}
