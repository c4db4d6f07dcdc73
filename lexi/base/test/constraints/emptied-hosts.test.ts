import { describe, expect, it } from 'vitest';
import { emptiedHosts } from '../../src/constraints/emptied-hosts.ts';
import { aCell, aCloud, aContext, aHost, aServer, hostId } from '../support/builders.ts';
import { aPlacedCell, placedOn, without } from '../support/parts.ts';

const context = aContext(
  aCloud({
    hosts: [
      aHost('h1', { cells: [aCell(0, { cores: 2, pinned: [0, 1] })] }),
      aHost('h2', { cells: [aCell(0, { cores: 2, pinned: [0] })] }),
      without(aHost('h3'), 'cells'),
    ],
    servers: [aServer('s1', 'h1', { topology: placedOn(aPlacedCell(0, [0])) }), aServer('s2', 'h1')],
  }),
);

describe('emptiedHosts', () => {
  it('has each host whose cells are known, without its residents', () => {
    const hosts = emptiedHosts(context);

    expect([...hosts].map(([id, { state }]) => [id, [...(state.cells[0]?.freeThreads ?? [])]])).toEqual([
      ['h1', [2, 1]],
      ['h2', [1, 2]],
    ]);
  });

  it('knows what the residents hold there, and leaves out those that hold nothing', () => {
    expect([...(emptiedHosts(context).get(hostId('h1'))?.held.keys() ?? [])]).toEqual(['s1']);
  });

  it('is made once a context', () => {
    expect(emptiedHosts(context)).toBe(emptiedHosts(context));
    expect(emptiedHosts(context)).not.toBe(emptiedHosts({ ...context }));
  });
});
