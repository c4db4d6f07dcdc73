import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, writeCanonicalJson } from '../../src/shared/canonical-json.ts';

describe('canonicalJson', () => {
  it('prints the example of RFC 8785, section 3.2.3', () => {
    const value: unknown = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`);

    expect(canonicalJson(value)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],` +
        String.raw`"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it('sorts members as RFC 8785, section 3.2.3 does: by UTF-16 code units', () => {
    const value: unknown = JSON.parse(String.raw`{
      "\u20ac": "Euro Sign",
      "\r": "Carriage Return",
      "\ufb33": "Hebrew Letter Dalet With Dagesh",
      "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face",
      "\u0080": "Control",
      "\u00f6": "Latin Small Letter O With Diaeresis"
    }`);

    const members = [...canonicalJson(value).matchAll(/:"([^"]*)"/g)].map((match) => match[1]);

    expect(members).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it('prints numbers as RFC 8785, appendix B does', () => {
    const numbers = [
      -0, 5e-324, -1.7976931348623157e308, 9007199254740992, 295147905179352830000, 1e21, 1e-7,
    ];

    expect(canonicalJson(numbers)).toBe(
      '[0,5e-324,-1.7976931348623157e+308,9007199254740992,295147905179352830000,1e+21,1e-7]',
    );
  });

  it('leaves absent members out', () => {
    expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}');
  });

  it('prints empty containers', () => {
    expect(canonicalJson([{}, [], ''])).toBe('[{},[],""]');
  });

  it('prints a member named __proto__ like any other', () => {
    expect(canonicalJson(JSON.parse('{"__proto__":{"b":1,"a":2}}'))).toBe('{"__proto__":{"a":2,"b":1}}');
  });

  it('refuses what JSON cannot say', () => {
    expect(() => canonicalJson([Number.NaN])).toThrow('canonical JSON cannot hold the number NaN');
    expect(() => canonicalJson(Infinity)).toThrow('canonical JSON cannot hold the number Infinity');
    expect(() => canonicalJson({ hosts: new Map() })).toThrow('canonical JSON cannot hold [object Map]');
    expect(() => canonicalJson([undefined])).toThrow('canonical JSON cannot hold undefined');
    expect(() => canonicalJson(1n)).toThrow('canonical JSON cannot hold bigint');
    expect(() => canonicalJson('\ud800')).toThrow(
      'canonical JSON cannot hold the lone surrogate in "\\ud800"',
    );
  });

  it('prints a document nested a hundred thousand deep', () => {
    let nested: unknown = [];
    for (let depth = 1; depth < 100_000; depth += 1) nested = [nested];

    expect(canonicalJson(nested)).toBe('['.repeat(100_000) + ']'.repeat(100_000));
  });

  it('says the same as JSON, and says it again after reading it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
        const text = canonicalJson(value);

        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });
});

describe('writeCanonicalJson', () => {
  it('hands a big document out in pieces', () => {
    const value = Array.from({ length: 50_000 }, (_, index) => index);
    const chunks: string[] = [];

    writeCanonicalJson(value, (chunk) => chunks.push(chunk));

    expect(chunks.length).toBeGreaterThan(3);
    expect(chunks.join('')).toBe(JSON.stringify(value));
  });
});
