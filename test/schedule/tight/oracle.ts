import { type RuleContext, waysOf } from '../../../src/constraints/context.ts';
import type { Arrival } from '../../../src/constraints/arrival.ts';
import { rules } from '../../../src/constraints/registry.ts';
import { type HostId, hostId } from '../../../src/model/ids.ts';
import type { Server } from '../../../src/model/server.ts';
import { isLegal } from '../../../src/replay/legality.ts';
import { createState, type State, type Undo } from '../../../src/replay/state.ts';

/** What is true of a start and a target, found by looking at every assignment that can be reached. */
export type Truth =
  | {
      readonly kind: 'reachable';
      /** Fewest migrations that do not lead to the server's target. */
      readonly stopOvers: number;
      /** Servers that need not move at all must step aside. */
      readonly needsResidents: boolean;
    }
  | { readonly kind: 'unreachable' }
  /** More states than `limit`. */
  | { readonly kind: 'too-large' };

/**
 * Looks at every state in which one migration after the other leaves the cloud: first only those who change host move,
 * and where that leads nowhere, everybody whom the rules let.
 *
 * One at a time loses nothing: who is under way holds both ends, so a request that is legal then is legal as well
 * before the other was requested or after it ended, and cells are chosen beside the same servers. What could differ is a
 * server that comes while another leaves the same host, with cells that it would neither find before nor after; no plan
 * contains that, since executions in which the other is slower or faster would find other cells.
 *
 * Answers of the rules are remembered by what they may read in these clouds: who asks, from where, everything that is
 * held at the destination, and where the others of its group are.
 */
export function truthOf(context: RuleContext, target: ReadonlyMap<string, string>, limit: number): Truth {
  const movers = movable(context).filter(({ id, host }) => (target.get(id) ?? host) !== host);
  const alone = explore(context, target, movers, limit);
  if (alone.kind !== 'unreachable') return alone;
  const all = explore(context, target, movable(context), limit);
  return all.kind === 'reachable' ? { ...all, needsResidents: true } : all;
}

const movable = (context: RuleContext): readonly Server[] =>
  [...context.cloud.servers.values()].filter(
    (server) => server.host !== undefined && waysOf(server, context).length > 0,
  );

/** A state, and the migration that led to it. */
interface Node {
  readonly before: Node | undefined;
  readonly arrival: Arrival | undefined;
  readonly depth: number;
  /** By host, the number of what is on it. */
  readonly contents: readonly number[];
  /** By moving server, the index of its host. */
  readonly at: readonly number[];
}

function explore(
  context: RuleContext,
  target: ReadonlyMap<string, string>,
  servers: readonly Server[],
  limit: number,
): Truth {
  const hosts = [...context.cloud.hosts.keys()];
  const goal = servers.map(({ id, host }) => hosts.indexOf(hostId(target.get(id) ?? host ?? '')));
  const stays = [...context.cloud.servers.values()].filter((server) => !servers.includes(server));
  if (stays.some(({ id, host }) => (target.get(id) ?? host) !== host)) return { kind: 'unreachable' };
  const world = createWorld(context, hosts, servers);
  const root: Node = {
    before: undefined,
    arrival: undefined,
    depth: 0,
    contents: hosts.map(world.contentOf),
    at: servers.map(({ host }) => hosts.indexOf(hostId(host ?? ''))),
  };
  const seen = new Set<string>();
  const layers: Node[][] = [[root]];
  for (let stopOvers = 0; stopOvers < layers.length; stopOvers += 1) {
    const layer = layers[stopOvers] ?? [];
    for (let node = layer.pop(); node !== undefined; node = layer.pop()) {
      const key = node.contents.join();
      if (seen.has(key)) continue;
      seen.add(key);
      if (seen.size > limit) return { kind: 'too-large' };
      if (node.at.every((host, index) => host === goal[index]))
        return { kind: 'reachable', stopOvers, needsResidents: false };
      for (const [index, server] of servers.entries())
        for (let to = 0; to < hosts.length; to += 1) {
          const next = to === node.at[index] ? undefined : world.next(node, server, index, to);
          if (next === undefined) continue;
          const cost = stopOvers + (to === goal[index] ? 0 : 1);
          (layers[cost] ??= []).push(next);
        }
    }
  }
  return { kind: 'unreachable' };
}

