/**
 * How Python reads text, where a verdict of Nova depends on it: `int()`, `float()`, `str.split()`, string order,
 * and oslo's `bool_from_string`.
 */

const digits = String.raw`\d+(?:_\d+)*`;
const integer = new RegExp(`^\\s*[+-]?${digits}\\s*$`);
const decimal = new RegExp(
  `^\\s*[+-]?(?:${digits}\\.?(?:${digits})?|\\.${digits})(?:[eE][+-]?${digits})?\\s*$`,
);
const infinite = /^\s*([+-]?)inf(?:inity)?\s*$/i;
const notANumber = /^\s*[+-]?nan\s*$/i;
const trueWords: ReadonlySet<string> = new Set(['1', 't', 'true', 'on', 'y', 'yes']);

/** `int(text)`; undefined where Python raises ValueError. */
export function pythonInt(text: string): number | undefined {
  return integer.test(text) ? Number(text.replaceAll('_', '')) : undefined;
}

/** `float(text)`; undefined where Python raises ValueError. `"1_0"`, `".5"`, `"inf"` are numbers, `"0x10"` is not. */
export function pythonFloat(text: string): number | undefined {
  if (decimal.test(text)) return Number(text.replaceAll('_', ''));
  if (notANumber.test(text)) return Number.NaN;
  const sign = infinite.exec(text)?.[1];
  if (sign === undefined) return undefined;
  return sign === '-' ? -Infinity : Infinity;
}

/** oslo.utils `strutils.bool_from_string`, not strict: whatever is not a word for yes is no. */
export function isTrueText(text: string | undefined): boolean {
  return text !== undefined && trueWords.has(text.trim().toLowerCase());
}

/** `text.split()`. */
export function pythonWords(text: string): string[] {
  const trimmed = text.trim();
  return trimmed === '' ? [] : trimmed.split(/\s+/);
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
