import { type Diagnostic, InputError } from '../shared/diagnostic.ts';
import { locateJsonError } from './json-error.ts';

const surrogateEscape = /\\u[dD][89a-fA-F]/;

/**
 * The value of a JSON text. Throws an `InputError` with line and column where it is none. Halves of surrogate
 * pairs become U+FFFD, since no canonical text can hold them.
 */
export function parseJson(content: string, source: string): unknown {
  const text = content.startsWith('\uFEFF') ? content.slice(1) : content;
  try {
    const value: unknown = JSON.parse(text);
    return surrogateEscape.test(text) ? mend(value) : value;
  } catch (error) {
    if (error instanceof SyntaxError) throw new InputError([notJson(text, source)]);
    throw error;
  }
}

function notJson(text: string, source: string): Diagnostic {
  const { line, column, offset, expected, ended } = locateJsonError(text);
  return {
    code: 'inventory.not-json',
    severity: 'error',
    summary: ended
      ? `the text ends at line ${line} column ${column} (character ${offset}) in the middle of a value`
      : `line ${line} column ${column} (character ${offset}) is not JSON: expected ${expected}`,
    source,
    hint: ended ? 'the file was cut off: write or copy it again' : 'the file is not JSON, or was damaged',
  };
}

/** Replaces lone halves in place. Without recursion: the value comes from a stranger and may be deep. */
function mend(root: unknown): unknown {
  const holder: unknown[] = [root];
  const left: object[] = [holder];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    for (const name of Object.keys(next)) {
      const member: unknown = Reflect.get(next, name);
      const mended: unknown = typeof member === 'string' ? wellFormed(member) : member;
      if (wellFormed(name) !== name) Reflect.deleteProperty(next, name);
      Reflect.defineProperty(next, wellFormed(name), {
        value: mended,
        enumerable: true,
        writable: true,
        configurable: true,
      });
      if (typeof member === 'object' && member !== null) left.push(member);
    }
  }
  return holder[0];
}

const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, '\uFFFD');