/** What a host holds: who, and which cells and devices. */
const wordsFor = (state: State, host: HostId): string =>
  state
    .claimsOn(host)
    .map(({ server, guest }) => `${server}${guest === undefined ? '' : JSON.stringify(guest)}`)
    .toSorted()
    .join();

interface Change {
  readonly arrival: Arrival;
  readonly to: number;
}

function createWorld(context: RuleContext, hosts: readonly HostId[], servers: readonly Server[]) {
  const state = createState(context);
  const path: { readonly node: Node; readonly undos: readonly Undo[] }[] = [];
  const changes = new Map<string, Change | undefined>();
  const leftovers = new Map<string, number>();
  const numbers = new Map<string, number>();
  const contentOf = (host: HostId): number => {
    const words = wordsFor(state, host);
    const known = numbers.get(words) ?? numbers.size;
    numbers.set(words, known);
    return known;
  };
  const isCompany = ({ group }: Server, other: number): boolean => servers[other]?.group === group;

  /** Brings the state to that of a node. */
  function goTo(node: Node): void {
    const wanted: Node[] = [];
    for (let at: Node | undefined = node; at?.arrival !== undefined; at = at.before) wanted.unshift(at);
    let common = 0;
    while (common < wanted.length && path[common]?.node === wanted[common]) common += 1;
    for (const { undos } of path.splice(common).reverse()) for (const undo of undos.toReversed()) undo();
    for (const one of wanted.slice(common))
      if (one.arrival !== undefined) path.push({ node: one, undos: migrate(one.arrival) });
  }

  function migrate(arrival: Arrival): readonly Undo[] {
    const server = arrival.server.id;
    return [
      state.apply({ kind: 'request', arrival }),
      state.apply({ kind: 'complete', server }),
      ...(arrival.method === 'cold' ? [state.apply({ kind: 'confirm', server })] : []),
    ];
  }

  function ask(node: Node, server: Server, from: HostId, to: HostId): Change | undefined {
    goTo(node);
    for (const way of waysOf(server, context)) {
      const arrival: Arrival = { server, from, to, ...way };
      if (!isLegal(arrival, state, rules)) continue;
      const undos = migrate(arrival);
      const content = contentOf(to);
      for (const undo of undos.toReversed()) undo();
      return { arrival, to: content };
    }
    return undefined;
  }

  function without(content: number, server: Server, node: Node, arrival: Arrival): number {
    const key = `${server.id} ${content}`;
    let left = leftovers.get(key);
    if (left === undefined) {
      goTo(node);
      const undos = migrate(arrival);
      leftovers.set(key, (left = contentOf(arrival.from)));
      for (const undo of undos.toReversed()) undo();
    }
    return left;
  }

  return {
    contentOf,
    next(node: Node, server: Server, index: number, toIndex: number): Node | undefined {
      const fromIndex = node.at[index] ?? -1;
      const [from, to] = [hosts[fromIndex], hosts[toIndex]];
      if (from === undefined || to === undefined) return undefined;
      const held = node.contents[toIndex] ?? -1;
      const company =
        server.group === undefined ? '' : node.at.filter((_, other) => isCompany(server, other)).join('/');
      const key = `${index} ${fromIndex} ${toIndex} ${held} ${company}`;
      if (!changes.has(key)) changes.set(key, ask(node, server, from, to));
      const change = changes.get(key);
      if (change === undefined) return undefined;
      const left = without(node.contents[fromIndex] ?? -1, server, node, change.arrival);
      const contents = node.contents.with(toIndex, change.to).with(fromIndex, left);
      return {
        before: node,
        arrival: change.arrival,
        depth: node.depth + 1,
        contents,
        at: node.at.with(index, toIndex),
      };
    },
  };
}
