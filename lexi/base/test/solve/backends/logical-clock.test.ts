import { describe, expect, it } from 'vitest';
import type { Watch } from '../../../src/solve/backends/engine.ts';
import { createLogicalClock, logicalSeconds } from '../../../src/solve/backends/logical-clock.ts';

const watch = (isCancelled = () => false): Watch => ({
  isCancelled,
  onIncumbent: () => undefined,
  onBound: () => undefined,
});

/** A solver that counts its steps until its clock says that its time is over. */
const countSteps = (): number => {
  const end = Date.now() + logicalSeconds * 1000;
  let steps = 0;
  while (Date.now() < end) steps += 1;
  return steps;
};

describe('createLogicalClock', () => {
  it('stops a solver after so many readings, counted over all of its runs', () => {
    const clock = createLogicalClock({ readings: 10, timeLimitSeconds: Infinity }, watch());

    expect(clock.run(() => Date.now() - Date.now())).toBe(0);
    expect(clock.stoppedBy).toBeUndefined();
    expect(clock.run(countSteps)).toBe(7);
    expect(clock.stoppedBy).toBe('effort');
  });

  it('stops a solver at once where nothing is left', () => {
    const clock = createLogicalClock({ readings: 0, timeLimitSeconds: Infinity }, watch());

    expect(clock.run(countSteps)).toBe(0);
    expect(clock.run(countSteps)).toBe(0);
  });

  it('stops a solver that is cancelled', () => {
    let readings = 0;
    const clock = createLogicalClock(
      { readings: Infinity, timeLimitSeconds: Infinity },
      watch(() => (readings += 1) > 4),
    );

    expect(clock.run(countSteps)).toBe(3);
    expect(clock.stoppedBy).toBe('cancel');
  });

  it('stops a solver at its deadline', () => {
    const clock = createLogicalClock({ readings: Infinity, timeLimitSeconds: 0 }, watch());

    clock.run(() => Date.now());

    expect(clock.stoppedBy).toBe('time');
  });

  it('gives the real clock back, even after a throw', () => {
    const { now } = Date;
    const clock = createLogicalClock({ readings: 1, timeLimitSeconds: 1 }, watch());

    const fail = (): never => {
      throw new Error('abort()');
    };

    expect(() => clock.run(fail)).toThrow('abort()');
    expect(Date.now).toBe(now);
  });
});
