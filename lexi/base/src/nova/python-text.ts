/**
 * Text as Python reads and compares it: what `int()`, `float()`, `strip()` and `split()` take, string order, and
 * oslo's `bool_from_string`. Python takes digits of every script, and its blanks are not quite those of JavaScript.
 */

/** `str.isspace()`: information separators and NEL count, the byte order mark does not. */
const blank = String.raw`[\t-\r\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]`;
const blanks = new RegExp(`${blank}+`, 'u');
const leadingBlanks = new RegExp(`^${blank}+`, 'u');
const trailingBlanks = new RegExp(`${blank}+$`, 'u');
/** Around a number Python skips fewer of them: no information separators. */
const separator = /[\u001c-\u001f]/u;
const foreignDigit = /(?![0-9])\p{Nd}/gu;

const digits = String.raw`\d+(?:_\d+)*`;
const integer = new RegExp(`^[+-]?${digits}$`);
const decimal = new RegExp(`^[+-]?(?:${digits}\\.?(?:${digits})?|\\.${digits})(?:[eE][+-]?${digits})?$`);
const infinite = /^([+-]?)inf(?:inity)?$/i;
const notANumber = /^[+-]?nan$/i;
const trueWords: ReadonlySet<string> = new Set(['1', 't', 'true', 'on', 'y', 'yes']);

/** `int(text)`; undefined where Python raises ValueError. */
export function pythonInt(text: string): number | undefined {
  const plain = numberText(text);
  return integer.test(plain) ? Number(plain.replaceAll('_', '')) : undefined;
}

/** `float(text)`; undefined where Python raises ValueError. `"1_0"`, `".5"`, `"inf"` are numbers, `"0x10"` is not. */
export function pythonFloat(text: string): number | undefined {
  const plain = numberText(text);
  if (decimal.test(plain)) return Number(plain.replaceAll('_', ''));
  if (notANumber.test(plain)) return Number.NaN;
  const sign = infinite.exec(plain)?.[1];
  if (sign === undefined) return undefined;
  return sign === '-' ? -Infinity : Infinity;
}

/** oslo.utils `strutils.bool_from_string`, not strict: whatever is not a word for yes is no. */
export function isTrueText(text: string | undefined): boolean {
  return text !== undefined && trueWords.has(pythonStrip(text).toLowerCase());
}

/** `text.strip()`. */
export function pythonStrip(text: string): string {
  return text.replace(leadingBlanks, '').replace(trailingBlanks, '');
}

/** `text.split()`. */
export function pythonWords(text: string): string[] {
  const stripped = pythonStrip(text);
  return stripped === '' ? [] : stripped.split(blanks);
}

/** The text with decimal digits of all scripts as 0 to 9. */
export function asciiDigits(text: string): string {
  return text.replace(foreignDigit, digitValue);
}

/** Order of Python strings, by code point: negative, zero or positive. */
export function compareCodePoints(a: string, b: string): number {
  const left = Array.from(a);
  const right = Array.from(b);
  for (const [i, char] of left.entries()) {
    const other = right[i];
    if (other === undefined) return 1;
    const difference = (char.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** What `int()` and `float()` parse of a text. */
function numberText(text: string): string {
  return separator.test(text) ? text : asciiDigits(pythonStrip(text));
}

/** Unicode keeps the digits of a script together, zero first; runs of several alphabets can follow each other. */
function digitValue(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (/^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero--;
  return String((code - zero) % 10);
}
