import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createEventQueue } from '../../src/schedule/event-queue.ts';

it('gives events by time, and those of one time as they were added', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), (times) => {
      const queue = createEventQueue<readonly [number, number]>();
      for (const [index, time] of times.entries()) queue.add(time, [time, index]);
      const taken: (readonly [number, number])[] = [];
      while (queue.nextTime() !== undefined) taken.push(...queue.takeNext());

      expect(taken).toEqual(times.map((time, index) => [time, index] as const).sort((a, b) => a[0] - b[0]));
    }),
    { seed: 1 },
  );
});

it('takes only the events of the next time', () => {
  const queue = createEventQueue<string>();
  queue.add(5, 'late');
  queue.add(2, 'first');
  queue.add(2, 'second');

  expect([queue.takeNext(), queue.nextTime()]).toEqual([['first', 'second'], 5]);
});
