import { DirectedGraph } from 'graphology';
import type { HostId } from '../model/ids.ts';
import type { Server } from '../model/server.ts';
import type { State } from '../replay/state.ts';
import { compareText, groupBy } from '../shared/collections.ts';
import { firstDifference } from './first-difference.ts';
import { supposing } from './hypothesis.ts';
import type { Trip } from './ways.ts';

/** A move as the room graph sees it. */
export interface Moving {
  readonly server: Server;
  readonly from: HostId;
  readonly target: HostId;
}

/**
 * Who frees room for whom as things stand: nodes are the servers that move, and an edge A → B says that A must have
 * left B's destination before B may arrive there.
 *
 * For each move that is refused now, the departures from its destination leave in thought, the biggest first, until
 * it is allowed; those of them that can stay after all are taken out again. A move that stays refused when all have
 * left waits for something else, and gets no edge.
 */
export function roomGraph(
  moves: readonly Moving[],
  state: State,
  isLegal: (trip: Trip) => boolean,
): DirectedGraph {
  const graph = new DirectedGraph();
  const leaving = groupBy(moves, (move) => move.from);
  for (const { server } of moves) graph.addNode(server.id);
  for (const move of moves) {
    const departures = (leaving.get(move.target) ?? []).toSorted(biggestFirst);
    for (const { server } of neededDepartures(move, departures, state, isLegal))
      graph.mergeDirectedEdge(server.id, move.server.id);
  }
  return graph;
}

function neededDepartures(
  { server, from, target }: Moving,
  departures: readonly Moving[],
  state: State,
  isLegal: (trip: Trip) => boolean,
): readonly Moving[] {
  const allowedWithout = (gone: readonly Moving[]): boolean =>
    supposing(
      state,
      gone.map((one) => ({ server: one.server, from: one.from, to: one.target })),
      () => isLegal({ server, from, to: target }),
    );
  if (departures.length === 0 || allowedWithout([])) return [];
  const count = departures.findIndex((_, index) => allowedWithout(departures.slice(0, index + 1))) + 1;
  let needed = departures.slice(0, count);
  for (const one of needed.slice(0, -1)) {
    const fewer = needed.filter((other) => other !== one);
    if (allowedWithout(fewer)) needed = fewer;
  }
  return needed;
}

const biggestFirst = (a: Moving, b: Moving): number =>
  firstDifference(
    b.server.flavor.memoryMiB - a.server.flavor.memoryMiB,
    compareText(a.server.id, b.server.id),
  );

/**
 * For each node the greatest sum of `seconds` over a path of edges that starts there, itself not counted. In a
 * cycle the way back to where the search came in counts, and nothing after it.
 */
export function longestPaths(
  graph: DirectedGraph,
  seconds: (node: string) => number,
): ReadonlyMap<string, number> {
  const longest = new Map<string, number>();
  for (const node of reversePostorder(graph).toReversed()) {
    let most = 0;
    for (const next of graph.outNeighbors(node))
      most = Math.max(most, seconds(next) + (longest.get(next) ?? 0));
    longest.set(node, most);
  }
  return longest;
}

/** One shortest cycle for each set of nodes that reach each other, through its first node. */
export function cyclesOf(graph: DirectedGraph): readonly (readonly string[])[] {
  return strongComponents(graph)
    .filter((component) => component.length > 1)
    .map((component) => shortestCycle(graph, component))
    .sort(([a = ''], [b = '']) => compareText(a, b));
}

/** Kosaraju: searches against the edges, in reverse postorder of a search along them, find the components. */
function strongComponents(graph: DirectedGraph): readonly (readonly string[])[] {
  const seen = new Set<string>();
  return reversePostorder(graph).flatMap((root) => {
    if (seen.has(root)) return [];
    seen.add(root);
    const component: string[] = [root];
    for (const node of component) {
      for (const before of graph.inNeighbors(node)) {
        if (seen.has(before)) continue;
        seen.add(before);
        component.push(before); // the loop goes on over what is added here
      }
    }
    return [component.sort(compareText)];
  });
}

/** Depth first with a stack of our own: chains may be longer than the call stack is deep. */
function reversePostorder(graph: DirectedGraph): readonly string[] {
  const seen = new Set<string>();
  const postorder: string[] = [];
  for (const root of graph.nodes()) {
    if (seen.has(root)) continue;
    seen.add(root);
    const stack = [{ node: root, next: graph.outNeighbors(root).values() }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const { done, value } = top.next.next();
      if (done === true) {
        postorder.push(top.node);
        stack.pop();
      } else if (!seen.has(value)) {
        seen.add(value);
        stack.push({ node: value, next: graph.outNeighbors(value).values() });
      }
    }
  }
  return postorder.reverse();
}

/** Breadth first from the first node of a component back to it. */
function shortestCycle(graph: DirectedGraph, component: readonly string[]): readonly string[] {
  const inside = new Set(component);
  const [start = ''] = component;
  const reachedFrom = new Map<string, string>();
  const queue = [start];
  for (const node of queue) {
    for (const next of graph.outNeighbors(node).toSorted(compareText)) {
      if (next === start) return pathTo(node, reachedFrom);
      if (!inside.has(next) || reachedFrom.has(next)) continue;
      reachedFrom.set(next, node);
      queue.push(next);
    }
  }
  return component;
}

function pathTo(node: string, reachedFrom: ReadonlyMap<string, string>): readonly string[] {
  const path: string[] = [];
  for (let at: string | undefined = node; at !== undefined; at = reachedFrom.get(at)) path.push(at);
  return path.reverse();
}
