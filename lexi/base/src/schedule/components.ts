import type { HostId } from '../model/ids.ts';
import type { Leg } from './lane.ts';
import type { Run } from './run.ts';

/**
 * Groups of pending legs that cannot move on by themselves: connected by the hosts that they leave and go to, and
 * with nothing under way on any of these.
 */
export function idleComponents(run: Run): readonly (readonly Leg[])[] {
  const parts = createPartition<HostId>();
  for (const leg of run.pending) {
    parts.join(leg.from, leg.target);
    parts.join(leg.from, leg.to);
  }
  const busy = new Set<HostId>();
  for (const { leg } of run.travelling.values())
    for (const host of [leg.from, leg.to, leg.target]) busy.add(parts.rootOf(host));
  const components = new Map<HostId, Leg[]>();
  for (const leg of run.pending) {
    const root = parts.rootOf(leg.from);
    if (busy.has(root)) continue;
    const component = components.get(root);
    if (component === undefined) components.set(root, [leg]);
    else component.push(leg);
  }
  return [...components.values()];
}

/** Union-find with path halving. */
function createPartition<Item>() {
  const parents = new Map<Item, Item>();
  function rootOf(item: Item): Item {
    let at = item;
    for (;;) {
      const parent = parents.get(at) ?? at;
      if (parent === at) return at;
      const grandparent = parents.get(parent) ?? parent;
      parents.set(at, grandparent);
      at = grandparent;
    }
  }
  return {
    rootOf,
    join(a: Item, b: Item): void {
      parents.set(rootOf(a), rootOf(b));
    },
  };
}
