import { expect, it } from 'vitest';
import { pythonJson, pythonText } from '../../src/nova/python-repr.ts';
import { isTrueText, pythonFloat, pythonInt, pythonStrip, pythonWords } from '../../src/nova/python-text.ts';

it.each([
  [' 2\n', 2],
  ['\u00a02', 2],
  ['\u0662\u0660', 20],
  ['\u{1d7d8}\u{1d7d9}', 1],
  ['1_0', 10],
  ['-03', -3],
  ['\u001f2', undefined],
  ['\ufeff2', undefined],
  ['2__0', undefined],
  ['\u00b2', undefined],
  ['', undefined],
] as const)('reads %j as the integer %s', (text, number) => {
  expect(pythonInt(text)).toBe(number);
});

it.each([
  ['\u0661e\u0661', 10],
  ['-Infinity', -Infinity],
  ['1e400', Infinity],
  ['5.', 5],
  ['1__0', undefined],
] as const)('reads %j as the float %s', (text, number) => {
  expect(pythonFloat(text)).toBe(number);
});

it('splits and strips at the blanks of Python', () => {
  expect(pythonWords(' s<\u001fb\u0085c\u3000d\ufeffe ')).toEqual(['s<', 'b', 'c', 'd\ufeffe']);
  expect(pythonWords('\u2003')).toEqual([]);
  expect(pythonStrip('\u001c x\u00a0')).toBe('x');
  expect(isTrueText('\u00a0Yes ')).toBe(true);
});

it.each([
  ['2', '2'],
  ['2.0', '2.0'],
  ['1e3', '1000.0'],
  ['1e16', '1e+16'],
  ['1.5e-5', '1.5e-05'],
  ['0.00012', '0.00012'],
  ['-0', '0'],
  ['-0.0', '-0.0'],
  ['12345678901234567890', '12345678901234567890'],
  ['[1, 2.50, null, true, "a\'b", "1"]', "[1, 2.5, None, True, \"a'b\", '1']"],
  ['{"a": NaN, "b": {}}', "{'a': nan, 'b': {}}"],
  ['"\\u200b\\u007f\\\\ é"', '\u200b\u007f\\ é'],
  ['["\\u200b\\u007f\\\\ é\\n"]', "['\\u200b\\x7f\\\\ é\\n']"],
  ['"x"', 'x'],
  ['[-Infinity]', '[-inf]'],
])('writes the JSON text %s as %s', (json, text) => {
  expect(pythonText(pythonJson(json))).toBe(text);
});

it.each(['', '{', '01', '1.', "{'a': 1}", '[1,]'])('takes %j for no JSON', (text) => {
  expect(pythonJson(text)).toBeUndefined();
});
