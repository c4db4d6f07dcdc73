import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { precopy, type Precopy } from '../../../src/replay/transfer/precopy.ts';

const gib = 2 ** 30;
const half = [{ fromSeconds: 0, milliseconds: 500 }];

/** GiB, GiB/s: a guest that writes `dirty` a second, at most `working` in all, over a way of 1 GiB/s. */
function copyOf(
  memory: number,
  dirty: number,
  { working = memory, ...over }: Partial<Precopy> & { readonly working?: number } = {},
) {
  const { left, ...course } = precopy({
    memory: memory * gib,
    bytesPerSecond: gib,
    dirtyAfter: (seconds) => Math.min(working, dirty * seconds) * gib,
    limits: half,
    patienceSeconds: 1000,
    ...over,
  });
  return { ...course, left: left / gib };
}

describe('precopy', () => {
  it('sends the memory once when nothing is written', () => {
    expect(copyOf(10, 0)).toEqual({ converges: true, seconds: 10, left: 0, throttled: 0 });
  });

  it('sends rounds that shrink by the dirty share until the rest fits the downtime limit', () => {
    // 8 + 4 + 2 + 1 GiB at 1 GiB/s; the last half GiB takes 500 ms
    expect(copyOf(8, 0.5)).toEqual({ converges: true, seconds: 15, left: 0.5, throttled: 0 });
  });

  it('needs no round for memory that fits the downtime limit', () => {
    expect(copyOf(0.25, 4)).toMatchObject({ seconds: 0, left: 0.25 });
  });

  it('never ends where the guest writes faster than the network carries', () => {
    expect(copyOf(8, 100)).toEqual({ converges: false, seconds: 1000, left: 8, throttled: 0 });
  });

  it('has no more left than the working set, however fast that is written', () => {
    // 8 GiB once, then the same 0.4 GiB
    expect(copyOf(8, 100, { working: 0.4 })).toMatchObject({ converges: true, seconds: 8, left: 0.4 });
    expect(copyOf(8, 100, { working: 0.6 })).toMatchObject({ converges: false, left: 0.6 });
  });

  it('waits for the limit that its rounds fit under', () => {
    const limits = [
      { fromSeconds: 0, milliseconds: 100 },
      { fromSeconds: 60, milliseconds: 500 },
      { fromSeconds: 120, milliseconds: 900 },
    ];

    expect(copyOf(8, 100, { working: 0.4, limits })).toMatchObject({ seconds: 60, left: 0.4 });
    expect(copyOf(8, 100, { working: 0.6, limits })).toMatchObject({ seconds: 120, left: 0.6 });
    expect(copyOf(8, 100, { working: 0.6, limits, patienceSeconds: 119 })).toMatchObject({
      converges: false,
      seconds: 119,
    });
    // 8 + 4 + 2 + 1 + 0.5 + 0.25 + 0.125 GiB leave 0.0625 long before the limit rises
    expect(copyOf(8, 0.5, { limits })).toMatchObject({ seconds: 15.875, left: 0.0625 });
  });

  it('slows the guest down where the hypervisor may, until it writes little enough', () => {
    const { seconds, left, ...course } = copyOf(8, 1, { throttles: true });

    // 8 8 | 80 %: 8 6.4 | 70 %: 5.12 3.584 | 60 %: 2.5088 1.50528 | 50 %: 0.903168, then 0.451584 are left
    expect(course).toEqual({ converges: true, throttled: 0.5 });
    expect([seconds, left]).toEqual([expect.closeTo(44.021248, 9), expect.closeTo(0.451584, 9)]);
    expect(copyOf(8, 1)).toMatchObject({ converges: false });
  });

  it('gives up on a guest that writes too much at a hundredth of its pace', () => {
    expect(copyOf(8, 200, { throttles: true })).toMatchObject({ converges: false, throttled: 0.99 });
  });

  it('is finite, sends all memory, and grows with memory, dirt and a slower way', () => {
    const size = fc.double({ min: 0.01, max: 1e4, noNaN: true });
    const rate = fc.double({ min: 0, max: 1e3, noNaN: true });
    const more = fc.double({ min: 1, max: 3, noNaN: true });
    const limits = fc.constantFrom(half, [
      { fromSeconds: 0, milliseconds: 50 },
      { fromSeconds: 40, milliseconds: 275 },
      { fromSeconds: 80, milliseconds: 500 },
    ]);
    fc.assert(
      fc.property(size, rate, size, more, limits, (memory, dirty, working, factor, given) => {
        const total = (m: number, d: number, b: number): number => {
          const { seconds, left } = copyOf(m, d, { working, limits: given, bytesPerSecond: b * gib });
          expect([seconds, left].every(Number.isFinite)).toBe(true);
          return seconds + left / b;
        };
        const once = total(memory, dirty, 1);

        if (once < 1000) expect(once).toBeGreaterThanOrEqual(memory * (1 - 1e-9));
        const slack = once * (1 - 1e-9);
        expect(total(memory * factor, dirty, 1)).toBeGreaterThanOrEqual(slack);
        expect(total(memory, dirty * factor, 1)).toBeGreaterThanOrEqual(slack);
        expect(total(memory, dirty, 1 / factor)).toBeGreaterThanOrEqual(slack);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });
});
