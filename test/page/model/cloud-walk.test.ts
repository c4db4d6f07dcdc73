import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createBoard } from '../../../src/page/model/board.ts';
import { walkCloud } from '../../../src/page/model/cloud-walk.ts';
import { drawnPage } from '../../browser/support/drawn-page.ts';

const { cloud, steps } = drawnPage({ hosts: 6, moves: 12 });
if (cloud === undefined) throw new Error('the drawn page has no cloud');
const meters = [...cloud.used.keys()];

it('has the same numbers at a position, by whatever way it came there', () => {
  const positions = fc.array(fc.integer({ min: -3, max: cloud.events.length + 3 }), { minLength: 1 });
  fc.assert(
    fc.property(positions, fc.integer({ min: 0, max: cloud.events.length }), (ways, end) => {
      const wandered = walkCloud(cloud, steps);
      for (const position of ways) wandered.moveTo(position);
      wandered.moveTo(end);

      const direct = walkCloud(cloud, steps);
      direct.moveTo(end);

      expect(meters.map((m) => wandered.used(m))).toEqual(meters.map((m) => direct.used(m)));
      expect(cloud.hosts.map((_, h) => wandered.servers(h))).toEqual(
        cloud.hosts.map((_, h) => direct.servers(h)),
      );
    }),
  );
});

it('counts a server on the host that it leaves until its step has ended', () => {
  const walk = walkCloud(cloud, steps);
  expect([walk.servers(3), walk.servers(0)]).toEqual([4, 0]);

  walk.moveTo(cloud.events.length);
  expect([walk.servers(3), walk.servers(0)]).toEqual([0, 4]);
  expect(walk.used(0)).toBe(0);
  expect(walk.gained(2)).toBe(8);
});

it('calls only those whose numbers change', () => {
  const board = createBoard(cloud, steps);
  const called: number[] = [];
  for (const meter of meters) board.onMeter(meter, () => called.push(meter));
  const stop = board.onMeter(2, () => called.push(-1));
  stop();

  board.goTo(1); // m1 is requested: two resources of the second cell of host 0
  expect(called).toEqual([2, 3]);
});
