import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/shared/rng.ts';
import { createPool } from '../../src/schedule/pool.ts';

const nobody = (): boolean => false;

describe('createPool', () => {
  it('waits for nobody as long as there is some that nobody had', () => {
    const pool = createPool(10);

    expect(pool.take(4, nobody)).toEqual([]);
    pool.giveBack(4, 'm1');
    expect(pool.take(6, nobody)).toEqual([]);
    expect(pool.has(5)).toBe(false);
    expect(pool.has(4)).toBe(true);
  });

  it('waits for those whose part it takes, the first to give back first', () => {
    const pool = createPool(2);
    pool.take(2, nobody);
    pool.giveBack(1, 'm1');
    pool.giveBack(1, 'm2');

    expect(pool.take(1, nobody)).toEqual(['m1']);
    expect(pool.take(1, nobody)).toEqual(['m2']);
  });

  it('takes first what a step had that is waited for anyway', () => {
    const pool = createPool(3);
    pool.take(2, nobody);
    pool.giveBack(1, 'm1');
    pool.giveBack(1, 'm2');

    expect(pool.take(1, (step) => step === 'm2')).toEqual(['m2']);
    expect(pool.take(1, nobody)).toEqual([]);
    expect(pool.take(1, nobody)).toEqual(['m1']);
  });

  it('holds ten tenths, and not a millionth more', () => {
    const pool = createPool(1);
    for (let tenth = 1; tenth <= 10; tenth += 1) {
      expect(pool.has(0.1)).toBe(true);
      pool.take(0.1, nobody);
    }

    expect(pool.has(1e-6)).toBe(false);
  });

  it('has no end where it has no limit', () => {
    const pool = createPool(Infinity);
    pool.take(5, nobody);
    pool.giveBack(5, 'm1');

    expect(pool.take(1e9, nobody)).toEqual([]);
    expect(pool.has(1e9)).toBe(true);
  });

  it('never has too little in any execution in which steps wait for those before them', () => {
    const capacity = 7;
    const request = fc.record({ amount: fc.integer({ min: 1, max: capacity }), end: fc.nat() });
    fc.assert(
      fc.property(fc.array(request, { maxLength: 20 }), fc.nat(), (requests, seed) => {
        const steps = taken(requests, capacity);
        const rng = createRng(seed);
        const [waiting, running, ended] = [new Set(steps), new Set<Step>(), new Set<string>()];
        while (waiting.size + running.size > 0) {
          const ready = [...waiting].filter(({ after }) => after.every((one) => ended.has(one)));
          const choices = [...ready, ...running];
          const chosen = choices[rng.nextInt(choices.length)];
          if (chosen === undefined) break;
          if (running.delete(chosen)) ended.add(chosen.step);
          else if (waiting.delete(chosen)) running.add(chosen);
          expect([...running].reduce((sum, { amount }) => sum + amount, 0)).toBeLessThanOrEqual(capacity);
        }
        expect(ended.size).toBe(steps.length);
      }),
      { seed: 4, numRuns: 500 },
    );
  });
});

interface Step {
  readonly step: string;
  readonly amount: number;
  readonly after: readonly string[];
}

/** Takes one amount after the other; where it is too much, `end` says who gives back first. */
function taken(requests: readonly { amount: number; end: number }[], capacity: number): readonly Step[] {
  const pool = createPool(capacity);
  const running: Step[] = [];
  return requests.map(({ amount, end }, at) => {
    while (!pool.has(amount)) {
      const [gone] = running.splice(end % running.length, 1);
      if (gone !== undefined) pool.giveBack(gone.amount, gone.step);
    }
    const step = { step: `m${at}`, amount, after: pool.take(amount, nobody) };
    running.push(step);
    return step;
  });
}
