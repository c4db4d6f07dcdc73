import { describe, expect, it } from 'vitest';
import { rules } from '../../../src/constraints/registry.ts';
import { createState } from '../../../src/replay/state.ts';
import { createWorld, type Resting } from '../../../src/schedule/exact/world.ts';
import { type Ask, legalArrival } from '../../../src/schedule/ways.ts';
import { aCloud, aContext, aHost, aServer, hostId } from '../../support/builders.ts';

describe('a world of resting states', () => {
  const servers = [aServer('a', 'h1', { memoryGiB: 40 }), aServer('b', 'h2', { memoryGiB: 40 })];
  const names = ['h1', 'h2', 'h3'];
  const cloud = aCloud({ hosts: names.map((name) => aHost(name)), servers });
  const worldOf = (setsOf: () => readonly string[] = () => []) => {
    const state = createState(aContext(cloud));
    const asked: string[] = [];
    const ask: Ask = (trip) => {
      asked.push(`${trip.server.id} ${trip.from}>${trip.to}`);
      return legalArrival(trip, state, rules);
    };
    return { state, asked, world: createWorld(state, servers, names.map(hostId), ask, setsOf) };
  };
  const [a, b, h1, h2, h3] = [0, 1, 0, 1, 2];

  it('leads where rules allow it, and nowhere else', () => {
    const { world } = worldOf();

    expect(world.start.hosts).toEqual([h1, h2]);
    expect(world.next(world.start, a, h2)).toBeUndefined();
    expect(world.next(world.start, a, h3)?.hosts).toEqual([h3, h2]);
  });

  it('comes back to the same contents by another way, and is its own state again when closed', () => {
    const { world, state } = worldOf();
    const away = world.next(world.start, a, h3);
    const back = away === undefined ? undefined : world.next(away, a, h1);
    const again = back === undefined ? undefined : world.next(back, a, h3);

    expect(away?.contents).not.toEqual(world.start.contents);
    expect(again?.contents).toEqual(away?.contents);
    world.close();
    expect(state.assignment()).toEqual(createState(aContext(cloud)).assignment());
  });

  it('asks about each case once, whatever is elsewhere, but for members of a serial set', () => {
    const questions = (setsOf: () => readonly string[]): readonly string[] => {
      const { world, asked } = worldOf(setsOf);
      const away: Resting | undefined = world.next(world.start, a, h3);
      if (away === undefined) throw new Error('a may go');
      world.next(away, b, h1);
      const moved = world.next(world.start, b, h3);
      if (moved === undefined) throw new Error('b may go');
      world.next(world.start, a, h3);
      world.next(moved, a, h2);
      world.next({ ...world.start, hosts: [h1, h3] }, a, h3);
      return asked;
    };

    expect(questions(() => [])).toEqual(['a h1>h3', 'b h2>h1', 'b h2>h3', 'a h1>h2']);
    expect(questions(() => ['set'])).toHaveLength(5);
  });
});
