import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeControls, showName } from '../../src/shared/text.ts';

describe('escapeControls', () => {
  it('leaves names of any script as they are', () => {
    expect(escapeControls('web-3 Büro 東京 خادم 🚀')).toBe('web-3 Büro 東京 خادم 🚀');
  });

  it('writes line ends and terminal escapes out', () => {
    expect(escapeControls('a\nb\r\tc\u001b[31mred\u0007\u009b')).toBe(
      'a\\nb\\r\\tc\\u{1b}[31mred\\u{7}\\u{9b}',
    );
  });

  it('writes line and paragraph separators out', () => {
    expect(escapeControls('a\u2028b\u2029c')).toBe('a\\u{2028}b\\u{2029}c');
  });

  it('writes marks out that turn the reading direction', () => {
    expect(escapeControls('\u202egnp.exe\u2066x\u2069\u200f\u061c')).toBe(
      '\\u{202e}gnp.exe\\u{2066}x\\u{2069}\\u{200f}\\u{61c}',
    );
  });

  it('writes characters out that show nothing', () => {
    expect(escapeControls('a\u200bb\ufeffc\u00add\u{e0041}')).toBe('a\\u{200b}b\\u{feff}c\\u{ad}d\\u{e0041}');
  });

  it('writes half a surrogate pair out', () => {
    expect(escapeControls('a\ud800b')).toBe('a\\u{d800}b');
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = escapeControls(text);

        expect(escapeControls(once)).toBe(once);
        expect(once.split('\n')).toHaveLength(1);
      }),
    );
  });
});

describe('showName', () => {
  it('shows an ordinary name as it is', () => {
    expect(showName('cmp-07.example.org')).toBe('cmp-07.example.org');
  });

  it('shows that a name is empty', () => {
    expect(showName('')).toBe('""');
  });

  it('tells a written escape from the character that it stands for', () => {
    expect(showName('a\nb')).toBe('a\\nb');
    expect(showName('a\\nb')).toBe('a\\\\nb');
  });

  it('keeps a name of exactly the limit and cuts a longer one', () => {
    expect(showName('abcde', 5)).toBe('abcde');
    expect(showName('abcdef', 5)).toBe('abcd…');
  });

  it('never cuts inside an escape or a character', () => {
    expect(showName('ab\u001bcd', 6)).toBe('ab…');
    expect(showName('ab🚀cd', 4)).toBe('ab…');
  });

  it('is short for a name of a million characters', () => {
    expect(showName('x'.repeat(1_000_000))).toBe(`${'x'.repeat(79)}…`);
  });

  it('never exceeds the limit', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1 }),
        fc.integer({ min: 1, max: 20 }),
        (raw, limit) => {
          expect(showName(raw, limit).length).toBeLessThanOrEqual(limit);
        },
      ),
    );
  });
});
