import { describe, expect, it } from 'vitest';
import { createEffort } from '../../../src/schedule/effort.ts';
import { searchSequence, type Sequence } from '../../../src/schedule/exact/search.ts';
import type { Resting, World } from '../../../src/schedule/exact/world.ts';
import { aServer, hostId } from '../../support/builders.ts';

/** Servers on numbered hosts with room for one each. */
function oneEach(start: readonly number[], hosts: number): World {
  const resting = (at: readonly number[], last: Resting['last']): Resting => ({
    hosts: at,
    contents: Array.from({ length: hosts }, (_, host) => at.indexOf(host)),
    last,
  });
  return {
    start: resting(start, undefined),
    next: (state, s, to) => {
      if (state.hosts.includes(to)) return undefined;
      const leg = {
        server: aServer(`s${s}`, undefined),
        from: hostId(`h${state.hosts[s] ?? ''}`),
        to: hostId(`h${to}`),
      };
      return resting(state.hosts.with(s, to), { before: state, leg });
    },
    close: () => undefined,
  };
}

const found = (
  start: readonly number[],
  goal: readonly number[],
  hosts: number,
  { effort = 1000, most = Infinity, closed = -1 } = {},
): Sequence =>
  searchSequence(
    oneEach(start, hosts),
    { goal, moving: goal.map((_, s) => s), passable: (_, host) => host !== closed },
    createEffort(effort),
    most,
  );

const told = (sequence: Sequence): string =>
  sequence.kind === 'found'
    ? `${sequence.stopOvers}: ${sequence.legs.map(({ server, from, to }) => `${server.id} ${from}>${to}`).join(', ')}`
    : sequence.kind;

describe('searchSequence', () => {
  it('makes moves in the order in which they free each other', () => {
    expect(told(found([0, 1], [1, 2], 3))).toBe('0: s1 h1>h2, s0 h0>h1');
  });

  it('finds a swap with one stop-over, and never with two', () => {
    expect(found([0, 1], [1, 0], 4)).toMatchObject({ kind: 'found', stopOvers: 1, legs: { length: 3 } });
  });

  it('proves that there is none: without a third host, through none that may be passed, or within a limit', () => {
    expect(told(found([0, 1], [1, 0], 2))).toBe('none');
    expect(told(found([0, 1], [1, 0], 3, { closed: 2 }))).toBe('none');
    expect(told(found([0, 1], [1, 0], 3, { most: 0 }))).toBe('none');
  });

  it('does not know where effort ends first', () => {
    expect(told(found([0, 1], [1, 0], 3, { effort: 1 }))).toBe('unknown');
  });
});
