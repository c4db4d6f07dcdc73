import { describe, expect, it } from 'vitest';
import { createScript } from '../../../src/schedule/exact/script.ts';
import type { Leg } from '../../../src/schedule/lane.ts';
import { aServer, hostId, serverId } from '../../support/builders.ts';

/** Legs as people write them: `a h1>h2`. */
const legsOf = (...words: readonly string[]) =>
  words.map((text) => {
    const [name = '', from = '', to = ''] = text.split(/[ >]/);
    return { server: aServer(name, from), from: hostId(from), to: hostId(to) };
  });

const legOf = (name: string, from: string, to: string): Leg => ({
  server: aServer(name, from),
  from: hostId(from),
  target: hostId(to),
  to: hostId(to),
  cellular: false,
  pinnedCpus: 0,
  serialSets: [],
  stopOvers: 0,
  seconds: 1,
  mbps: 0,
  refused: undefined,
  allowed: undefined,
});

const noSets = () => [];

describe('a script', () => {
  it('lets a leg go when those before it have left its destination', () => {
    const script = createScript(legsOf('b h2>h3', 'a h1>h2'), noSets);
    const may = () => script.hasTurn(legOf('a', 'h1', 'h2'), hostId('h2'));

    expect(may()).toBe(false);
    script.requested(serverId('b'));
    expect(may()).toBe(false);
    script.left(serverId('b'));
    expect(may()).toBe(true);
  });

  it('lets a leg go when those before it have been requested that come to one of its hosts', () => {
    const script = createScript(legsOf('b h3>h1', 'a h1>h2'), noSets);
    const may = () => script.hasTurn(legOf('a', 'h1', 'h2'), hostId('h2'));

    expect(may()).toBe(false);
    script.requested(serverId('b'));
    expect(may()).toBe(true);
  });

  it('keeps members of one serial set apart, and nobody else', () => {
    const legs = legsOf('a h1>h2', 'b h3>h4');
    const turnOfB = (sets: readonly string[]) =>
      createScript(legs, () => sets).hasTurn(legOf('b', 'h3', 'h4'), hostId('h4'));

    expect([turnOfB(['group']), turnOfB([])]).toEqual([false, true]);
  });

  it('sends a server by its legs, one after the other, and nowhere else', () => {
    const script = createScript(legsOf('a h1>h2', 'a h2>h3'), noSets);

    expect(script.nextStop(serverId('a'))).toBe('h2');
    expect(script.hasTurn(legOf('a', 'h1', 'h3'), hostId('h3'))).toBe(false);
    script.requested(serverId('a'));
    script.left(serverId('a'));
    expect(script.nextStop(serverId('a'))).toBe('h3');
    script.requested(serverId('a'));
    expect(script.nextStop(serverId('a'))).toBeUndefined();
  });
});
