/** Where a text stops being JSON. */
export interface JsonError {
  /** From 0, in characters of the text. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** What could have stood there. */
  readonly expected: string;
  /** True when the text is the beginning of a JSON text: it was cut off. */
  readonly ended: boolean;
}

/** What may come next. */
type Want = 'value' | 'value or ]' | 'name or }' | 'name' | ':' | ', or the closing bracket' | 'nothing more';

const space = /[ \t\r\n]*/y;
const literal = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
const beginning =
  /^(?:t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?|-?\d*\.?\d*(?:[eE][+-]?\d*)?|\\(?:u[0-9a-fA-F]{0,3})?)$/;
const plainText = /[^"\\\u0000-\u001F]*/y;
const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/**
 * The first place at which a text that `JSON.parse` refuses is no JSON. The engine's own message names it only
 * sometimes, and differently from version to version. Reads token by token, so no nesting is too deep for it.
 */
export function locateJsonError(text: string): JsonError {
  const scanner = { text, at: 0 };
  const open: Open = [];
  let want: Want = 'value';
  for (;;) {
    skip(scanner, space);
    const next: Want | undefined = steps[want](scanner, text.charAt(scanner.at), open);
    if (next === undefined) return errorAt(scanner, want);
    want = next;
  }
}

interface Scanner {
  readonly text: string;
  at: number;
}

type Open = ('{' | '[')[];

/** Reads one token and says what may follow it; `undefined` where there is an error. */
type Step = (scanner: Scanner, character: string, open: Open) => Want | undefined;

const steps: Readonly<Record<Want, Step>> = {
  value,
  'value or ]': (scanner, character, open) =>
    character === ']' ? close(scanner, open) : value(scanner, character, open),
  'name or }': (scanner, character, open) =>
    character === '}' ? close(scanner, open) : memberName(scanner, character),
  name: memberName,
  ':': (scanner) => (take(scanner, ':') ? 'value' : undefined),
  ', or the closing bracket': (scanner, character, open) => {
    const inObject = open.at(-1) === '{';
    if (character === (inObject ? '}' : ']')) return close(scanner, open);
    if (!take(scanner, ',')) return undefined;
    return inObject ? 'name' : 'value';
  },
  'nothing more': () => undefined,
};

function memberName(scanner: Scanner, character: string): Want | undefined {
  return character === '"' && quoted(scanner) ? ':' : undefined;
}

function value(scanner: Scanner, character: string, open: Open): Want | undefined {
  if (character === '{' || character === '[') {
    open.push(character);
    scanner.at += 1;
    return character === '{' ? 'name or }' : 'value or ]';
  }
  const whole = character === '"' ? quoted(scanner) : skip(scanner, literal);
  return whole ? afterValue(open) : undefined;
}

function close(scanner: Scanner, open: Open): Want {
  open.pop();
  scanner.at += 1;
  return afterValue(open);
}

const afterValue = (open: readonly unknown[]): Want =>
  open.length === 0 ? 'nothing more' : ', or the closing bracket';

function quoted(scanner: Scanner): boolean {
  scanner.at += 1;
  do skip(scanner, plainText);
  while (skip(scanner, escaped));
  return take(scanner, '"');
}

function take(scanner: Scanner, character: string): boolean {
  if (scanner.text.charAt(scanner.at) !== character) return false;
  scanner.at += 1;
  return true;
}

function skip(scanner: Scanner, token: RegExp): boolean {
  token.lastIndex = scanner.at;
  if (!token.test(scanner.text)) return false;
  scanner.at = token.lastIndex;
  return true;
}

function errorAt({ text, at }: Scanner, want: Want): JsonError {
  let line = 1;
  let lineStart = 0;
  for (let end = text.indexOf('\n'); end !== -1 && end < at; end = text.indexOf('\n', end + 1)) {
    line += 1;
    lineStart = end + 1;
  }
  const cutInLiteral = text.length - at < 32 && beginning.test(text.slice(at));
  return {
    offset: at,
    line,
    column: at - lineStart + 1,
    expected: want,
    ended: want !== 'nothing more' && (at >= text.length || cutInLiteral),
  };
}
