import { describe, expect, it } from 'vitest';
import { fit, type Sample } from '../../../src/replay/transfer/fit.ts';

/** Copies of so many seconds of the link, at half its rate and 12 s besides. */
const onLine = (...linkSeconds: readonly number[]): readonly Sample[] =>
  linkSeconds.map((seconds) => ({ linkSeconds: seconds, seconds: 12 + 2 * seconds }));

describe('the fit of finished copies', () => {
  it('finds the share of the link and the seconds besides', () => {
    expect(fit(onLine(10, 20, 30, 40, 50))).toEqual({
      samples: 5,
      efficiency: { low: 0.5, expected: 0.5, high: 0.5 },
      overheadSeconds: 12,
    });
  });

  it('needs five', () => {
    expect(fit(onLine(10, 20, 30, 40))).toBeUndefined();
  });

  it('leaves out what is far from the line', () => {
    const waited = { linkSeconds: 25, seconds: 900 };
    const halted = { linkSeconds: 45, seconds: 20 };

    expect(fit([...onLine(10, 20, 30, 40, 50), waited, halted])).toMatchObject({
      samples: 5,
      efficiency: { expected: 0.5 },
      overheadSeconds: 12,
    });
  });

  it('has the quartiles of what is left for the ends of the interval', () => {
    const apart = [-4, -2, 0, 2, 4].flatMap((more) =>
      onLine(10, 40).map(({ linkSeconds, seconds }) => ({ linkSeconds, seconds: seconds + more })),
    );

    // ratios to 10 s: 1.6, 1.8, 2, 2.2, 2.4; to 40 s: 1.9, 1.95, 2, 2.05, 2.1
    const { low = 0, expected = 0, high = 0 } = fit(apart)?.efficiency ?? {};
    expect(1 / low).toBeCloseTo(1.9125, 9);
    expect(1 / expected).toBeCloseTo(2, 9);
    expect(1 / high).toBeCloseTo(2.0875, 9);
  });

  it('takes the assumed overhead where all are of one size', () => {
    const same = [27, 28, 28, 28, 29].map((seconds) => ({ linkSeconds: 10, seconds }));

    expect(fit(same)).toMatchObject({ efficiency: { expected: 0.5 }, overheadSeconds: 8 });
  });

  it('believes no copy that took no time, nor one that hardly moved', () => {
    const none = [1, 2, 3, 4, 5].map((at) => ({ linkSeconds: 10 * at, seconds: 10 }));
    const stuck = [1, 2, 3, 4, 5].map((at) => ({ linkSeconds: at * 3, seconds: 10_000 * at }));

    expect([fit(none), fit(stuck), fit([])]).toEqual([undefined, undefined, undefined]);
  });
});
