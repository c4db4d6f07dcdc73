import { compareCodePoints, pythonFloat, pythonWords } from './python-text.ts';

/** `yes`, `no`, or the exception that Nova raises on the way; a scheduler filter that raises refuses the host. */
export type OperatorVerdict = 'yes' | 'no' | 'ValueError' | 'IndexError';

const numeric: ReadonlyMap<string, (value: number, wanted: number) => boolean> = new Map([
  ['=', (value: number, wanted: number) => value >= wanted],
  ['==', (value: number, wanted: number) => value === wanted],
  ['!=', (value: number, wanted: number) => value !== wanted],
  ['>=', (value: number, wanted: number) => value >= wanted],
  ['<=', (value: number, wanted: number) => value <= wanted],
]);

const textual: ReadonlyMap<string, (order: number) => boolean> = new Map([
  ['s==', (order: number) => order === 0],
  ['s!=', (order: number) => order !== 0],
  ['s<', (order: number) => order < 0],
  ['s<=', (order: number) => order <= 0],
  ['s>', (order: number) => order > 0],
  ['s>=', (order: number) => order >= 0],
]);

/**
 * Whether `value` meets `requirement`, an extra spec such as `>= 5`, `<in> aes`, `<or> a <or> b` or plain text.
 *
 * `=` means at least. Without an operator the texts must be equal. Words after the first are ignored, except by
 * `<all-in>` and `<or>`. Source: `scheduler/filters/extra_specs_ops.py:match`.
 */
export function matchExtraSpec(value: string, requirement: string): OperatorVerdict {
  const [operator, ...words] = pythonWords(requirement);
  if (operator === '<or>') return matchAny(value, words);
  const first = words[0];
  if (operator === '<all-in>')
    return yesOrNo(first !== undefined && words.every((word) => value.includes(word)));
  if (operator === '<in>') return yesOrNo(first !== undefined && value.includes(first));
  const compareNumbers = numeric.get(operator ?? '');
  if (compareNumbers !== undefined) {
    if (first === undefined) return 'no';
    const left = pythonFloat(value);
    const right = pythonFloat(first);
    return left === undefined || right === undefined ? 'ValueError' : yesOrNo(compareNumbers(left, right));
  }
  const compareTexts = textual.get(operator ?? '');
  if (compareTexts === undefined) return yesOrNo(value === requirement);
  return yesOrNo(first !== undefined && compareTexts(compareCodePoints(value, first)));
}

/** Every second word is a value; what stands between is not looked at. */
function matchAny(value: string, words: readonly string[]): OperatorVerdict {
  if (words.length === 0) return 'IndexError';
  return yesOrNo(words.some((word, index) => index % 2 === 0 && word === value));
}

function yesOrNo(holds: boolean): OperatorVerdict {
  return holds ? 'yes' : 'no';
}
