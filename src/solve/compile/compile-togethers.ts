import type { Together } from '../../constraints/primitive.ts';
import { at } from '../../shared/at.ts';
import type { CompiledTogether } from './compiled.ts';
import type { Indexed } from './indexed.ts';

/** Sets of servers that are to be together, with as many outside as there are today. */
export function compileTogethers(indexed: Indexed): {
  readonly togethers: readonly CompiledTogether[];
  readonly togethersOf: readonly (readonly number[])[];
} {
  const togethersOf: number[][] = indexed.servers.map(() => []);
  const togethers = indexed.togethers.map((primitive, t) => {
    const together = compileTogether(indexed, primitive);
    for (const v of together.members) togethersOf[v]?.push(t);
    return together;
  });
  return { togethers, togethersOf };
}

function compileTogether(indexed: Indexed, { members: ids, groups }: Together): CompiledTogether {
  const members = [...new Set(ids)]
    .map((server) => indexed.serverIndex.get(server))
    .filter((v) => v !== undefined)
    .sort((a, b) => a - b);
  const groupsOf: number[][] = indexed.hosts.map(() => []);
  for (const [g, hosts] of groups.entries())
    for (const host of hosts) groupsOf[indexed.hostIndex.get(host) ?? -1]?.push(g);
  const inside = countInGroups({ members, groupsOf, groupCount: groups.length }, indexed.start);
  return {
    members,
    groupCount: groups.length,
    groupsOf,
    single: groups.length === indexed.arrivable && groups.every((hosts) => hosts.size === 1),
    outside: members.length - Math.max(0, ...inside),
  };
}

/** How many members each group has where servers are on these hosts. */
export function countInGroups(
  { members, groupsOf, groupCount }: Pick<CompiledTogether, 'members' | 'groupsOf' | 'groupCount'>,
  hostOf: Int32Array,
): Int32Array {
  const inside = new Int32Array(groupCount);
  for (const v of members) for (const g of groupsOf[at(hostOf, v)] ?? []) inside[g] = at(inside, g) + 1;
  return inside;
}
