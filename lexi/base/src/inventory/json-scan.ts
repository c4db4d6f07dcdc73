import type { Diagnostic } from '../shared/diagnostic.ts';
import { limits } from './limits.ts';

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const backslash = 0x5c;
const openList = 0x5b;
const closeList = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/** What is open at one depth. */
interface Frame {
  readonly list: boolean;
  /** Colons of an object, commas of a list. */
  separators: number;
}

/**
 * Whether a JSON text is too deep, or holds too much, to be worth parsing: says so in a fraction of the time that
 * parsing takes. Looks at brackets, colons and commas alone; whether it is JSON at all is for the parser to say.
 */
export function scanJson(bytes: Uint8Array, source: string): Diagnostic | undefined {
  const open: Frame[] = [];
  let containers = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === quote) at = endOfText(bytes, at);
    else if (byte === openObject || byte === openList) {
      open.push({ list: byte === openList, separators: 0 });
      containers += 1;
      if (open.length > limits.depth) return tooDeep(source, at);
      if (containers > limits.containers) {
        return tooMuch(source, at, 'more objects and lists than an inventory holds', limits.containers);
      }
    } else if (byte === closeObject || byte === closeList) open.pop();
    else if (byte === colon || byte === comma) {
      const excess = countSeparator(open, byte);
      if (excess !== undefined) return tooMuch(source, at, excess.what, excess.limit);
    }
  }
  return undefined;
}

function countSeparator(open: readonly Frame[], byte: number) {
  const frame = open.at(-1);
  if (frame === undefined || frame.list !== (byte === comma)) return undefined;
  frame.separators += 1;
  const limit = mostIn(frame, open.length);
  if (frame.separators < limit) return undefined;
  return { what: frame.list ? 'a list has too many items' : 'an object has too many members', limit };
}

/** The longest list of a document is that of its servers, at depth 2. */
function mostIn({ list }: Frame, depth: number): number {
  if (list && depth === 2) return limits.servers;
  return depth === 1 ? limits.outermostMembers : limits.members;
}

/** The position of the quote that ends the text which begins at another. */
function endOfText(bytes: Uint8Array, from: number): number {
  let end = bytes.indexOf(quote, from + 1);
  while (end !== -1 && isEscaped(bytes, end)) end = bytes.indexOf(quote, end + 1);
  return end === -1 ? bytes.length : end;
}

function isEscaped(bytes: Uint8Array, at: number): boolean {
  let before = at - 1;
  while (bytes[before] === backslash) before -= 1;
  return (at - before) % 2 === 0;
}

const tooDeep = (source: string, at: number): Diagnostic => ({
  code: 'inventory.too-deep',
  severity: 'error',
  summary: `at byte ${at} values are nested more than ${limits.depth} deep: this is no inventory`,
  source,
  limit: limits.depth,
});

const tooMuch = (source: string, at: number, what: string, limit: number): Diagnostic => ({
  code: 'inventory.too-large',
  severity: 'error',
  summary: `at byte ${at}: ${what}`,
  source,
  limit,
  hint: 'import one region or Nova cell at a time',
});
