import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packLanes } from '../../../src/page/model/lanes.ts';
import { isolated, splitMarks } from '../../../src/page/model/marks.ts';
import { linkTo, parseRoute } from '../../../src/page/model/route.ts';
import {
  amount,
  bytesWords,
  clock,
  count,
  duration,
  grouped,
  shortTime,
  signed,
} from '../../../src/page/model/words.ts';

it('says times, amounts and numbers briefly', () => {
  expect([clock(0), clock(3725), clock(90_000)]).toEqual(['0:00:00', '1:02:05', '25:00:00']);
  expect([duration(45), duration(600), duration(3600), duration(11_100)]).toEqual([
    '45 s',
    '10 min',
    '1 h',
    '3 h 5 min',
  ]);
  expect([shortTime(340), shortTime(2500), shortTime(45_000)]).toEqual(['340 ms', '2.5 s', '45 s']);
  expect([bytesWords(310 * 2 ** 20), bytesWords(4.25 * 2 ** 30)]).toEqual(['310 MiB', '4.3 GiB']);
  expect([amount(48, ''), amount(512, 'MiB'), amount(131_072, 'MiB')]).toEqual(['48', '0.5', '128']);
  expect([signed(0, ''), signed(4, ''), signed(-2048, 'MiB')]).toEqual(['', '+4', '\u22122']);
  expect([grouped(999), grouped(6000), grouped(1_234_567)]).toEqual(['999', '6,000', '1,234,567']);
  expect([count(1, 'step'), count(6000, 'step'), count(2, 'entry', 'entries')]).toEqual([
    '1 step',
    '6,000 steps',
    '2 entries',
  ]);
});

it('finds marks that nobody sees, and loses no character of a name', () => {
  expect(splitMarks('a\u202Eb')).toEqual([{ text: 'a' }, { text: '\u202E', code: 'U+202E' }, { text: 'b' }]);
  expect(splitMarks('plain')).toEqual([{ text: 'plain' }]);
  expect(isolated('a\u2069b')).toBe('\u2068a<U+2069>b\u2069');
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'é', '<', ' ', '\u202E', '\u2069', '\u0000', '\u{1F600}') }),
      (name) => {
        expect(
          splitMarks(name)
            .map(({ text }) => text)
            .join(''),
        ).toBe(name);
      },
    ),
  );
});

it('reads back every address that it writes, and takes no other for one', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (key) => {
      expect(parseRoute(linkTo('server', key))).toEqual({ kind: 'server', key });
    }),
  );
  expect(['', '#map', '#/host', '#/other/1', '#/step/%E0%A4'].map((hash) => parseRoute(hash).kind)).toEqual(
    Array.from({ length: 5 }, () => 'none'),
  );
});

it('lays stretches that overlap on different lines, on as few as there are at once', () => {
  const stretch = fc.tuple(fc.nat(50), fc.integer({ min: 1, max: 20 }));
  fc.assert(
    fc.property(fc.array(stretch), (drawn) => {
      const stretches = drawn.map(([startSeconds, takes]) => ({
        startSeconds,
        endSeconds: startSeconds + takes,
      }));
      const { lanes, count: lines } = packLanes(stretches);

      const atOnce = stretches.map(
        ({ startSeconds: at }) => stretches.filter((s) => s.startSeconds <= at && at < s.endSeconds).length,
      );
      expect(lines).toBe(Math.max(0, ...atOnce));
      for (const [i, one] of stretches.entries())
        for (const [j, other] of stretches.entries())
          if (i < j && lanes[i] === lanes[j])
            expect(one.endSeconds <= other.startSeconds || other.endSeconds <= one.startSeconds).toBe(true);
    }),
  );
});
