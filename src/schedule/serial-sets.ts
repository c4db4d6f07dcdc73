import type { Rule } from '../constraints/rule.ts';
import type { StateView } from '../constraints/state-view.ts';
import type { ServerId } from '../model/ids.ts';
import { capacityUnits } from '../nova/placement-capacity.ts';
import type { OrderRequest } from './run.ts';

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
export const serialSetsOf = (
  { rules, start, options }: Pick<OrderRequest, 'rules' | 'start' | 'options'>,
  moving: readonly ServerId[],
): SerialSets => serialSets(rules, start, moving, options.apartSeconds !== undefined);

/** The sets; `groupsApart`: server groups too. */
export function serialSets(
  rules: readonly Rule[],
  start: StateView,
  moving: readonly ServerId[],
  groupsApart = false,
): SerialSets {
  const sets = new Map<ServerId, string[]>();
  const add = (name: string, members: readonly ServerId[]): void => {
    for (const member of members) {
      const known = sets.get(member);
      if (known === undefined) sets.set(member, [name]);
      else known.push(name);
    }
  };
  for (const rule of rules)
    for (const { name, servers } of rule.oneAtATime?.(start.context) ?? []) add(name, servers);
  addTightPools(start, moving, add);
  if (groupsApart)
    for (const { id, members } of start.context.cloud.groups.values()) add(`${groupPrefix}${id}`, members);
  return (server) => sets.get(server) ?? [];
}

const groupPrefix = 'group ';

/** Whether a set is a server group, whose members the operator wants apart in time. */
export const isGroupSet = (set: string): boolean => set.startsWith(groupPrefix);

type Add = (name: string, members: readonly ServerId[]) => void;

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
