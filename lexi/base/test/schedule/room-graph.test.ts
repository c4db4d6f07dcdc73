import { DirectedGraph } from 'graphology';
import { describe, expect, it } from 'vitest';
import { rules } from '../../src/constraints/registry.ts';
import { createState } from '../../src/replay/state.ts';
import { cyclesOf, longestPaths, roomGraph } from '../../src/schedule/room-graph.ts';
import { legalArrival } from '../../src/schedule/ways.ts';
import { aCloud, aContext, aHost, aServer, hostId } from '../support/builders.ts';
import type { Server } from '../../src/model/server.ts';

function graphOf(edges: readonly string[]): DirectedGraph {
  const graph = new DirectedGraph();
  for (const edge of edges) {
    const [from = '', to = ''] = edge.split('>');
    graph.mergeDirectedEdge(from, to);
  }
  return graph;
}

/** The edges for servers that move, given as `server from>to GiB` on hosts of 64 GiB. */
function edgesOf(moves: readonly string[], hosts = ['h1', 'h2', 'h3']): readonly string[] {
  const parsed = moves.map((move) => {
    const [name = '', trip = '', memoryGiB = ''] = move.split(' ');
    const [from = '', to = ''] = trip.split('>');
    return { server: aServer(name, from, { memoryGiB: Number(memoryGiB) }), from, to };
  });
  const servers: Server[] = parsed.map((one) => one.server);
  const context = aContext(aCloud({ hosts: hosts.map((name) => aHost(name)), servers }));
  const state = createState(context);
  const moving = parsed.map(({ server, from, to }) => ({ server, from: hostId(from), target: hostId(to) }));
  const graph = roomGraph(moving, state, (trip) => legalArrival(trip, state, rules) !== undefined);
  return graph.edges().map((edge) => graph.extremities(edge).join('>'));
}

describe('roomGraph', () => {
  it('has no edge where there is room', () => {
    expect(edgesOf(['a h1>h2 8', 'b h2>h3 8'])).toEqual([]);
  });

  it('says who must leave before another may come', () => {
    expect(edgesOf(['a h1>h2 64', 'b h2>h3 64'])).toEqual(['b>a']);
  });

  it('names only as many departures as are needed, big ones before small ones', () => {
    expect(edgesOf(['a h1>h2 32', 'b h2>h3 40', 'c h2>h3 16', 'd h2>h3 8'])).toEqual(['b>a']);
    expect(edgesOf(['a h1>h2 60', 'b h2>h3 32', 'c h2>h3 31'])).toEqual(['b>a', 'c>a']);
  });

  it('shows a swap of full hosts as a cycle', () => {
    expect(edgesOf(['a h1>h2 64', 'b h2>h1 64'])).toEqual(['b>a', 'a>b']);
  });

  it('has no edge to a move that departures cannot help', () => {
    expect(edgesOf(['a h1>h4 64', 'b h2>h3 64'])).toEqual([]);
  });
});

describe('cyclesOf', () => {
  it('finds none in a chain', () => {
    expect(cyclesOf(graphOf(['a>b', 'b>c', 'a>c']))).toEqual([]);
  });

  it('finds a shortest one in each part that holds any', () => {
    expect(cyclesOf(graphOf(['x>y', 'y>x', 'a>b', 'b>c', 'c>d', 'd>a', 'b>a', 'd>x']))).toEqual([
      ['a', 'b'],
      ['x', 'y'],
    ]);
  });

  it('manages chains that are longer than the call stack', () => {
    const edges = Array.from({ length: 50_000 }, (_, index) => `n${index}>n${index + 1}`);

    expect(cyclesOf(graphOf([...edges, 'n50000>n0']))[0]).toHaveLength(50_001);
  });
});

describe('longestPaths', () => {
  it('adds up what follows, along the longest way', () => {
    const longest = longestPaths(
      graphOf(['a>b', 'b>c', 'a>c']),
      (node) => ({ a: 1, b: 10, c: 100 })[node] ?? 0,
    );

    expect(Object.fromEntries(longest)).toEqual({ a: 110, b: 100, c: 0 });
  });

  it('goes round a cycle once', () => {
    const longest = longestPaths(graphOf(['a>b', 'b>a']), () => 1);

    expect(Object.fromEntries(longest)).toEqual({ a: 2, b: 1 });
  });
});
