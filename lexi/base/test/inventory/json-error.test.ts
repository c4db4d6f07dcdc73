import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { locateJsonError } from '../../src/inventory/json-error.ts';

describe('locateJsonError', () => {
  it.each([
    ['', 1, 1, true],
    ['{"a": [1, 2', 1, 12, true],
    ['{"a": tru', 1, 7, true],
    ['{"a": "b', 1, 9, true],
    ['{"a": "b\\u00', 1, 9, true],
    ['{\n  "a": 1,\n}', 3, 1, false],
    ['[1, 2,, 3]', 1, 7, false],
    ["{'a': 1}", 1, 2, false],
    ['{"a" 1}', 1, 6, false],
    ['[1] [2]', 1, 5, false],
    ['[01]', 1, 2, false],
    ['{"a": "line\nbreak"}', 1, 12, false],
    ['{"a": NaN}', 1, 7, false],
  ])('finds the place in %j', (text, line, column, ended) => {
    expect(locateJsonError(text)).toMatchObject({ line, column, ended });
  });

  it('takes every beginning of a JSON text for one that was cut off', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (text, at) => {
        const cut = text.slice(0, at % text.length);
        let whole = true;
        try {
          JSON.parse(cut);
        } catch {
          whole = false;
        }
        if (!whole) expect(locateJsonError(cut).ended).toBe(true);
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});
